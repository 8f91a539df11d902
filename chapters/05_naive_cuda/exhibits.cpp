// region quiet: includes
#include "chapters/05_naive_cuda/exhibits.hpp"

#include <array>
#include <string>
#include <utility>

#include "chapters/05_naive_cuda/experiment.hpp"
#include "chapters/05_naive_cuda/operations.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region exhibit-of
Exhibit operation_exhibit(const NewBackend& make, std::string name,
                          std::string shows, double flop,
                          const Prepare& prepare) {
  const auto launch = [=] {
    const auto backend = make();
    Operands operands(*backend);
    prepare(operands)();
    backend->synchronise();
  };
  return {std::move(name), std::move(shows), launch, flop};
}

namespace {

using All = std::vector<Exhibit>;
// endregion

// region exhibit-strides
/// One of the experiment's trials: its check launches it once.
void add_strides(All& all, Device device) {
  for (const int stride : {1, 2, 8, 32}) {
    const auto launch = [=] {
      const Laboratory laboratory = make_laboratory(device);
      for (const auto& make : laboratory.experiments) {
        const Series experiment = make(Scale::kCheck);
        if (experiment.id != "coalescing/stride") continue;
        for (const Trial& trial : experiment.trials) {
          if (trial.place == stride) trial.check();
        }
        return;
      }
    };
    all.push_back({"stride_" + std::to_string(stride),
                   "333 threads read 8 floats each, neighbours so far apart",
                   launch});
  }
}
// endregion

// region exhibit-convolution
void add_convolution(All& all, const NewBackend& make) {
  const ConvolutionGeometry g{3, 4, 9, 11, 5, 3, 3, 1, 1};
  const ConvolutionBlock block{g};
  const double flop = convolution_work(g).flop;
  const std::string shows = "3 pictures of 9 x 11, 4 channels to 5, 3 x 3";
  all.push_back(operation_exhibit(
      make, "convolution_forward", shows, flop, [=](Operands& on) {
        Backend& backend = on.backend();
        const Array x = on.input(g.input_shape());
        const Array w = on.input(g.filter_shape().size());
        const Array b = on.input(g.output_channels);
        const Array y = on.output(g.output_shape());
        return [=, &backend] {
          backend.convolution_forward(block, x, w, b, y, nullptr);
        };
      }));
  all.push_back(operation_exhibit(
      make, "convolution_backward_input", shows, flop, [=](Operands& on) {
        Backend& backend = on.backend();
        const Array dy = on.input(g.output_shape());
        const Array w = on.input(g.filter_shape().size());
        const Array dx = on.output(g.input_shape());
        return [=, &backend] {
          backend.convolution_backward_input(block, dy, nullptr, w, dx);
        };
      }));
  all.push_back(operation_exhibit(
      make, "convolution_backward_filter", shows, flop, [=](Operands& on) {
        Backend& backend = on.backend();
        const Array x = on.input(g.input_shape());
        const Array dy = on.input(g.output_shape());
        const Array dw = on.output(g.filter_shape().size());
        const Array db = on.output(g.output_channels);
        return [=, &backend] {
          backend.convolution_backward_filter(block, x, dy, nullptr, dw, db);
        };
      }));
}
// endregion

// region exhibit-dense
void add_dense(All& all, const NewBackend& make) {
  const DenseGeometry g{.batch = 37, .inputs = 29, .outputs = 11};
  const double flop = 2.0 * 37 * 29 * 11;
  const Shape in{g.batch, g.inputs, 1, 1};
  const Shape out{g.batch, g.outputs, 1, 1};
  const std::string shows = "37 rows, 29 features to 11";
  all.push_back(
      operation_exhibit(make, "dense_forward", shows, flop, [=](Operands& on) {
        Backend& backend = on.backend();
        const Array x = on.input(in);
        const Array w = on.input(g.inputs * g.outputs);
        const Array b = on.input(g.outputs);
        const Array y = on.output(out);
        return [=, &backend] { backend.dense_forward(g, x, w, b, y, true); };
      }));
  all.push_back(operation_exhibit(
      make, "dense_backward_input", shows, flop, [=](Operands& on) {
        Backend& backend = on.backend();
        const Array dy = on.input(out);
        const Array w = on.input(g.inputs * g.outputs);
        const Array dx = on.output(in);
        return [=, &backend] { backend.dense_backward_input(g, dy, w, dx); };
      }));
  all.push_back(operation_exhibit(
      make, "dense_backward_weight", shows, flop, [=](Operands& on) {
        Backend& backend = on.backend();
        const Array x = on.input(in);
        const Array dy = on.input(out);
        const Array dw = on.output(g.inputs * g.outputs);
        const Array db = on.output(g.outputs);
        return
            [=, &backend] { backend.dense_backward_weight(g, x, dy, dw, db); };
      }));
}
// endregion

// region exhibit-pooling
void add_pooling(All& all, const NewBackend& make) {
  const PoolGeometry pool{{2, 3, 11, 13}, 3, 2};
  const std::string shows = "windows of 3 x 3, 2 apart, on 11 x 13";
  all.push_back(
      operation_exhibit(make, "max_pool", shows, 0, [=](Operands& on) {
        Backend& backend = on.backend();
        const Array x = on.input(pool.input);
        const Array y = on.output(pool.output());
        const Array dy = on.input(pool.output());
        const Array dx = on.output(pool.input);
        return [=, &backend] {
          backend.max_pool_forward(pool, x, y);
          backend.max_pool_backward(pool, x, y, dy, dx);
        };
      }));
  all.push_back(
      operation_exhibit(make, "average_pool", shows, 0, [=](Operands& on) {
        Backend& backend = on.backend();
        const Array x = on.input(pool.input);
        const Array y = on.output(pool.output());
        const Array dx = on.output(pool.input);
        return [=, &backend] {
          backend.average_pool_forward(pool, x, y);
          backend.average_pool_backward(pool, y, dx);
        };
      }));
}
// endregion

// region exhibit-elementwise
void add_elementwise(All& all, const NewBackend& make) {
  const Shape shape{2, 3, 7, 13};
  const DropoutNumbers drop{
      .seed = 1, .stream = 2, .step = 3, .probability = 0.3F};
  const std::string shows = "546 numbers: not a whole number of warps";
  all.push_back(operation_exhibit(make, "relu", shows, 0, [=](Operands& on) {
    Backend& backend = on.backend();
    const Array x = on.input(shape);
    const Array y = on.output(shape);
    return [=, &backend] {
      backend.relu_forward(shape, x, y);
      backend.relu_backward(shape, y, x, y);
    };
  }));
  all.push_back(operation_exhibit(make, "dropout", shows, 0, [=](Operands& on) {
    Backend& backend = on.backend();
    const Array x = on.input(shape);
    const Array y = on.output(shape);
    return [=, &backend] { backend.dropout_forward(shape, drop, x, y); };
  }));
  all.push_back(
      operation_exhibit(make, "sgd_step", shows, 0, [=](Operands& on) {
        Backend& backend = on.backend();
        const Array gradients = on.input(shape.size());
        const Array velocities = on.input(shape.size());
        const Array parameters = on.input(shape.size());
        return [=, &backend] {
          backend.sgd_step(shape.size(), {0.1F, 0.9F, 0.01F}, gradients,
                           velocities, parameters);
        };
      }));
}
// endregion

// region exhibit-batch-norm
void add_batch_norm(All& all, const NewBackend& make) {
  const BatchNormBlock block{{3, 37, 4, 5}};
  all.push_back(operation_exhibit(
      make, "batch_norm", "37 channels of 3 x 4 x 5", 0, [=](Operands& on) {
        Backend& backend = on.backend();
        const std::int64_t channels = block.input.channels;
        backend.reserve_batch_norm(block);
        const BatchNormArrays arrays{on.input(channels),  on.input(channels),
                                     on.input(channels),  on.input(channels),
                                     on.output(channels), on.output(channels)};
        const Array x = on.input(block.input);
        const Array y = on.output(block.input);
        const Array dscale = on.output(channels);
        const Array dshift = on.output(channels);
        return [=, &backend] {
          constexpr float kEpsilon = 1e-5F;
          backend.batch_norm_forward(block, arrays, 0.1F, kEpsilon, x, y,
                                     nullptr);
          backend.batch_norm_backward(block, arrays, x, y, nullptr, y, dscale,
                                      dshift);
        };
      }));
}
// endregion

// region exhibit-loss
void add_loss(All& all, const NewBackend& make) {
  constexpr std::int64_t kBatch = 75;
  constexpr std::int64_t kClasses = 10;
  all.push_back(operation_exhibit(
      make, "softmax_cross_entropy", "75 rows of 10 classes", 0,
      [=](Operands& on) {
        Backend& backend = on.backend();
        const Shape shape{kBatch, kClasses, 1, 1};
        const Array logits = on.input(shape);
        const ByteArray labels = on.labels(kBatch, kClasses);
        const Array gradient = on.output(shape);
        const Array totals = on.output(2);
        return [=, &backend] {
          backend.softmax_cross_entropy(kBatch, kClasses, logits, labels,
                                        gradient, totals);
        };
      }));
}
// endregion

// region exhibit-gather
void add_gather(All& all, const NewBackend& make) {
  const Shape shape{5, 1, 7, 9};
  all.push_back(operation_exhibit(
      make, "gather", "5 pictures of bytes, 7 x 9", 0, [=](Operands& on) {
        Backend& backend = on.backend();
        const ByteArray pixels = on.labels(8 * 7 * 9, 255);
        const ByteArray labels = on.labels(8, 10);
        const Array activation = on.output(shape);
        const ByteArray chosen = backend.allocate_bytes(shape.batch);
        return [=, &backend] {
          const std::array<std::int64_t, 5> indices{6, 1, 7, 0, 3};
          const std::array scale{1 / 255.0F};
          const std::array offset{0.0F};
          backend.gather(shape, pixels, labels, indices, scale, offset,
                         activation, chosen);
        };
      }));
}

}  // namespace
// endregion

// region naive-exhibits
std::vector<Exhibit> plain_exhibits(const NewBackend& make) {
  All all;
  add_elementwise(all, make);
  add_batch_norm(all, make);
  add_loss(all, make);
  add_gather(all, make);
  return all;
}

std::vector<Exhibit> naive_exhibits(Device device) {
  const std::string reason = why_not(device);
  if (!reason.empty()) throw SkipError(reason);
  const auto make = [=] { return make_naive_backend(device); };
  All all;
  add_strides(all, device);
  add_convolution(all, make);
  add_dense(all, make);
  add_pooling(all, make);
  for (Exhibit& one : plain_exhibits(make)) all.push_back(std::move(one));
  return all;
}

}  // namespace cnn
// endregion
