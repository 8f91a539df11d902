// region quiet: includes
#include <fmt/format.h>

#include "chapters/04_cpu_cnn/fusing.hpp"
#include "chapters/04_cpu_cnn/initialise.hpp"
#include "chapters/04_cpu_cnn/layer_instance.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region conv2d-instance
namespace {

class Conv2dInstance : public LayerInstance {
 public:
  explicit Conv2dInstance(const ConvolutionGeometry& geometry)
      : block_{.geometry = geometry} {}

  bool absorb(const Layer& next, const Backend& backend) override {
    return absorb_into(block_, next, backend);
  }

  MemoryUse memory_use() const override { return {.keeps_input = true}; }

  void reserve(Backend& backend, std::int64_t) override {
    backend.reserve_convolution(block_);
    winners_ = backend.allocate_bytes(backend.winners_size(block_));
  }

  void forward(Backend& backend, const LayerArrays& arrays,
               const Pass& pass) override {
    backend.convolution_forward(block_, arrays.input, arrays.parameters[0],
                                arrays.parameters[1], arrays.output,
                                pass.training ? winners_ : nullptr);
  }

  void backward(Backend& backend, const LayerArrays& arrays) override {
    backend.convolution_backward_filter(
        block_, arrays.input, arrays.output_gradient, winners_,
        arrays.gradients[0], arrays.gradients[1]);
    if (!arrays.input_gradient) return;
    backend.convolution_backward_input(block_, arrays.output_gradient, winners_,
                                       arrays.parameters[0],
                                       arrays.input_gradient);
  }

 private:
  ConvolutionBlock block_;
  ByteArray winners_ = nullptr;
};
// endregion

// region conv2d-layer
class Conv2d : public Layer {
 public:
  Conv2d(std::int64_t output_channels, std::int64_t kernel, std::int64_t stride,
         std::int64_t padding, Initialiser weight)
      : output_channels_(output_channels),
        kernel_(kernel),
        stride_(stride),
        padding_(padding),
        weight_(weight) {}

  std::string description(const Shape& input) const override {
    std::string text =
        fmt::format("Conv2d({} -> {}, kernel {}x{}", input.channels,
                    output_channels_, kernel_, kernel_);
    if (stride_ != 1) text += fmt::format(", stride {}", stride_);
    if (padding_ != 0) text += fmt::format(", padding {}", padding_);
    return text + ")";
  }

  Shape output_shape(const Shape& input) const override {
    try {
      geometry(input).validate();
    } catch (const InputError& error) {
      throw InputError(fmt::format("{} does not fit its input {}: {}",
                                   description(input), to_string_of_one(input),
                                   error.what()));
    }
    return geometry(input).output_shape();
  }
  // endregion

  // region conv2d-parameters
  std::vector<Parameter> parameters(const Shape& input) const override {
    const std::int64_t area = kernel_ * kernel_;
    const std::int64_t fan_in = input.channels * area;
    const std::int64_t fan_out = output_channels_ * area;
    return {{.name = "weight",
             .shape = {output_channels_, input.channels, kernel_, kernel_},
             .initialiser = weight_,
             .fan_in = fan_in,
             .fan_out = fan_out},
            {.name = "bias",
             .shape = {output_channels_},
             .initialiser = bias_beside(weight_),
             .fan_in = fan_in,
             .fan_out = fan_out}};
  }

  std::int64_t multiply_adds(const Shape& input) const override {
    return output_shape(input).size() * geometry(input).terms();
  }

  std::unique_ptr<LayerInstance> instantiate(
      const Shape& input) const override {
    return std::make_unique<Conv2dInstance>(geometry(input));
  }
  // endregion

  // region conv2d-members
 private:
  ConvolutionGeometry geometry(const Shape& input) const {
    return {input.batch, input.channels,   input.height,
            input.width, output_channels_, kernel_,
            kernel_,     stride_,          padding_};
  }

  std::int64_t output_channels_;
  std::int64_t kernel_;
  std::int64_t stride_;
  std::int64_t padding_;
  Initialiser weight_;
};

}  // namespace

std::shared_ptr<const Layer> conv2d(std::int64_t output_channels,
                                    std::int64_t kernel, std::int64_t stride,
                                    std::int64_t padding, Initialiser weight) {
  return std::make_shared<Conv2d>(output_channels, kernel, stride, padding,
                                  weight);
}

}  // namespace cnn
// endregion
