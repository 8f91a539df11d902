// region quiet: includes
#include "chapters/04_cpu_cnn/fusing.hpp"
#include "chapters/04_cpu_cnn/layer_instance.hpp"

namespace cnn {
// endregion

// region relu-layer
namespace {

class ReluInstance : public LayerInstance {
 public:
  explicit ReluInstance(const Shape& shape) : shape_(shape) {}

  MemoryUse memory_use() const override {
    return {.keeps_output = true, .in_place = true};
  }

  void reserve(Backend&, std::int64_t) override {}

  void forward(Backend& backend, const LayerArrays& arrays,
               const Pass&) override {
    backend.relu_forward(shape_, arrays.input, arrays.output);
  }

  void backward(Backend& backend, const LayerArrays& arrays) override {
    if (!arrays.input_gradient) return;
    backend.relu_backward(shape_, arrays.output, arrays.output_gradient,
                          arrays.input_gradient);
  }

 private:
  Shape shape_;
};

}  // namespace

std::string Relu::description(const Shape&) const {
  return "ReLU";
}

Shape Relu::output_shape(const Shape& input) const {
  return input;
}

std::unique_ptr<LayerInstance> Relu::instantiate(const Shape& input) const {
  return std::make_unique<ReluInstance>(input);
}

std::shared_ptr<const Layer> relu() {
  return std::make_shared<Relu>();
}

}  // namespace cnn
// endregion
