#include "tests/chapters/07_four_reports/onnx_reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "common/error_bound.hpp"

namespace cnn::test {
namespace {

// Beside one rounding for each product of a sum: bias, and the factors that a
// runtime may have multiplied into the weights beforehand.
constexpr std::int64_t kMoreRoundings = 8;

std::int64_t product(std::span<const std::int64_t> extents) {
  std::int64_t size = 1;
  for (const std::int64_t extent : extents) size *= extent;
  return size;
}

/// A sum of products of exact weights with bounded numbers.
class Sum {
 public:
  void add(double weight, const Bounded& number) {
    value_ += weight * number.value;
    inherited_ += std::abs(weight) * number.error;
    magnitude_ += std::abs(weight) * (std::abs(number.value) + number.error);
    ++terms_;
  }
  Bounded result() const {
    return {value_,
            inherited_ + gamma_bound(terms_ + kMoreRoundings) * magnitude_};
  }

 private:
  double value_ = 0;
  double inherited_ = 0;
  double magnitude_ = 0;
  std::int64_t terms_ = 0;
};

class Runner {
 public:
  explicit Runner(const onnx::GraphProto& graph) {
    for (const onnx::TensorProto& tensor : graph.initializer()) {
      BoundedArray array{{tensor.dims().begin(), tensor.dims().end()}, {}};
      std::vector<float> floats(tensor.raw_data().size() / sizeof(float));
      if (tensor.data_type() != onnx::TensorProto::FLOAT ||
          product(array.shape) != std::ssize(floats)) {
        throw std::invalid_argument("constant " + tensor.name());
      }
      std::memcpy(floats.data(), tensor.raw_data().data(),
                  tensor.raw_data().size());
      for (const float value : floats) array.numbers.push_back({value, 0});
      arrays_[tensor.name()] = std::move(array);
    }
  }

  void define(const std::string& name, BoundedArray array) {
    arrays_[name] = std::move(array);
  }

  void run(const onnx::NodeProto& node) {
    node_ = &node;
    const std::string& type = node.op_type();
    BoundedArray output;
    if (type == "Cast") {
      output = input(0);
    } else if (type == "Mul" || type == "Add") {
      output = broadcast(type == "Mul");
    } else if (type == "Conv") {
      output = convolution();
    } else if (type == "BatchNormalization") {
      output = batch_norm();
    } else if (type == "Relu") {
      output = input(0);
      for (Bounded& number : output.numbers) {
        number.value = std::max(number.value, 0.0);
      }
    } else if (type == "MaxPool" || type == "AveragePool") {
      output = pool(type == "MaxPool");
    } else if (type == "Flatten") {
      output = input(0);
      const std::int64_t batch = output.shape.at(0);
      output.shape = {batch, product(output.shape) / batch};
    } else if (type == "Gemm") {
      output = dense();
    } else if (type == "Softmax") {
      output = softmax();
    } else {
      throw std::invalid_argument("operator " + type);
    }
    arrays_[node.output(0)] = std::move(output);
  }

  std::map<std::string, BoundedArray> take() { return std::move(arrays_); }

 private:
  const BoundedArray& input(int index) const {
    const auto found = arrays_.find(node_->input(index));
    if (found == arrays_.end()) {
      throw std::invalid_argument("no array " + node_->input(index));
    }
    return found->second;
  }

  double constant(int index, std::int64_t at) const {
    return input(index).numbers.at(static_cast<std::size_t>(at)).value;
  }

  const onnx::AttributeProto& attribute(const char* name) const {
    for (const auto& each : node_->attribute()) {
      if (each.name() == name) return each;
    }
    throw std::invalid_argument(node_->name() + " without " + name);
  }

  /// The same for both axes.
  std::int64_t both(const char* name) const {
    const auto& numbers = attribute(name).ints();
    if (numbers.empty() ||
        std::ranges::count(numbers, numbers[0]) != numbers.size()) {
      throw std::invalid_argument(node_->name() + ": " + name);
    }
    return numbers[0];
  }

