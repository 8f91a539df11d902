// Memory and layouts of every backend: what is uploaded comes back, whatever
// lies in between.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "common/errors.hpp"
#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"
#include "tests/chapters/04_cpu_cnn/layer_references.hpp"
#include "tests/chapters/04_cpu_cnn/on_backend.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

const std::vector<Shape> kShapes{{1, 1, 1, 1},  {3, 1, 5, 4},  {2, 3, 7, 5},
                                 {2, 7, 3, 4},  {3, 8, 2, 2},  {2, 13, 4, 3},
                                 {1, 40, 3, 5}, {5, 33, 1, 1}, {2, 17, 1, 3}};

using BackendMemory = BackendTest;
using BackendActivations = BackendTest;
using BackendGather = BackendTest;

TEST_P(BackendMemory, SaysWhatItIs) {
  EXPECT_FALSE(subject->description().empty());
}

TEST_P(BackendMemory, IsZeroAlignedAndCounted) {
  OnBackend on(*subject);
  const std::int64_t before = subject->allocated_bytes();
  const Array array = subject->allocate(77);
  const ByteArray bytes = subject->allocate_bytes(3);
  EXPECT_EQ(subject->allocated_bytes() - before, 77 * 4 + 3);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(array) % 64, 0U);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes) % 64, 0U);
  EXPECT_EQ(on.read_plain(array, 77), std::vector<float>(77, 0));
  EXPECT_EQ(on.read_bytes(bytes, 3), std::vector<std::uint8_t>(3, 0));
}

TEST_P(BackendMemory, NothingCanBeHadAndNegativeSizesAreRefused) {
  const std::int64_t before = subject->allocated_bytes();
  EXPECT_NO_THROW(subject->allocate_bytes(0));
  EXPECT_EQ(subject->allocated_bytes(), before);
  EXPECT_THROW(subject->allocate(-1), InputError);
}

TEST_P(BackendMemory, ClearSetsExactlyWhatItIsTold) {
  OnBackend on(*subject);
  const Array array = on.plain({1, 2, 3, 4});
  on.backend.clear(array + 1, 2);
  EXPECT_EQ(on.read_plain(array, 4), (std::vector<float>{1, 0, 0, 4}));
}

TEST_P(BackendActivations, ComeBackAsTheyWent) {
  for (const Shape& shape : kShapes) {
    OnBackend on(*subject);
    const auto values = random_floats(count(shape), 1);
    EXPECT_EQ(on.read(shape, on.activation(shape, values)), values)
        << to_string(shape);
  }
}

TEST_P(BackendActivations, FeaturesLieWithoutGaps) {
  OnBackend on(*subject);
  const Shape shape{3, 13, 1, 1};
  EXPECT_EQ(on.backend.activation_size(shape), 39);
  const auto values = random_floats(39, 2);
  EXPECT_EQ(on.read_plain(on.activation(shape, values), 39), values);
}

TEST_P(BackendActivations, FlattenGivesFeaturesInNchwOrderAndTakesThemBack) {
  for (const Shape& shape : kShapes) {
    OnBackend on(*subject);
    const auto values = random_floats(count(shape), 3);
    const Array features = on.zeros(shape.size());
    on.backend.flatten_forward(shape, on.activation(shape, values), features);
    EXPECT_EQ(on.read_plain(features, values.size()), values);

    const Array back = on.activation(shape);
    on.backend.flatten_backward(shape, features, back);
    EXPECT_EQ(on.read(shape, back), values) << to_string(shape);
  }
}

TEST_P(BackendGather, PicksPicturesAndScalesEachChannel) {
  for (const std::int64_t channels : {1, 3}) {
    OnBackend on(*subject);
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
    EXPECT_EQ(on.read_bytes(labels, 5),
              (std::vector<std::uint8_t>{16, 10, 13, 13, 11}));
  }
}

TEST_P(BackendGather, OfMorePicturesThanTravelWithOneLaunch) {
  OnBackend on(*subject);
  const Shape shape{1100, 2, 1, 1};
  std::vector<std::uint8_t> pixels(2 * 256);
  std::iota(pixels.begin(), pixels.end(), std::uint8_t{0});
  std::vector<std::uint8_t> labels(256);
  std::iota(labels.rbegin(), labels.rend(), std::uint8_t{0});
  std::vector<std::int64_t> indices;
  for (std::int64_t n = 0; n < 1100; ++n) indices.push_back(n * 7 % 256);
  const Array batch = on.activation(shape);
  const ByteArray batch_labels = subject->allocate_bytes(1100);
  subject->gather(shape, on.bytes(pixels), on.bytes(labels), indices,
                  std::vector<float>{1, 1}, std::vector<float>{0, 1000}, batch,
                  batch_labels);
  const auto got = on.read(shape, batch);
  const auto got_labels = on.read_bytes(batch_labels, 1100);
  for (std::size_t n = 0; n < 1100; ++n) {
    const auto index = static_cast<std::size_t>(indices[n]);
    ASSERT_EQ(got[2 * n], pixels[2 * index]) << n;
    ASSERT_EQ(got[2 * n + 1], pixels[2 * index + 1] + 1000) << n;
    ASSERT_EQ(got_labels[n], labels[index]) << n;
  }
}

INSTANTIATE_TEST_SUITE_P(Every, BackendMemory,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);
INSTANTIATE_TEST_SUITE_P(Every, BackendActivations,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);
INSTANTIATE_TEST_SUITE_P(Every, BackendGather,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);

}  // namespace
