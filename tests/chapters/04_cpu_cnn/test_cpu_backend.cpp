// What is true of the CPU backend only.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "chapters/03_blocked_gemm/isa.hpp"
#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/dropout_kernels.hpp"
#include "common/errors.hpp"
#include "common/random.hpp"

namespace {

using namespace cnn;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

constexpr ConvolutionMethod kMethods[]{
    ConvolutionMethod::kLoops, ConvolutionMethod::kIm2col,
    ConvolutionMethod::kImplicitGemm, ConvolutionMethod::kDirect};

TEST(CpuBackend, NeedsAThread) {
  EXPECT_THROW(make_cpu_backend(0), InputError);
}

TEST(CpuBackend, OnlyTheDirectConvolutionFuses) {
  const ConvolutionGeometry g{2, 3, 8, 8, 16, 3, 3, 1, 1};
  for (const auto method : kMethods) {
    const CpuBackend backend(1, method);
    EXPECT_EQ(backend.fuses(ConvolutionBlock{g, true, 2}),
              method == ConvolutionMethod::kDirect);
  }
}

TEST(CpuBackend, RefusesAConvolutionThatWasNotReserved) {
  for (const auto method : kMethods) {
    CpuBackend backend(1, method);
    EXPECT_THROW(
        backend.convolution_forward({{1, 1, 4, 4, 1, 3, 3, 1, 0}}, nullptr,
                                    nullptr, nullptr, nullptr, nullptr),
        std::logic_error);
  }
}

const DropoutKernels& dropout_kernels([[maybe_unused]] Isa isa) {
#ifdef __x86_64__
  if (isa == Isa::kAvx512) return avx512::dropout_kernels();
  if (isa == Isa::kAvx2) return avx2::dropout_kernels();
#endif
  return portable::dropout_kernels();
}

TEST(CpuBackend, DropsTheSameWithAllInstructionSets) {
  const std::vector<float> ones(1000, 1.0F);
  for (const Isa isa : supported_isas()) {
    std::vector<float> got(ones.size(), kNan);
    const std::uint64_t seed = 0x123456789ABCDEF0;
    const std::uint64_t stream = 0xFEDCBA9876543210;
    const std::uint64_t block = 0x700000003;
    const std::int64_t done = dropout_kernels(isa).drop(
        {seed, stream, block, 1U << 31, 3.0F, 1000, ones.data(), got.data()});
    ASSERT_GT(done, 1000 - 32) << name_of(isa);
    const Random random(seed, stream);
    for (std::int64_t i = 0; i < 1000; ++i) {
      const auto bits = random.bits(4 * block + static_cast<std::uint64_t>(i));
      const float value = got[static_cast<std::size_t>(i)];
      if (i >= done) {
        EXPECT_TRUE(std::isnan(value)) << name_of(isa) << " at " << i;
      } else {
        EXPECT_EQ(value, bits >= 1U << 31 ? 3 : 0) << name_of(isa) << i;
      }
    }
  }
}

}  // namespace