  /// A factor or a summand for each channel.
  BoundedArray broadcast(bool multiply) const {
    BoundedArray output = input(0);
    const auto& shape = input(1).shape;
    if (shape.size() != 3 || shape[1] != 1 || shape[2] != 1) {
      throw std::invalid_argument(node_->name() + ": shape of its constant");
    }
    const std::int64_t plane = output.shape.at(2) * output.shape.at(3);
    for (std::size_t i = 0; i < output.numbers.size(); ++i) {
      const auto channel =
          static_cast<std::int64_t>(i) / plane % output.shape[1];
      const double other = constant(1, channel);
      Sum sum;
      sum.add(multiply ? other : 1, output.numbers[i]);
      if (!multiply) sum.add(1, {other, 0});
      output.numbers[i] = sum.result();
    }
    return output;
  }

  BoundedArray convolution() const {
    const BoundedArray& in = input(0);
    const BoundedArray& weight = input(1);
    const std::int64_t stride = both("strides");
    const std::int64_t padding = both("pads");
    const std::int64_t kernel = both("kernel_shape");
    const std::int64_t channels = in.shape.at(1);
    const std::int64_t height = in.shape.at(2);
    const std::int64_t width = in.shape.at(3);
    const std::vector<std::int64_t> expected{weight.shape.at(0), channels,
                                             kernel, kernel};
    if (weight.shape != expected) throw std::invalid_argument("weights");
    const auto outputs = [&](std::int64_t size) {
      return (size + 2 * padding - kernel) / stride + 1;
    };
    BoundedArray out{
        {in.shape[0], weight.shape[0], outputs(height), outputs(width)}, {}};
    for (std::int64_t n = 0; n < out.shape[0]; ++n) {
      for (std::int64_t o = 0; o < out.shape[1]; ++o) {
        for (std::int64_t y = 0; y < out.shape[2]; ++y) {
          for (std::int64_t x = 0; x < out.shape[3]; ++x) {
            Sum sum;
            sum.add(1, {constant(2, o), 0});
            for (std::int64_t c = 0; c < channels; ++c) {
              for (std::int64_t i = 0; i < kernel * kernel; ++i) {
                const std::int64_t row = y * stride + i / kernel - padding;
                const std::int64_t column = x * stride + i % kernel - padding;
                if (row < 0 || row >= height || column < 0 || column >= width) {
                  continue;
                }
                const std::int64_t at =
                    ((n * channels + c) * height + row) * width + column;
                sum.add(constant(1, (o * channels + c) * kernel * kernel + i),
                        in.numbers[static_cast<std::size_t>(at)]);
              }
            }
            out.numbers.push_back(sum.result());
          }
        }
      }
    }
    return out;
  }

  BoundedArray batch_norm() const {
    BoundedArray output = input(0);
    const double epsilon = attribute("epsilon").f();
    std::int64_t plane = 1;
    for (std::size_t i = 2; i < output.shape.size(); ++i) {
      plane *= output.shape[i];
    }
    for (std::size_t i = 0; i < output.numbers.size(); ++i) {
      const auto channel =
          static_cast<std::int64_t>(i) / plane % output.shape.at(1);
      const double factor =
          constant(1, channel) / std::sqrt(constant(4, channel) + epsilon);
      Sum sum;
      sum.add(factor, output.numbers[i]);
      sum.add(-factor, {constant(3, channel), 0});
      sum.add(1, {constant(2, channel), 0});
      output.numbers[i] = sum.result();
    }
    return output;
  }

