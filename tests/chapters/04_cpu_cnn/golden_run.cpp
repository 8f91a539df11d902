#include "tests/chapters/04_cpu_cnn/golden_run.hpp"

#include <cstdint>
#include <stdexcept>

namespace cnn::test {

namespace {

/// Inputs on their way to the backend, outputs on their way back.
class Bench {
 public:
  Bench(const GoldenCase& golden, Backend& backend)
      : golden_(golden), backend_(backend) {}

  /// An input, as an activation.
  Array activation(const char* name) {
    const GoldenArray& input = golden_.inputs.at(name);
    const Array array = empty(input.shape);
    backend_.upload_activation(input.shape, input.floats(), array);
    return array;
  }
  /// An input, as it lies in a file: filters, weights, one number a channel.
  Array plain(const char* name) {
    const GoldenArray& input = golden_.inputs.at(name);
    const Array array = backend_.allocate(input.shape.size());
    backend_.upload(input.floats(), array);
    return array;
  }
  /// Room for an activation. What is there before should not matter.
  Array empty(const Shape& shape) {
    const std::int64_t size = backend_.activation_size(shape);
    const Array array = backend_.allocate(size);
    backend_.upload(std::vector<float>(static_cast<std::size_t>(size), 77.0F),
                    array);
    return array;
  }
  Array empty(const char* output) {
    return empty(golden_.outputs.at(output).shape);
  }
  Array plain_empty(const char* output) {
    return backend_.allocate(golden_.outputs.at(output).shape.size());
  }
  void take_activation(const char* name, ConstArray from) {
    const Shape& shape = golden_.outputs.at(name).shape;
    std::vector<float>& values = outputs_[name];
    values.resize(static_cast<std::size_t>(shape.size()));
    backend_.synchronise();
    backend_.download_activation(shape, from, values);
  }
  void take_plain(const char* name, ConstArray from) {
    std::vector<float>& values = outputs_[name];
    values.resize(
        static_cast<std::size_t>(golden_.outputs.at(name).shape.size()));
    backend_.synchronise();
    backend_.download(from, values);
  }
  Outputs outputs() const { return outputs_; }

