// Memory and layouts: what is uploaded comes back, whatever lies in between.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "common/errors.hpp"
#include "tests/chapters/04_cpu_cnn/layer_references.hpp"
#include "tests/chapters/04_cpu_cnn/on_backend.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

const std::vector<Shape> kShapes{{1, 1, 1, 1},  {3, 1, 5, 4},  {2, 3, 7, 5},
                                 {2, 7, 3, 4},  {3, 8, 2, 2},  {2, 13, 4, 3},
                                 {1, 40, 3, 5}, {5, 33, 1, 1}, {2, 17, 1, 3}};

TEST(BackendMemory, IsZeroAlignedAndCounted) {
  CpuBackend backend(1, ConvolutionMethod::kDirect);
  const std::int64_t before = backend.allocated_bytes();
  const Array array = backend.allocate(77);
  EXPECT_EQ(backend.allocated_bytes() - before, 77 * 4);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(array) % 64, 0U);
  EXPECT_TRUE(std::all_of(array, array + 77, [](float x) { return x == 0; }));
}

TEST(BackendMemory, NoThreadsAndNegativeSizesAreRefused) {
  EXPECT_THROW(make_cpu_backend(0), InputError);
  EXPECT_THROW(make_cpu_backend(1)->allocate(-1), InputError);
}

TEST(BackendMemory, ClearSetsExactlyWhatItIsTold) {
  OnBackend<> on;
  const Array array = on.plain({1, 2, 3, 4});
  on.backend.clear(array + 1, 2);
  EXPECT_EQ(on.read_plain(array, 4), (std::vector<float>{1, 0, 0, 4}));
}

TEST(BackendActivations, ComeBackAsTheyWent) {
  for (const Shape& shape : kShapes) {
    OnBackend<> on;
    const auto values = random_floats(count(shape), 1);
    EXPECT_EQ(on.read(shape, on.activation(shape, values)), values)
        << to_string(shape);
  }
}

TEST(BackendActivations, FeaturesLieWithoutGaps) {
  OnBackend<> on;
  const Shape shape{3, 13, 1, 1};
  EXPECT_EQ(on.backend.activation_size(shape), 39);
  const auto values = random_floats(39, 2);
  EXPECT_EQ(on.read_plain(on.activation(shape, values), 39), values);
}

TEST(BackendActivations, FlattenGivesFeaturesInNchwOrderAndTakesThemBack) {
  for (const Shape& shape : kShapes) {
    OnBackend<> on;
    const auto values = random_floats(count(shape), 3);
    const Array features = on.zeros(shape.size());
    on.backend.flatten_forward(shape, on.activation(shape, values), features);
    EXPECT_EQ(on.read_plain(features, values.size()), values);

    const Array back = on.activation(shape);
    on.backend.flatten_backward(shape, features, back);
    EXPECT_EQ(on.read(shape, back), values) << to_string(shape);
  }
}

TEST(BackendGather, PicksPicturesAndScalesEachChannel) {
  for (const std::int64_t channels : {1, 3}) {
    OnBackend<> on;
    const Shape shape{5, channels, 4, 3};
    const auto area = static_cast<std::size_t>(channels) * 12;
    std::vector<std::uint8_t> pixels(7 * area);
    std::iota(pixels.begin(), pixels.end(), std::uint8_t{3});
    const std::vector<std::int64_t> indices{6, 0, 3, 3, 1};
    const std::vector<float> scale{0.5F, 2, -1};
    const std::vector<float> shift{1, -0.25F, 3};
    const Array batch = on.activation(shape);
    const ByteArray labels = on.backend.allocate_bytes(5);
    on.backend.gather(shape, on.bytes(pixels),
                      on.bytes({10, 11, 12, 13, 14, 15, 16}), indices, scale,
                      shift, batch, labels);

    const auto got = on.read(shape, batch);
    for (std::size_t i = 0; i < got.size(); ++i) {
      const auto from = static_cast<std::size_t>(indices[i / area]) * area;
      const std::size_t c = i % area / 12;
      EXPECT_EQ(got[i], static_cast<float>(pixels[from + i % area]) * scale[c] +
                            shift[c]);
    }
    EXPECT_EQ(std::vector<int>(labels, labels + 5),
              (std::vector<int>{16, 10, 13, 13, 11}));
  }
}

}  // namespace
