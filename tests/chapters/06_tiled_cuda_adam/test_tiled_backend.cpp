// What the contract does not say of this chapter's backend: what it needs to
// know beforehand, how much memory that takes, and sizes at which its kernels
// work in several parts.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_device.hpp"
#include "common/errors.hpp"
#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"
#include "tests/chapters/04_cpu_cnn/convolution_contract.hpp"
#include "tests/chapters/04_cpu_cnn/dense_contract.hpp"
#include "tests/chapters/04_cpu_cnn/pooling_contract.hpp"
#include "tests/chapters/04_cpu_cnn/small_networks.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

using TiledBackend = BackendTest;

TEST(TiledDevices, AreUsableOrSayWhyNot) {
  for (const Device device : {Device::kGpu, Device::kEmulator}) {
    const std::string reason = why_not(device);
    if (reason.empty()) continue;
    try {
      make_tiled_backend(device);
      ADD_FAILURE() << to_string(device);
    } catch (const SkipError& error) {
      EXPECT_EQ(error.what(), reason);
    }
  }
}

TEST_P(TiledBackend, TakesAdamsStepItself) {
  EXPECT_EQ(dynamic_cast<Backend*>(&adam_of(*subject)), subject.get());
  EXPECT_THROW(adam_of(*make_cpu_backend(1)), std::logic_error);
}

TEST_P(TiledBackend, RefusesWhatWasNotReserved) {
  const ConvolutionBlock small{{1, 2, 4, 4, 3, 3, 3, 1, 1}};
  const ConvolutionBlock larger{{2, 2, 4, 4, 3, 3, 3, 1, 1}};
  subject->reserve_convolution(small);
  const Array some = subject->allocate(1000);
  EXPECT_NO_THROW(
      subject->convolution_forward(small, some, some, some, some, nullptr));
  EXPECT_THROW(
      subject->convolution_forward(larger, some, some, some, some, nullptr),
      std::logic_error);
  EXPECT_THROW(
      subject->convolution_backward_input(larger, some, nullptr, some, some),
      std::logic_error);
  EXPECT_THROW(subject->convolution_backward_filter(larger, some, some, nullptr,
                                                    some, some),
               std::logic_error);
  subject->reserve_dense({2, 3, 4});
  EXPECT_THROW(subject->dense_forward({2, 4, 3}, some, some, some, some, false),
               std::logic_error);
}

TEST_P(TiledBackend, RefusesMoreNumbersThanItsKernelsCount) {
  const auto reserve = [&](const DenseGeometry& dense) {
    subject->reserve_dense(dense);
  };
  EXPECT_THROW(reserve({1, 1 << 20, 1 << 12}), InputError);
  EXPECT_THROW(reserve({1 << 20, 1 << 12, 1}), InputError);
  EXPECT_THROW(reserve({1 << 20, 1, 1 << 12}), InputError);
  EXPECT_THROW(
      subject->reserve_convolution({{1 << 16, 64, 32, 32, 1, 3, 3, 1, 1}}),
      InputError);
}

TEST_P(TiledBackend, ReservesOneWorkspaceForAll) {
  // Sums over many pixels, for few results: several parts, put together later.
  const ConvolutionBlock large{{8, 2, 32, 32, 4, 3, 3, 1, 1}};
  const ConvolutionBlock small{{4, 2, 16, 16, 4, 3, 3, 1, 1}};
  const std::int64_t before = subject->allocated_bytes();
  subject->reserve_convolution(large);
  const std::int64_t after = subject->allocated_bytes();
  EXPECT_GT(after, before);
  subject->reserve_convolution(large);
  subject->reserve_convolution(small);
  EXPECT_EQ(subject->allocated_bytes(), after);
  subject->reserve_dense({64, 512, 64});
  const std::int64_t with_dense = subject->allocated_bytes();
  subject->reserve_dense({64, 512, 64});
  EXPECT_EQ(subject->allocated_bytes(), with_dense);
}

