// ReLU, pooling and dropout against their definitions.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "chapters/03_blocked_gemm/isa.hpp"
#include "chapters/04_cpu_cnn/dropout_kernels.hpp"
#include "tests/chapters/04_cpu_cnn/layer_references.hpp"
#include "tests/chapters/04_cpu_cnn/on_backend.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

const DropoutKernels& dropout_kernels([[maybe_unused]] Isa isa) {
#ifdef __x86_64__
  if (isa == Isa::kAvx512) return avx512::dropout_kernels();
  if (isa == Isa::kAvx2) return avx2::dropout_kernels();
#endif
  return portable::dropout_kernels();
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

const std::vector<Shape> kShapes{{2, 3, 7, 5}, {3, 8, 5, 5}, {2, 17, 6, 9}};

TEST(BackendRelu, PassesWhatIsAboveZeroAndNan) {
  OnBackend<> on;
  const Shape shape{1, 5, 1, 1};
  const Array array = on.activation(shape, {-1, 0, 2, kNan, -0.5F});
  on.backend.relu_forward(shape, array, array);
  const auto got = on.read(shape, array);
  EXPECT_EQ(got[0], 0);
  EXPECT_EQ(got[1], 0);
  EXPECT_EQ(got[2], 2);
  EXPECT_TRUE(std::isnan(got[3]));
  EXPECT_EQ(got[4], 0);

  const Array gradient = on.plain({1, 2, 3, 4, 5});
  on.backend.relu_backward(shape, on.plain({0, 0, 2, 1, 0}), gradient,
                           gradient);
  EXPECT_EQ(on.read(shape, gradient), (std::vector<float>{0, 0, 3, 4, 0}));
}

TEST(BackendPool, MatchesTheReferenceAlsoWhereWindowsOverlapOrLeaveGaps) {
  for (const Shape& shape : kShapes) {
    for (const auto& [size, stride] :
         std::vector<std::pair<int, int>>{{2, 2}, {3, 2}, {2, 3}, {3, 1}}) {
      OnBackend<> on;
      const PoolGeometry pool{shape, size, stride};
      const auto x = random_floats(count(shape), 1);
      const auto g = random_floats(count(pool.output()), 2);
      const Array input = on.activation(shape, x);
      const Array gradient = on.activation(pool.output(), g);
      const Array output = on.activation(pool.output());
      const Array input_gradient = on.activation(shape);

      on.backend.max_pool_forward(pool, input, output);
      EXPECT_EQ(doubles(on.read(pool.output(), output)),
                max_pool(pool, doubles(x)));
      on.backend.max_pool_backward(pool, input, output, gradient,
                                   input_gradient);
      EXPECT_TRUE(compare(on.read(shape, input_gradient),
                          max_pool_gradient(pool, doubles(x), doubles(g)),
                          size * size)
                      .passed());

      on.backend.average_pool_forward(pool, input, output);
      EXPECT_TRUE(compare(on.read(pool.output(), output),
                          average_pool(pool, doubles(x)), size * size + 2)
                      .passed());
      on.backend.average_pool_backward(pool, gradient, input_gradient);
      EXPECT_TRUE(compare(on.read(shape, input_gradient),
                          average_pool_gradient(pool, doubles(g)),
                          size * size + 2)
                      .passed());
    }
  }
}

TEST(BackendPool, OfEqualsTheFirstGetsTheGradient) {
  OnBackend<> on;
  const PoolGeometry pool{{1, 1, 2, 2}, 2, 2};
  const Array input = on.activation(pool.input, {3, 5, 5, 5});
  const Array output = on.activation(pool.output());
  on.backend.max_pool_forward(pool, input, output);
  const Array gradient = on.activation(pool.input);
  on.backend.max_pool_backward(pool, input, output, on.plain({2}), gradient);
  EXPECT_EQ(on.read(pool.input, gradient), (std::vector<float>{0, 2, 0, 0}));
}

TEST(BackendPool, NanWinsWhereverItStands) {
  for (std::size_t place = 0; place < 4; ++place) {
    OnBackend<> on;
    const PoolGeometry pool{{1, 1, 2, 2}, 2, 2};
    std::vector<float> x{1, 2, 3, 4};
    x[place] = kNan;
    const Array output = on.activation(pool.output());
    on.backend.max_pool_forward(pool, on.activation(pool.input, x), output);
    EXPECT_TRUE(std::isnan(on.read(pool.output(), output)[0]));
  }
}

TEST(BackendDropout, KeepsWhatTheRandomNumbersOfNchwOrderSay) {
  const DropoutNumbers numbers{
      .seed = 5, .stream = 9, .step = 3, .probability = 0.3F};
  for (const Shape& shape : {Shape{3, 5, 7, 3}, Shape{2, 20, 9, 5},
                             Shape{7, 513, 1, 1}, Shape{64, 1568, 1, 1}}) {
    OnBackend<> on;
    const auto x = random_floats(count(shape), 4, 0.5F, 1);
    const Array array = on.activation(shape, x);
    on.backend.dropout_forward(shape, numbers, array, array);
    const auto got = on.read(shape, array);
    const Random random(5, 9);
    std::int64_t wrong = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      const bool kept = random.uniform(3 * got.size() + i) >= 0.3F;
      wrong += got[i] != (kept ? x[i] * (1 / (1 - 0.3F)) : 0);
    }
    EXPECT_EQ(wrong, 0) << to_string(shape);

    // The way back: the same mask and the same scale.
    const Array back = on.activation(shape, x);
    on.backend.dropout_backward(shape, numbers, back, back);
    EXPECT_EQ(on.read(shape, back), got);
  }
}

