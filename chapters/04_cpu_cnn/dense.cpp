// region quiet: includes
#include <fmt/format.h>

#include "chapters/04_cpu_cnn/fusing.hpp"
#include "chapters/04_cpu_cnn/initialise.hpp"
#include "chapters/04_cpu_cnn/layer_instance.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region dense-instance
namespace {

class DenseInstance : public LayerInstance {
 public:
  explicit DenseInstance(const DenseGeometry& geometry) : geometry_(geometry) {}

  bool absorb(const Layer& next, const Backend&) override {
    if (relu_ || !dynamic_cast<const Relu*>(&next)) return false;
    relu_ = true;
    return true;
  }

  MemoryUse memory_use() const override {
    return {.keeps_input = true, .keeps_output = relu_};
  }

  void reserve(Backend& backend, std::int64_t) override {
    backend.reserve_dense(geometry_);
  }

  void forward(Backend& backend, const LayerArrays& arrays,
               const Pass&) override {
    backend.dense_forward(geometry_, arrays.input, arrays.parameters[0],
                          arrays.parameters[1], arrays.output, relu_);
  }

  void backward(Backend& backend, const LayerArrays& arrays) override {
    if (relu_) {
      const Shape output{geometry_.batch, geometry_.outputs, 1, 1};
      backend.relu_backward(output, arrays.output, arrays.output_gradient,
                            arrays.output_gradient);
    }
    backend.dense_backward_weight(geometry_, arrays.input,
                                  arrays.output_gradient, arrays.gradients[0],
                                  arrays.gradients[1]);
    if (!arrays.input_gradient) return;
    backend.dense_backward_input(geometry_, arrays.output_gradient,
                                 arrays.parameters[0], arrays.input_gradient);
  }

 private:
  DenseGeometry geometry_;
  bool relu_ = false;
};
// endregion

// region dense-layer
class Dense : public Layer {
 public:
  Dense(std::int64_t outputs, Initialiser weight)
      : outputs_(outputs), weight_(weight) {}

  std::string description(const Shape& input) const override {
    return fmt::format("Dense({} -> {})", input.channels, outputs_);
  }

  Shape output_shape(const Shape& input) const override {
    require_features(*this, input);
    if (outputs_ < 1) {
      throw InputError(fmt::format("{} of input {} needs at least 1 output",
                                   description(input),
                                   to_string_of_one(input)));
    }
    return {input.batch, outputs_, 1, 1};
  }

  std::vector<Parameter> parameters(const Shape& input) const override {
    return {{.name = "weight",
             .shape = {outputs_, input.channels},
             .initialiser = weight_,
             .fan_in = input.channels,
             .fan_out = outputs_},
            {.name = "bias",
             .shape = {outputs_},
             .initialiser = bias_beside(weight_),
             .fan_in = input.channels,
             .fan_out = outputs_}};
  }

  std::int64_t multiply_adds(const Shape& input) const override {
    return input.batch * input.channels * outputs_;
  }

  std::unique_ptr<LayerInstance> instantiate(
      const Shape& input) const override {
    return std::make_unique<DenseInstance>(
        DenseGeometry{input.batch, input.channels, outputs_});
  }

 private:
  std::int64_t outputs_;
  Initialiser weight_;
};

}  // namespace

std::shared_ptr<const Layer> dense(std::int64_t outputs, Initialiser weight) {
  return std::make_shared<Dense>(outputs, weight);
}

}  // namespace cnn
// endregion