  BoundedArray pool(bool largest) const {
    const BoundedArray& in = input(0);
    const std::int64_t size = both("kernel_shape");
    const std::int64_t stride = both("strides");
    const std::int64_t height = in.shape.at(2);
    const std::int64_t width = in.shape.at(3);
    BoundedArray out{{in.shape[0], in.shape[1], (height - size) / stride + 1,
                      (width - size) / stride + 1},
                     {}};
    for (std::int64_t plane = 0; plane < in.shape[0] * in.shape[1]; ++plane) {
      for (std::int64_t y = 0; y < out.shape[2]; ++y) {
        for (std::int64_t x = 0; x < out.shape[3]; ++x) {
          Sum sum;
          Bounded most{-INFINITY, 0};
          for (std::int64_t i = 0; i < size * size; ++i) {
            const std::int64_t row = y * stride + i / size;
            const std::int64_t column = x * stride + i % size;
            const auto at = static_cast<std::size_t>(
                (plane * height + row) * width + column);
            const Bounded& number = in.numbers[at];
            sum.add(1.0 / static_cast<double>(size * size), number);
            most.value = std::max(most.value, number.value);
            most.error = std::max(most.error, number.error);
          }
          out.numbers.push_back(largest ? most : sum.result());
        }
      }
    }
    return out;
  }

  BoundedArray dense() const {
    const BoundedArray& in = input(0);
    const BoundedArray& weight = input(1);
    const std::int64_t features = in.shape.at(1);
    if (attribute("transB").i() != 1 || in.shape.size() != 2 ||
        weight.shape.at(1) != features) {
      throw std::invalid_argument(node_->name() + ": weights or their order");
    }
    BoundedArray out{{in.shape[0], weight.shape[0]}, {}};
    for (std::int64_t n = 0; n < out.shape[0]; ++n) {
      for (std::int64_t o = 0; o < out.shape[1]; ++o) {
        Sum sum;
        sum.add(1, {constant(2, o), 0});
        for (std::int64_t i = 0; i < features; ++i) {
          sum.add(constant(1, o * features + i),
                  in.numbers[static_cast<std::size_t>(n * features + i)]);
        }
        out.numbers.push_back(sum.result());
      }
    }
    return out;
  }

  /// Values only: nothing is compared with their bounds.
  BoundedArray softmax() const {
    if (attribute("axis").i() != 1) throw std::invalid_argument("axis");
    BoundedArray output = input(0);
    const auto classes = static_cast<std::size_t>(output.shape.at(1));
    for (std::size_t row = 0; row < output.numbers.size(); row += classes) {
      const auto own = std::span(output.numbers).subspan(row, classes);
      double most = -INFINITY;
      for (const Bounded& number : own) most = std::max(most, number.value);
      double sum = 0;
      for (Bounded& number : own) {
        number = {std::exp(number.value - most), INFINITY};
        sum += number.value;
      }
      for (Bounded& number : own) number.value /= sum;
    }
    return output;
  }

  std::map<std::string, BoundedArray> arrays_;
  const onnx::NodeProto* node_ = nullptr;
};

}  // namespace

std::map<std::string, BoundedArray> run_onnx(
    const onnx::ModelProto& model, std::span<const std::uint8_t> pixels,
    std::int64_t count) {
  const onnx::GraphProto& graph = model.graph();
  const auto& type = graph.input(0).type().tensor_type();
  BoundedArray pictures{{count}, {}};
  for (int i = 1; i < type.shape().dim_size(); ++i) {
    pictures.shape.push_back(type.shape().dim(i).dim_value());
  }
  if (type.elem_type() != onnx::TensorProto::UINT8 ||
      product(pictures.shape) != std::ssize(pixels)) {
    throw std::invalid_argument("the graph's input");
  }
  for (const std::uint8_t byte : pixels) {
    pictures.numbers.push_back({static_cast<double>(byte), 0});
  }
  Runner runner(graph);
  runner.define(graph.input(0).name(), std::move(pictures));
  for (const onnx::NodeProto& node : graph.node()) runner.run(node);
  return runner.take();
}

}  // namespace cnn::test
