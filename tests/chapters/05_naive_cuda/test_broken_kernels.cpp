// The comparisons of the contract, turned on kernels that break it.
#include <gtest/gtest.h>

#include "chapters/05_naive_cuda/device.hpp"
#include "tests/chapters/04_cpu_cnn/batch_norm_contract.hpp"
#include "tests/chapters/04_cpu_cnn/convolution_contract.hpp"
#include "tests/chapters/04_cpu_cnn/pooling_contract.hpp"
#include "tests/chapters/05_naive_cuda/broken_backend.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

class BrokenKernels : public testing::TestWithParam<Device> {
 protected:
  void SetUp() override {
    if (!why_not(GetParam()).empty()) GTEST_SKIP() << why_not(GetParam());
  }

  static std::unique_ptr<Backend> make(Mistake mistake) {
#ifdef COURSE_HAS_CUDA
    if (GetParam() == Device::kGpu) return make_broken_backend_on_gpu(mistake);
#endif
#ifdef COURSE_HAS_SIMT
    if (GetParam() == Device::kEmulator) {
      return make_broken_backend_emulated(mistake);
    }
#endif
    return nullptr;
  }

  /// All that the contract has to say of convolutions.
  static std::string of_convolution(Mistake mistake) {
    return complaints(*make(mistake),
                      ConvolutionBlock{{3, 3, 9, 6, 4, 3, 2, 2, 1}});
  }
  static std::string of_pooling(Mistake mistake) {
    return complaints(*make(mistake), PoolGeometry{{2, 3, 6, 8}, 2, 2});
  }
  static std::string of_batch_norm(Mistake mistake) {
    return complaints(*make(mistake), BatchNormCase{{{3, 2, 5, 3}}, 0, true});
  }
};

/// Which results are complained about: "output, bias gradient".
std::string subjects(const std::string& complaints) {
  std::string all;
  for (std::size_t at = 0; at < complaints.size();) {
    if (!all.empty()) all += ", ";
    all += complaints.substr(at, complaints.find(':', at) - at);
    at = complaints.find('\n', at) + 1;
  }
  return all;
}

TEST_P(BrokenKernels, WithoutAMistakePass) {
  EXPECT_EQ(of_convolution(Mistake::kNone), "");
  EXPECT_EQ(of_pooling(Mistake::kNone), "");
  EXPECT_EQ(of_batch_norm(Mistake::kNone), "");
}

TEST_P(BrokenKernels, OfConvolutionAreCaught) {
  for (const Mistake mistake :
       {Mistake::kHaloOffByOne, Mistake::kSwappedSides,
        Mistake::kForgottenStride, Mistake::kRaggedBlockMissing,
        Mistake::kAllZeros, Mistake::kNan}) {
    EXPECT_EQ(subjects(of_convolution(mistake)), "output")
        << static_cast<int>(mistake);
  }
  EXPECT_EQ(subjects(of_convolution(Mistake::kNoBiasGradient)),
            "bias gradient");
}

TEST_P(BrokenKernels, OfPoolingAreCaught) {
  EXPECT_EQ(subjects(of_pooling(Mistake::kLastMaximumWins)),
            "gradient of the maximum");
}

TEST_P(BrokenKernels, OfBatchNormalisationAreCaught) {
  EXPECT_EQ(subjects(of_batch_norm(Mistake::kMomentumOtherWay)),
            "running mean, running variance");
}

INSTANTIATE_TEST_SUITE_P(Every, BrokenKernels,
                         testing::Values(Device::kGpu, Device::kEmulator),
                         [](const auto& each) {
                           return each.param == Device::kGpu ? "Gpu"
                                                             : "Emulator";
                         });

}  // namespace
