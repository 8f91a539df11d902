// region quiet: includes
#include <fmt/format.h>

#include "chapters/04_cpu_cnn/layer_instance.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region dropout-instance
namespace {

class DropoutInstance : public LayerInstance {
 public:
  DropoutInstance(const Shape& shape, float probability)
      : shape_(shape), probability_(probability) {}

  MemoryUse memory_use() const override { return {.in_place = true}; }

  void reserve(Backend&, std::int64_t layer) override {
    numbers_.stream = kDropoutStreams + static_cast<std::uint64_t>(layer);
  }

  void forward(Backend& backend, const LayerArrays& arrays,
               const Pass& pass) override {
    numbers_.seed = pass.seed;
    numbers_.step = pass.step;
    numbers_.probability = pass.training ? probability_ : 0;
    backend.dropout_forward(shape_, numbers_, arrays.input, arrays.output);
  }

  void backward(Backend& backend, const LayerArrays& arrays) override {
    if (!arrays.input_gradient) return;
    // The numbers of the forward pass once more, and so the same mask.
    backend.dropout_backward(shape_, numbers_, arrays.output_gradient,
                             arrays.input_gradient);
  }

 private:
  Shape shape_;
  float probability_;
  DropoutNumbers numbers_;
};
// endregion

// region dropout-layer
class Dropout : public Layer {
 public:
  explicit Dropout(float probability) : probability_(probability) {
    if (!(probability >= 0 && probability < 1)) {
      throw InputError(
          fmt::format("dropout: probability {} is not in [0, 1)", probability));
    }
  }

  std::string description(const Shape&) const override {
    return fmt::format("Dropout({})", probability_);
  }

  Shape output_shape(const Shape& input) const override { return input; }

  std::unique_ptr<LayerInstance> instantiate(
      const Shape& input) const override {
    return std::make_unique<DropoutInstance>(input, probability_);
  }

 private:
  float probability_;
};

}  // namespace

std::shared_ptr<const Layer> dropout(float probability) {
  return std::make_shared<Dropout>(probability);
}

}  // namespace cnn
// endregion
