// region quiet: includes
#include "chapters/05_naive_cuda/layer_operations.hpp"

#include <utility>

namespace cnn {
// endregion

// region convolution-operations
namespace {

Work moves(std::int64_t floats, double flop = 0) {
  return {.flop = flop, .bytes = static_cast<double>(floats) * sizeof(float)};
}

}  // namespace

Operations convolution_operations(const std::string& id,
                                  const std::string& label,
                                  const ConvolutionGeometry& g) {
  const ConvolutionBlock block{g};
  Operations all;
  all.push_back({id + "-forward", label + ", forward", convolution_work(g),
                 [=](Operands& on) {
                   Backend& backend = on.backend();
                   backend.reserve_convolution(block);
                   const Array x = on.input(g.input_shape());
                   const Array w = on.input(g.filter_shape().size());
                   const Array b = on.input(g.output_channels);
                   const Array y = on.output(g.output_shape());
                   return [=, &backend] {
                     backend.convolution_forward(block, x, w, b, y, nullptr);
                   };
                 }});
  if (g.input_channels > 1) {
    all.push_back({id + "-backward-input", label + ", back to the input",
                   convolution_work(g), [=](Operands& on) {
                     Backend& backend = on.backend();
                     backend.reserve_convolution(block);
                     const Array dy = on.input(g.output_shape());
                     const Array w = on.input(g.filter_shape().size());
                     const Array dx = on.output(g.input_shape());
                     return [=, &backend] {
                       backend.convolution_backward_input(block, dy, nullptr, w,
                                                          dx);
                     };
                   }});
  }
  all.push_back({id + "-backward-filter", label + ", back to the filter",
                 convolution_work(g), [=](Operands& on) {
                   Backend& backend = on.backend();
                   backend.reserve_convolution(block);
                   const Array x = on.input(g.input_shape());
                   const Array dy = on.input(g.output_shape());
                   const Array dw = on.output(g.filter_shape().size());
                   const Array db = on.output(g.output_channels);
                   return [=, &backend] {
                     backend.convolution_backward_filter(block, x, dy, nullptr,
                                                         dw, db);
                   };
                 }});
  return all;
}
// endregion

// region relu-and-pool-operations
Operations relu_operations(const std::string& id, const std::string& label,
                           const Shape& shape) {
  const auto forward = [=](Operands& on) {
    Backend& backend = on.backend();
    const Array x = on.input(shape);
    const Array y = on.output(shape);
    return [=, &backend] { backend.relu_forward(shape, x, y); };
  };
  const auto backward = [=](Operands& on) {
    Backend& backend = on.backend();
    const Array y = on.input(shape);
    const Array dy = on.input(shape);
    const Array dx = on.output(shape);
    return [=, &backend] { backend.relu_backward(shape, y, dy, dx); };
  };
  return {
      {id + "-forward", label + ", forward", moves(2 * shape.size()), forward},
      {id + "-backward", label + ", back", moves(3 * shape.size()), backward}};
}

Operations max_pool_operations(const std::string& id, const std::string& label,
                               const Shape& shape) {
  const PoolGeometry pool{shape};
  const std::int64_t outputs = pool.output().size();
  const auto forward = [=](Operands& on) {
    Backend& backend = on.backend();
    const Array x = on.input(shape);
    const Array y = on.output(pool.output());
    return [=, &backend] { backend.max_pool_forward(pool, x, y); };
  };
  const auto backward = [=](Operands& on) {
    Backend& backend = on.backend();
    const Array x = on.input(shape);
    const Array y = on.input(pool.output());
    backend.max_pool_forward(pool, x, y);  // what a backward pass gets
    const Array dy = on.input(pool.output());
    on.keep_inputs();
    const Array dx = on.output(shape);
    return [=, &backend] { backend.max_pool_backward(pool, x, y, dy, dx); };
  };
  return {{id + "-forward", label + ", forward", moves(shape.size() + outputs),
           forward},
          {id + "-backward", label + ", back",
           moves(2 * shape.size() + 2 * outputs), backward}};
}
// endregion

// region dense-operations
Operations dense_operations(const std::string& id, const std::string& label,
                            const DenseGeometry& g) {
  const std::int64_t inputs = g.batch * g.inputs;
  const std::int64_t weights = g.inputs * g.outputs;
  const std::int64_t outputs = g.batch * g.outputs;
  const Work work =
      moves(inputs + weights + outputs,
            2.0 * static_cast<double>(inputs) * static_cast<double>(g.outputs));
  const Shape in{g.batch, g.inputs, 1, 1};
  const Shape out{g.batch, g.outputs, 1, 1};
  const auto forward = [=](Operands& on) {
    Backend& backend = on.backend();
    backend.reserve_dense(g);
    const Array x = on.input(in);
    const Array w = on.input(weights);
    const Array b = on.input(g.outputs);
    const Array y = on.output(out);
    return [=, &backend] { backend.dense_forward(g, x, w, b, y, false); };
  };
  const auto backward_input = [=](Operands& on) {
    Backend& backend = on.backend();
    backend.reserve_dense(g);
    const Array dy = on.input(out);
    const Array w = on.input(weights);
    const Array dx = on.output(in);
    return [=, &backend] { backend.dense_backward_input(g, dy, w, dx); };
  };
  const auto backward_weight = [=](Operands& on) {
    Backend& backend = on.backend();
    backend.reserve_dense(g);
    const Array x = on.input(in);
    const Array dy = on.input(out);
    const Array dw = on.output(weights);
    const Array db = on.output(g.outputs);
    return [=, &backend] { backend.dense_backward_weight(g, x, dy, dw, db); };
  };
  return {{id + "-forward", label + ", forward", work, forward},
          {id + "-backward-input", label + ", back to the input", work,
           backward_input},
          {id + "-backward-weight", label + ", back to the weight", work,
           backward_weight}};
}
// endregion

// region batch-norm-operations
Operations batch_norm_operations(const std::string& id,
                                 const std::string& label, const Shape& shape) {
  const BatchNormBlock block{shape};
  const auto arrays = [=](Operands& on) {
    const std::int64_t channels = shape.channels;
    return BatchNormArrays{on.input(channels),  on.input(channels),
                           on.output(channels), on.output(channels),
                           on.output(channels), on.output(channels)};
  };
  const auto forward = [=](Operands& on) {
    Backend& backend = on.backend();
    backend.reserve_batch_norm(block);
    const BatchNormArrays kept = arrays(on);
    const Array x = on.input(shape);
    const Array y = on.output(shape);
    return [=, &backend] {
      backend.batch_norm_forward(block, kept, 0.1F, 1e-5F, x, y, nullptr);
    };
  };
  const auto backward = [=](Operands& on) {
    Backend& backend = on.backend();
    backend.reserve_batch_norm(block);
    const BatchNormArrays kept = arrays(on);
    const Array x = on.input(shape);
    const Array dy = on.input(shape);
    const Array dx = on.output(shape);
    const Array dscale = on.output(shape.channels);
    const Array dshift = on.output(shape.channels);
    backend.batch_norm_forward(block, kept, 0.1F, 1e-5F, x, dx, nullptr);
    return [=, &backend] {
      backend.batch_norm_backward(block, kept, x, dy, nullptr, dx, dscale,
                                  dshift);
    };
  };
  return {
      {id + "-forward", label + ", forward", moves(2 * shape.size()), forward},
      {id + "-backward", label + ", back", moves(3 * shape.size()), backward}};
}
// endregion

// region other-operations
Operations flatten_operations(const std::string& id, const Shape& shape) {
  return {{id + "-forward", "flatten, forward", moves(2 * shape.size()),
           [=](Operands& on) {
             Backend& backend = on.backend();
             const Array x = on.input(shape);
             const Array y =
                 on.output({shape.batch,
                            shape.channels * shape.height * shape.width, 1, 1});
             return [=, &backend] { backend.flatten_forward(shape, x, y); };
           }}};
}

Operations dropout_operations(const std::string& id, const Shape& shape) {
  const DropoutNumbers numbers{
      .seed = 1, .stream = 2, .step = 3, .probability = 0.3F};
  return {{id + "-forward", "dropout, forward", moves(2 * shape.size()),
           [=](Operands& on) {
             Backend& backend = on.backend();
             const Array x = on.input(shape);
             const Array y = on.output(shape);
             return [=, &backend] {
               backend.dropout_forward(shape, numbers, x, y);
             };
           }}};
}

Operations loss_operations(const std::string& id, std::int64_t batch) {
  constexpr std::int64_t kClasses = 10;
  return {{id, "softmax and cross-entropy", moves(2 * batch * kClasses),
           [=](Operands& on) {
             Backend& backend = on.backend();
             const Array logits = on.input(Shape{batch, kClasses, 1, 1});
             const ByteArray labels = on.labels(batch, kClasses);
             const Array gradient = on.output(Shape{batch, kClasses, 1, 1});
             const Array totals = on.output(2);
             return [=, &backend] {
               backend.softmax_cross_entropy(batch, kClasses, logits, labels,
                                             gradient, totals);
             };
           }}};
}

Operations sgd_operations(const std::string& id, std::int64_t parameters) {
  // A rate so small that repeating it for seconds takes no number anywhere.
  const SgdNumbers numbers{1e-9F, 0.9F, 0};
  return {{id, "SGD with momentum", moves(5 * parameters), [=](Operands& on) {
             Backend& backend = on.backend();
             const Array gradients = on.input(parameters);
             const Array velocities = on.output(parameters);
             const Array values = on.output(parameters);
             return [=, &backend] {
               backend.sgd_step(parameters, numbers, gradients, velocities,
                                values);
             };
           }}};
}

}  // namespace cnn
// endregion
