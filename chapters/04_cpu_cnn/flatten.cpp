// region quiet: includes
#include "chapters/04_cpu_cnn/layer_instance.hpp"

namespace cnn {
// endregion

// region flatten-layer
namespace {

class FlattenInstance : public LayerInstance {
 public:
  explicit FlattenInstance(const Shape& input) : input_(input) {}

  MemoryUse memory_use() const override { return {}; }

  void reserve(Backend&, std::int64_t) override {}

  void forward(Backend& backend, const LayerArrays& arrays,
               const Pass&) override {
    backend.flatten_forward(input_, arrays.input, arrays.output);
  }

  void backward(Backend& backend, const LayerArrays& arrays) override {
    if (!arrays.input_gradient) return;
    backend.flatten_backward(input_, arrays.output_gradient,
                             arrays.input_gradient);
  }

 private:
  Shape input_;
};

class Flatten : public Layer {
 public:
  std::string description(const Shape&) const override { return "Flatten"; }

  Shape output_shape(const Shape& input) const override {
    return {input.batch, input.channels * input.height * input.width, 1, 1};
  }

  std::unique_ptr<LayerInstance> instantiate(
      const Shape& input) const override {
    return std::make_unique<FlattenInstance>(input);
  }
};

}  // namespace

std::shared_ptr<const Layer> flatten() {
  return std::make_shared<Flatten>();
}

}  // namespace cnn
// endregion