TEST_P(TiledBackend, SumsInPartsMatchTheReference) {
  // 6293 pixels a channel: two shares of the bias gradient, the last smaller,
  // and many parts of the filter gradient.
  EXPECT_EQ(complaints(*subject, {{7, 3, 31, 29, 5, 3, 3, 1, 1}}), "");
  EXPECT_EQ(complaints(*subject, {{7, 1, 31, 29, 5, 3, 3, 1, 1}}), "");
  EXPECT_EQ(complaints(*subject, DenseGeometry{5, 1003, 3}, true), "");
  EXPECT_EQ(complaints(*subject, DenseGeometry{515, 3, 2}, true), "");
}

/// Whole numbers, small enough for sums of them to be exact in any order.
std::vector<float> whole_numbers(const Shape& shape) {
  std::vector<float> values = random_floats(count(shape), 7, -8, 8);
  for (float& value : values) value = std::round(value);
  return values;
}

/// What a bias gradient has to be, to the bit.
std::vector<float> exact_sums(const Shape& shape,
                              const std::vector<float>& values) {
  const Doubles sums = channel_sums(shape, doubles(values)).value;
  return {sums.begin(), sums.end()};
}

TEST_P(TiledBackend, BiasGradientsMissNotOneNumber) {
  OnBackend on(*subject);
  for (const ConvolutionGeometry& g :
       {ConvolutionGeometry{7, 1, 31, 29, 5, 3, 3, 1, 1},
        ConvolutionGeometry{1, 1, 97, 65, 3, 1, 1, 1, 0},
        ConvolutionGeometry{300, 1, 3, 3, 2, 3, 3, 2, 0}}) {
    const std::vector<float> dy = whole_numbers(g.output_shape());
    subject->reserve_convolution({g});
    const Array db = on.zeros(g.output_channels);
    subject->convolution_backward_filter({g}, on.activation(g.input_shape()),
                                         on.activation(g.output_shape(), dy),
                                         nullptr,
                                         on.zeros(g.filter_shape().size()), db);
    EXPECT_EQ(on.read_plain(db, static_cast<std::size_t>(g.output_channels)),
              exact_sums(g.output_shape(), dy))
        << to_string(g);
  }
  for (const DenseGeometry& g :
       {DenseGeometry{515, 2, 3}, DenseGeometry{7, 2, 65},
        DenseGeometry{9001, 1, 3}}) {
    const Shape shape{g.batch, g.outputs, 1, 1};
    const std::vector<float> dy = whole_numbers(shape);
    subject->reserve_dense(g);
    const Array db = on.zeros(g.outputs);
    subject->dense_backward_weight(g, on.zeros(g.batch * g.inputs),
                                   on.plain(dy), on.zeros(g.outputs * g.inputs),
                                   db);
    EXPECT_EQ(on.read_plain(db, static_cast<std::size_t>(g.outputs)),
              exact_sums(shape, dy))
        << g.batch;
  }
}

/// What a convolution with ReLU and pooling leaves, forward and back.
struct BlockResults {
  std::vector<float> y, dx, dw, db;
  bool operator==(const BlockResults&) const = default;
};

/// A block in one, or its three operations one after the other.
BlockResults run_block(Backend& backend, const ConvolutionBlock& block,
                       bool fused) {
  OnBackend on(backend);
  const ConvolutionGeometry& g = block.geometry;
  const Shape full = g.output_shape();
  const Shape out = block.output();
  const PoolGeometry pool{full, 2, 2};
  const Array x =
      on.activation(g.input_shape(), coarse_floats(count(g.input_shape()), 1));
  const Array w = on.plain(coarse_floats(count(g.filter_shape()), 2));
  const Array b =
      on.plain(coarse_floats(static_cast<std::size_t>(g.output_channels), 3));
  const Array dy = on.activation(out, random_floats(count(out), 4));
  const Array y = on.activation(out);
  const Array dx = on.activation(g.input_shape());
  const Array dw = on.zeros(g.filter_shape().size());
  const Array db = on.zeros(g.output_channels);
  const ConvolutionBlock own = fused ? block : ConvolutionBlock{g};
  backend.reserve_convolution(own);
  if (fused) {
    const ByteArray winners = backend.allocate_bytes(backend.winners_size(own));
    backend.convolution_forward(own, x, w, b, y, winners);
    backend.convolution_backward_filter(own, x, dy, winners, dw, db);
    backend.convolution_backward_input(own, dy, winners, w, dx);
  } else {
    const Array sums = on.activation(full);
    const Array slopes = on.activation(full);
    backend.convolution_forward(own, x, w, b, sums, nullptr);
    if (block.relu) backend.relu_forward(full, sums, sums);
    if (block.pool == 2) {
      backend.max_pool_forward(pool, sums, y);
      backend.max_pool_backward(pool, sums, y, dy, slopes);
    } else {
      backend.upload_activation(full, on.read(full, sums), y);
      backend.upload_activation(full, on.read(full, dy), slopes);
    }
    if (block.relu) backend.relu_backward(full, sums, slopes, slopes);
    backend.convolution_backward_filter(own, x, slopes, nullptr, dw, db);
    backend.convolution_backward_input(own, slopes, nullptr, w, dx);
  }
  return {on.read(out, y), on.read(g.input_shape(), dx),
          on.read_plain(dw, count(g.filter_shape())),
          on.read_plain(db, static_cast<std::size_t>(g.output_channels))};
}

