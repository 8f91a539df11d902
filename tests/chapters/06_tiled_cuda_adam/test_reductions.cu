// Sums over warps and blocks, and the operations of chapter 6 that are nothing
// but them or go element by element: at sizes that fill no warp, no group of
// four and no slice. What every backend promises is in the contract.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <vector>

#include "chapters/06_tiled_cuda_adam/block_sum.cuh"
#include "chapters/06_tiled_cuda_adam/moments.cuh"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"
#include "common/cuda/launch.cuh"
#include "tests/chapters/04_cpu_cnn/batch_norm_contract.hpp"
#include "tests/chapters/04_cpu_cnn/pooling_contract.hpp"
#include "tests/common/simt/on_device.hpp"

namespace cnn::test {
inline namespace CNN_GPU {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

class Reductions : public OnDevice {};
class TiledOperations : public OnDevice {};

/// The sum of the threads' numbers, and the sum of their squares after it.
template <int kThreads>
__global__ void sum_twice(const float* numbers, float* sums) {
  const float own = numbers[threadIdx.x];
  const float sum = block_sum<kThreads>(own);
  const float squares = block_sum<kThreads>(own * own);
  if (threadIdx.x == 0) {
    sums[0] = sum;
    sums[1] = squares;
  }
}

/// Small whole numbers: exact in whatever order they are added.
template <int kThreads>
void expect_sums() {
  const Stream stream;
  std::vector<float> numbers(kThreads);
  float sum = 0;
  float squares = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = static_cast<float>(i % 61 + 1);
    sum += numbers[i];
    squares += numbers[i] * numbers[i];
  }
  const auto device = on_device(numbers);
  DeviceBuffer<float> sums(2);
  launch(sum_twice<kThreads>, {dim3(1), dim3(kThreads)}, stream, device.data(),
         sums.data());
  EXPECT_EQ(on_host(sums, stream), (std::vector<float>{sum, squares}))
      << kThreads;
}

TEST_F(Reductions, AddUpEveryThreadOnce) {
  expect_sums<32>();
  expect_sums<64>();
  expect_sums<96>();
  expect_sums<256>();
  expect_sums<1024>();
}

/// Each thread has every kThreads-th number.
template <int kThreads>
__global__ void find_moments_of(int count, const float* numbers,
                                Moments* result) {
  const auto thread = static_cast<int>(threadIdx.x);
  RunningMoments own;
  for (int i = thread; i < count; i += kThreads) own.add(numbers[i]);
  const Moments all = block_sum<kThreads>(own.moments());
  if (thread == 0) *result = all;
}

Moments moments_of(const std::vector<float>& numbers) {
  constexpr int kThreads = 64;
  const Stream stream;
  const auto device = on_device(numbers);
  DeviceBuffer<Moments> result(1);
  launch(find_moments_of<kThreads>, {dim3(1), dim3(kThreads)}, stream,
         static_cast<int>(numbers.size()), device.data(), result.data());
  return on_host(result, stream)[0];
}

TEST_F(Reductions, MomentsOfFewAndOfMany) {
  for (const std::size_t size : {1U, 2U, 31U, 33U, 63U, 64U, 65U, 1000U}) {
    const auto numbers = random_floats(size, size, 100, 103);  // far from 0
    const Shape shape{static_cast<std::int64_t>(size), 1, 1, 1};
    const auto expected = statistics(shape, doubles(numbers), 0)[0];
    const Moments actual = moments_of(numbers);
    const auto count = static_cast<double>(size);
    EXPECT_EQ(actual.count, static_cast<float>(size));
    // Some 16 numbers in a thread, then six sums of six roundings each.
    const Doubles value{expected.mean, expected.variance * count};
    const Doubles magnitude{
        expected.unsure_mean,
        expected.variance * count * (1 + expected.unsure_variance)};
    const std::vector<float> found{actual.mean, actual.squares};
    if (size > 1) {
      const Comparison outcome = compare(found, {value, magnitude}, 16 + 36);
      EXPECT_TRUE(outcome.passed()) << size << ": " << describe(outcome);
    } else {
      EXPECT_EQ(found, (std::vector<float>{numbers[0], 0}));
    }
  }
}

/// A first number far from all others costs the others no digits: only its own
/// thread measures distances from it. One sum of squares of distances from it
/// would lose half of them.
TEST_F(Reductions, MomentsDoNotDependOnALuckyFirstNumber) {
  std::vector<float> numbers = random_floats(4096, 3);
  numbers[0] = 3000;
  const Shape shape{4096, 1, 1, 1};
  const auto expected = statistics(shape, doubles(numbers), 0)[0];
  const Moments actual = moments_of(numbers);
  const double sum = expected.variance * 4096;
  // 64 numbers in a thread, then six sums of six roundings each.
  const Comparison outcome = compare(std::vector<float>{actual.squares},
                                     {Doubles{sum}, Doubles{sum}}, 2 * 64 + 36);
  EXPECT_TRUE(outcome.passed()) << describe(outcome);
}

TEST_F(Reductions, MomentsPassOnNan) {
  for (const std::size_t place : {0U, 40U, 99U}) {
    std::vector<float> numbers(100, 1.0F);
    numbers[place] = kNan;
    const Moments actual = moments_of(numbers);
    EXPECT_NE(actual.mean, actual.mean) << place;
    EXPECT_NE(actual.squares, actual.squares) << place;
  }
}

TEST_F(TiledOperations, BatchNormInSlicesAndAtEdges) {
  TiledBackend backend;
  for (const BatchNormCase& which :
       {BatchNormCase{{{3, 2, 41, 43}}, 0, true},        // three slices
        BatchNormCase{{{5, 2, 32, 34}}, 100, true},      // in fours
        BatchNormCase{{{3, 2, 41, 43}, true}, 0, true},  // with ReLU
        BatchNormCase{{{4, 1, 46, 62}, true}, 1, true},
        BatchNormCase{{{6, 1, 43, 47}, true, 2}, 0, true},  // edges left over
        BatchNormCase{{{5, 3, 44, 46}, true, 2}, 2, true},  // in pairs
        BatchNormCase{{{2, 3, 3, 2}, false, 2}, 0, true},
        BatchNormCase{{{2, 1, 1, 1}}, 0, true}}) {
    EXPECT_EQ(complaints(backend, which), "") << to_string(which.block.input);
  }
}

TEST_F(TiledOperations, BatchNormGivesTheSameBitsEveryTime) {
  TiledBackend backend;
  const BatchNormCase which{{{3, 2, 41, 43}, true, 2}, 0, true};
  const NormalisedBatch first(backend, which);
  const NormalisedBatch second(backend, which);
  EXPECT_EQ(first.y, second.y);
  EXPECT_EQ(first.dx, second.dx);
  EXPECT_EQ(first.d_scale, second.d_scale);
}

TEST_F(TiledOperations, BatchNormReservesOnceForAll) {
  TiledBackend backend;
  backend.reserve_batch_norm({{2, 40, 3, 3}});
  const std::int64_t before = backend.allocated_bytes();
  backend.reserve_batch_norm({{7, 40, 30, 3}, true, 2});
  backend.reserve_batch_norm({{7, 3, 30, 3}});
  EXPECT_EQ(backend.allocated_bytes(), before);
}

TEST_F(TiledOperations, BatchNormRefusesWhatItDoesNotFuse) {
  TiledBackend backend;
  const BatchNormBlock block{{2, 3, 9, 9}, false, 3};
  EXPECT_FALSE(backend.fuses(block));
  EXPECT_FALSE(backend.fuses(BatchNormBlock{{2, 3, 1, 9}, false, 2}));
  EXPECT_THROW(backend.reserve_batch_norm(block), std::logic_error);
}

TEST_F(TiledOperations, SoftmaxOfAnyNumberOfClasses) {
  TiledBackend backend;
  for (const std::int64_t classes : {1, 2, 31, 32, 33, 100}) {
    OnBackend on(backend);
    constexpr std::int64_t kBatch = 21;
    std::vector<std::uint8_t> labels;
    for (std::int64_t n = 0; n < kBatch; ++n) {
      labels.push_back(static_cast<std::uint8_t>(n * 13 % classes));
    }
    const auto z =
        random_floats(static_cast<std::size_t>(kBatch * classes), 5, -9, 9);
    const Array gradient = on.plain(std::vector<float>(z.size() + 64, 7.0F));
    const Array totals = on.zeros(2);
    backend.softmax_cross_entropy(kBatch, classes, on.plain(z),
                                  on.bytes(labels), gradient, totals);
    const auto expected = softmax(kBatch, classes, doubles(z), labels);
    const auto got = on.read_plain(gradient, z.size() + 64);
    const Comparison outcome =
        compare(std::span(got).first(z.size()), expected.gradient, 8 + classes);
    EXPECT_TRUE(outcome.passed()) << classes << ": " << describe(outcome);
    EXPECT_EQ(std::count(got.begin(), got.end(), 7.0F), 64) << classes;
    const auto sums = on.read_plain(totals, 2);
    const Comparison loss =
        compare(std::span(sums).first(1),
                {Doubles{expected.loss}, Doubles{expected.loss_magnitude}},
                8 + classes + kBatch);
    EXPECT_TRUE(loss.passed()) << classes << ": " << describe(loss);
    EXPECT_EQ(sums[1], expected.right) << classes;
  }
}

/// 313 blocks, of which the last to be done adds up, whichever that is; and the
/// next launch finds everything as this one did.
TEST_F(TiledOperations, LossesOfManyBlocksAddUpTheSameEveryTime) {
  constexpr std::int64_t kBatch = 2500;
  TiledBackend backend;
  OnBackend on(backend);
  std::vector<std::uint8_t> labels;
  for (std::int64_t n = 0; n < kBatch; ++n) {
    labels.push_back(static_cast<std::uint8_t>(n % 3));
  }
  const auto z = random_floats(3 * kBatch, 9, -2, 2);
  const auto expected = softmax(kBatch, 3, doubles(z), labels);
  const auto logits = on.plain(z);
  const auto device_labels = on.bytes(labels);
  std::vector<float> first;
  for (int time = 0; time < 5; ++time) {
    const Array totals = on.zeros(2);
    backend.softmax_cross_entropy(kBatch, 3, logits, device_labels, nullptr,
                                  totals);
    const auto sums = on.read_plain(totals, 2);
    EXPECT_EQ(sums[1], expected.right) << time;
    if (time == 0) first = sums;
    EXPECT_EQ(sums, first) << time;
  }
}

TEST_F(TiledOperations, OfEqualLogitsInManyLanesTheFirstIsTheAnswer) {
  TiledBackend backend;
  OnBackend on(backend);
  for (const std::size_t first : {3U, 31U, 40U, 70U}) {
    std::vector<float> z(100, -1.0F);
    for (std::size_t i = first; i < z.size(); ++i) z[i] = 2;
    const Array totals = on.zeros(2);
    backend.softmax_cross_entropy(1, 100, on.plain(z),
                                  on.bytes({static_cast<std::uint8_t>(first)}),
                                  nullptr, totals);
    EXPECT_EQ(on.read_plain(totals, 2)[1], 1) << first;
  }
}

// --- bit for bit what chapter 5 computes -----------------------------------

/// Runs `operation` on both backends: an array of `size` numbers comes back the
/// same, and what lies behind it as it was.
template <class Operation>
void expect_like_naive(std::size_t size, const Operation& operation,
                       const std::string& what) {
  constexpr std::size_t kBehind = 64;
  NaiveBackend naive;
  TiledBackend tiled;
  std::vector<std::vector<std::uint32_t>> bits;
  for (Backend* backend :
       {static_cast<Backend*>(&naive), static_cast<Backend*>(&tiled)}) {
    OnBackend on(*backend);
    const Array output = on.plain(std::vector<float>(size + kBehind, -77.0F));
    operation(on, output);
    const auto values = on.read_plain(output, size + kBehind);
    auto& own = bits.emplace_back();
    for (const float value : values) {
      own.push_back(std::bit_cast<std::uint32_t>(value));
    }
  }
  EXPECT_EQ(bits[0], bits[1]) << what;
}

TEST_F(TiledOperations, ReluAndDropoutOfAnySizeAnywhere) {
  for (const std::size_t size : {1U, 2U, 3U, 4U, 5U, 127U, 128U, 1025U}) {
    for (const int shift : {0, 1, 2}) {  // at 1 and 2, no fours are aligned
      const Shape shape{1, static_cast<std::int64_t>(size) - shift, 1, 1};
      if (shape.channels < 1) continue;
      auto x = random_floats(size, 1);
      x[size - 1] = kNan;
      const auto g = random_floats(size, 2);
      const std::string what =
          std::to_string(size) + " from " + std::to_string(shift);
      expect_like_naive(
          size,
          [&](OnBackend& on, Array to) {
            on.backend.relu_forward(shape, on.plain(x) + shift, to + shift);
          },
          what);
      expect_like_naive(
          size,
          [&](OnBackend& on, Array to) {
            on.backend.relu_backward(shape, on.plain(x) + shift,
                                     on.plain(g) + shift, to + shift);
          },
          what);
      for (const std::uint64_t step : {0U, 1U, 2U, 3U}) {
        expect_like_naive(
            size,
            [&](OnBackend& on, Array to) {
              on.backend.dropout_forward(shape, {3, 1, step, 0.4F},
                                         on.plain(g) + shift, to + shift);
            },
            what + ", step " + std::to_string(step));
      }
    }
  }
}

TEST_F(TiledOperations, MaxPoolOfAnyPlanes) {
  for (const Shape& shape :
       {Shape{1, 1, 2, 2}, Shape{2, 3, 2, 3}, Shape{2, 3, 3, 2},
        Shape{3, 2, 5, 5}, Shape{2, 3, 7, 6}, Shape{1, 5, 8, 12}}) {
    auto x = coarse_floats(count(shape), 1);
    x[count(shape) / 2] = kNan;
    const PoolGeometry pool{shape, 2, 2};
    const auto g = random_floats(count(pool.output()), 2);
    expect_like_naive(
        count(pool.output()),
        [&](OnBackend& on, Array to) {
          on.backend.max_pool_forward(pool, on.plain(x), to);
        },
        to_string(shape));
    expect_like_naive(
        count(shape),
        [&](OnBackend& on, Array to) {
          const Array input = on.plain(x);
          const Array output = on.zeros(pool.output().size());
          on.backend.max_pool_forward(pool, input, output);
          on.backend.max_pool_backward(pool, input, output, on.plain(g), to);
        },
        to_string(shape));
  }
}

TEST_F(TiledOperations, GatherOfAnyPictures) {
  for (const Shape& shape : {Shape{3, 1, 1, 1}, Shape{3, 3, 5, 5},
                             Shape{2, 8, 2, 6}, Shape{2, 9, 2, 6}}) {
    const std::size_t area =
        count(shape) / static_cast<std::size_t>(shape.batch);
    std::vector<std::uint8_t> pixels(5 * area);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      pixels[i] = static_cast<std::uint8_t>(i * 37);
    }
    const std::vector<float> scale{1, 2, 3, 4, 5, 6, 7, 8, 9};
    const std::vector<float> offset{9, 8, 7, 6, 5, 4, 3, 2, 1};
    expect_like_naive(
        count(shape),
        [&](OnBackend& on, Array to) {
          const ByteArray labels = on.bytes({0, 0, 0, 99});
          on.backend.gather(shape, on.bytes(pixels), on.bytes({5, 6, 7, 8, 9}),
                            std::vector<std::int64_t>{4, 0, 2}, scale, offset,
                            to, labels);
          const auto got = on.read_bytes(labels, 4);
          EXPECT_EQ(got[0], 9);
          EXPECT_EQ(got[1], 5);
          EXPECT_EQ(got[3], 99);
        },
        to_string(shape));
  }
}

TEST_F(TiledOperations, SgdOfAnySizeAnywhere) {
  const SgdNumbers numbers{0.125F, 0.5F, 0.25F};  // nothing is rounded
  for (const std::size_t size : {1U, 3U, 4U, 6U, 1027U}) {
    for (const int shift : {0, 1}) {
      const auto w = coarse_floats(size, 1);
      const auto g = coarse_floats(size, 2);
      const auto v = coarse_floats(size, 3);
      expect_like_naive(
          size,
          [&](OnBackend& on, Array to) {
            const auto steps = static_cast<std::int64_t>(size) - shift;
            on.backend.upload(w, to);
            on.backend.sgd_step(steps, numbers, on.plain(g) + shift,
                                on.plain(v) + shift, to + shift);
          },
          std::to_string(size) + " from " + std::to_string(shift));
    }
  }
}

}  // namespace
}  // namespace CNN_GPU
}  // namespace cnn::test