TEST(BackendDropout, CountsBeyond32Bits) {
  // Philox blocks on both sides of number 2^32, in the midst of a piece.
  const Shape shape{1, 9999, 1, 1};
  const std::uint64_t step = (std::uint64_t{1} << 34) / 9999;
  OnBackend<> on;
  const std::vector<float> ones(count(shape), 1.0F);
  const Array array = on.activation(shape, ones);
  on.backend.dropout_forward(shape, {5, 9, step, 0.5F}, array, array);
  const auto got = on.read(shape, array);
  const Random random(5, 9);
  std::int64_t wrong = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const bool kept = random.uniform(step * 9999 + i) >= 0.5F;
    wrong += got[i] != (kept ? 2.0F : 0.0F);
  }
  EXPECT_EQ(wrong, 0);
}

TEST(BackendDropout, AllInstructionSetsDropTheSame) {
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

TEST(BackendDropout, KeepsTheMeanAndAnotherStepDropsOthers) {
  OnBackend<> on;
  const Shape shape{100, 1000, 1, 1};
  const std::vector<float> ones(count(shape), 1.0F);
  const auto dropped = [&](std::uint64_t step) {
    const Array array = on.activation(shape, ones);
    on.backend.dropout_forward(shape, {1, 2, step, 0.4F}, array, array);
    return on.read(shape, array);
  };
  const auto first = dropped(0);
  double mean = 0;
  for (const float x : first) mean += x;
  mean /= 1e5;
  // Five deviations of a mean of 1e5 numbers that are 0 or 1 / 0.6.
  EXPECT_NEAR(mean, 1, 5 * std::sqrt(0.4 / 0.6 / 1e5));
  EXPECT_NE(first, dropped(1));
  EXPECT_EQ(first, dropped(0));
}

TEST(BackendDropout, OfNothingKeepsAll) {
  OnBackend<> on;
  const Shape shape{2, 3, 4, 5};
  const auto x = random_floats(count(shape), 6);
  const Array output = on.activation(shape);
  on.backend.dropout_forward(shape, {}, on.activation(shape, x), output);
  EXPECT_EQ(on.read(shape, output), x);
}

}  // namespace