 private:
  const GoldenCase& golden_;
  Backend& backend_;
  Outputs outputs_;
};

/// Where winners are noted; null for an operation that has none.
template <class Block>
ByteArray winners_for(const Block& block, Backend& backend) {
  const std::int64_t size = backend.winners_size(block);
  return size == 0 ? nullptr : backend.allocate_bytes(size);
}

Outputs run_convolution(const GoldenCase& golden, Backend& backend,
                        bool relu_and_pool) {
  const Shape image = golden.shape_of("input");
  const Shape filter = golden.shape_of("weight");
  ConvolutionBlock block;
  block.geometry = {image.batch,
                    image.channels,
                    image.height,
                    image.width,
                    filter.batch,
                    filter.height,
                    filter.width,
                    golden.number("stride"),
                    golden.number("padding")};
  block.relu = relu_and_pool;
  block.pool = relu_and_pool ? 2 : 1;
  if (!backend.fuses(block)) return {};  // a network would not ask either
  backend.reserve_convolution(block);

  Bench bench(golden, backend);
  const ByteArray winners = winners_for(block, backend);
  const Array input = bench.activation("input");
  const Array weight = bench.plain("weight");
  const Array output = bench.empty("output");
  backend.convolution_forward(block, input, weight, bench.plain("bias"), output,
                              winners);
  bench.take_activation("output", output);

  const Array gradient = bench.activation("output_gradient");
  const Array input_gradient = bench.empty("input_gradient");
  const Array weight_gradient = bench.plain_empty("weight_gradient");
  const Array bias_gradient = bench.plain_empty("bias_gradient");
  backend.convolution_backward_filter(block, input, gradient, winners,
                                      weight_gradient, bias_gradient);
  backend.convolution_backward_input(block, gradient, winners, weight,
                                     input_gradient);
  bench.take_activation("input_gradient", input_gradient);
  bench.take_plain("weight_gradient", weight_gradient);
  bench.take_plain("bias_gradient", bias_gradient);
  return bench.outputs();
}

Outputs run_dense(const GoldenCase& golden, Backend& backend) {
  const Shape input_shape = golden.shape_of("input");
  const DenseGeometry dense{input_shape.batch, input_shape.channels,
                            golden.shape_of("weight").batch};
  backend.reserve_dense(dense);
  Bench bench(golden, backend);
  const Array input = bench.plain("input");
  const Array weight = bench.plain("weight");
  const Array output = bench.plain_empty("output");
  backend.dense_forward(dense, input, weight, bench.plain("bias"), output,
                        false);
  bench.take_plain("output", output);

  const Array gradient = bench.plain("output_gradient");
  const Array input_gradient = bench.plain_empty("input_gradient");
  const Array weight_gradient = bench.plain_empty("weight_gradient");
  const Array bias_gradient = bench.plain_empty("bias_gradient");
  backend.dense_backward_weight(dense, input, gradient, weight_gradient,
                                bias_gradient);
  backend.dense_backward_input(dense, gradient, weight, input_gradient);
  bench.take_plain("input_gradient", input_gradient);
  bench.take_plain("weight_gradient", weight_gradient);
  bench.take_plain("bias_gradient", bias_gradient);
  return bench.outputs();
}

Outputs run_relu(const GoldenCase& golden, Backend& backend) {
  const Shape shape = golden.shape_of("input");
  Bench bench(golden, backend);
  const Array output = bench.empty("output");
  const Array gradient = bench.empty("input_gradient");
  backend.relu_forward(shape, bench.activation("input"), output);
  backend.relu_backward(shape, output, bench.activation("output_gradient"),
                        gradient);
  bench.take_activation("output", output);
  bench.take_activation("input_gradient", gradient);
  return bench.outputs();
}

Outputs run_pool(const GoldenCase& golden, Backend& backend, bool maximum) {
  const PoolGeometry pool{golden.shape_of("input"), golden.number("size"),
                          golden.number("stride")};
  Bench bench(golden, backend);
  const Array input = bench.activation("input");
  const Array output = bench.empty("output");
  const Array output_gradient = bench.activation("output_gradient");
  const Array input_gradient = bench.empty("input_gradient");
  if (maximum) {
    backend.max_pool_forward(pool, input, output);
    backend.max_pool_backward(pool, input, output, output_gradient,
                              input_gradient);
  } else {
    backend.average_pool_forward(pool, input, output);
    backend.average_pool_backward(pool, output_gradient, input_gradient);
  }
  bench.take_activation("output", output);
  bench.take_activation("input_gradient", input_gradient);
  return bench.outputs();
}

Outputs run_flatten(const GoldenCase& golden, Backend& backend) {
  const Shape shape = golden.shape_of("input");
  Bench bench(golden, backend);
  const Array features = bench.plain_empty("output");
  const Array gradient = bench.empty("input_gradient");
  backend.flatten_forward(shape, bench.activation("input"), features);
  backend.flatten_backward(shape, bench.plain("output_gradient"), gradient);
  bench.take_plain("output", features);
  bench.take_activation("input_gradient", gradient);
  return bench.outputs();
}

Outputs run_batch_norm(const GoldenCase& golden, Backend& backend,
                       bool relu_and_pool) {
  BatchNormBlock block{golden.shape_of("input"), relu_and_pool,
                       relu_and_pool ? 2 : 1};
  if (!backend.fuses(block)) return {};
  backend.reserve_batch_norm(block);
  Bench bench(golden, backend);
  const std::int64_t channels = block.input.channels;
  const BatchNormArrays arrays{
      bench.plain("scale"),        bench.plain("shift"),
      bench.plain("running_mean"), bench.plain("running_variance"),
      backend.allocate(channels),  backend.allocate(channels)};
  const ByteArray winners = winners_for(block, backend);
  const Array input = bench.activation("input");
  const Array output = bench.empty("output");
  const auto epsilon = golden.numbers.at("epsilon").get<float>();
  if (golden.operation == "batch_norm_inference") {
    backend.batch_norm_inference(block, arrays, epsilon, input, output);
    bench.take_activation("output", output);
    return bench.outputs();
  }
  backend.batch_norm_forward(block, arrays,
                             golden.numbers.at("momentum").get<float>(),
                             epsilon, input, output, winners);
  bench.take_activation("output", output);

  const Array input_gradient = bench.empty("input_gradient");
  const Array scale_gradient = bench.plain_empty("scale_gradient");
  const Array shift_gradient = bench.plain_empty("shift_gradient");
  backend.batch_norm_backward(block, arrays, input,
                              bench.activation("output_gradient"), winners,
                              input_gradient, scale_gradient, shift_gradient);
  bench.take_activation("input_gradient", input_gradient);
  bench.take_plain("scale_gradient", scale_gradient);
  bench.take_plain("shift_gradient", shift_gradient);
  bench.take_plain("running_mean", arrays.running_mean);
  bench.take_plain("running_variance", arrays.running_variance);
  return bench.outputs();
}

Outputs run_loss(const GoldenCase& golden, Backend& backend) {
  const Shape shape = golden.shape_of("logits");
  const auto labels =
      golden.numbers.at("labels").get<std::vector<std::uint8_t>>();
  const ByteArray on_backend = backend.allocate_bytes(shape.batch);
  backend.upload_bytes(labels, on_backend);
  Bench bench(golden, backend);
  const Array gradient = bench.plain_empty("logit_gradient");
  const Array totals = backend.allocate(2);
  backend.softmax_cross_entropy(shape.batch, shape.channels,
                                bench.plain("logits"), on_backend, gradient,
                                totals);
  bench.take_plain("loss", totals);
  bench.take_plain("logit_gradient", gradient);
  return bench.outputs();
}

}  // namespace

Outputs run_golden(const GoldenCase& golden, Backend& backend) {
  const std::string& what = golden.operation;
  if (what == "conv2d") return run_convolution(golden, backend, false);
  if (what == "conv_block") return run_convolution(golden, backend, true);
  if (what == "dense") return run_dense(golden, backend);
  if (what == "relu") return run_relu(golden, backend);
  if (what == "max_pool") return run_pool(golden, backend, true);
  if (what == "average_pool") return run_pool(golden, backend, false);
  if (what == "flatten") return run_flatten(golden, backend);
  if (what == "batch_norm") return run_batch_norm(golden, backend, false);
  if (what == "batch_norm_inference") {
    return run_batch_norm(golden, backend, false);
  }
  if (what == "batch_norm_block") return run_batch_norm(golden, backend, true);
  if (what == "softmax_cross_entropy") return run_loss(golden, backend);
  throw std::invalid_argument("no such operation: " + what);
}

}  // namespace cnn::test