/// Nothing is rounded otherwise, and of equal numbers the first one wins.
TEST_P(TiledBackend, FusedConvolutionsHaveTheBitsOfTheirParts) {
  for (const ConvolutionGeometry& g :
       {ConvolutionGeometry{3, 1, 11, 9, 10, 3, 3, 1, 0},  // first layer
        ConvolutionGeometry{2, 1, 9, 12, 3, 3, 3, 1, 1},   // edges left over
        ConvolutionGeometry{1, 1, 8, 8, 9, 3, 3, 2, 2},    // one part, strided
        ConvolutionGeometry{2, 3, 8, 12, 5, 3, 3, 1, 1},   // in pairs
        ConvolutionGeometry{3, 2, 9, 7, 5, 3, 3, 1, 1},    // edges left over
        ConvolutionGeometry{2, 3, 12, 11, 4, 2, 4, 2, 1}}) {
    for (const ConvolutionBlock& block :
         {ConvolutionBlock{g, true}, ConvolutionBlock{g, true, 2},
          ConvolutionBlock{g, false, 2}}) {
      EXPECT_TRUE(subject->fuses(block));
      EXPECT_EQ(complaints(*subject, block), "") << to_string(g);
      EXPECT_EQ(run_block(*subject, block, true),
                run_block(*subject, block, false))
          << to_string(g) << (block.relu ? ", ReLU" : "") << block.pool;
    }
  }
}

/// Without winners there is no way back, and no need for them.
TEST_P(TiledBackend, FusedConvolutionsNeedNoWinnersToPredict) {
  OnBackend on(*subject);
  for (const std::int64_t channels : {1, 3}) {
    for (const std::int64_t pool : {1, 2}) {
      const ConvolutionBlock block{
          {2, channels, 9, 8, 5, 3, 3, 1, 1}, true, pool};
      const ConvolutionGeometry& g = block.geometry;
      subject->reserve_convolution(block);
      const Array x = on.activation(g.input_shape(),
                                    random_floats(count(g.input_shape()), 1));
      const Array w = on.plain(random_floats(count(g.filter_shape()), 2));
      const Array b = on.plain(random_floats(5, 3));
      const Array trained = on.activation(block.output());
      const Array predicted = on.activation(block.output());
      subject->convolution_forward(
          block, x, w, b, trained,
          subject->allocate_bytes(subject->winners_size(block)));
      subject->convolution_forward(block, x, w, b, predicted, nullptr);
      EXPECT_EQ(on.read(block.output(), trained),
                on.read(block.output(), predicted));
    }
  }
}

TEST_P(TiledBackend, AllocatesNothingInAStep) {
  Network network(every_layer(), kSmallInput, *subject, 1);
  const auto adam = make_adam(network, adam_of(*subject));
  const auto step = [&](std::int64_t number) {
    fill_batch(network, 1);
    network.forward(true, 1);
    network.loss(true);
    network.backward();
    adam->step(0.01F, number);
  };
  step(0);
  const std::int64_t before = subject->allocated_bytes();
  step(1);
  network.forward(false);
  network.loss(false);
  EXPECT_EQ(subject->allocated_bytes(), before);
}

INSTANTIATE_TEST_SUITE_P(Every, TiledBackend,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);

}  // namespace
