// region quiet: includes
#include <fmt/format.h>

#include "chapters/04_cpu_cnn/fusing.hpp"
#include "chapters/04_cpu_cnn/layer_instance.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region pooling-instances
namespace {

class MaxPoolInstance : public LayerInstance {
 public:
  explicit MaxPoolInstance(const PoolGeometry& pool) : pool_(pool) {}

  MemoryUse memory_use() const override {
    return {.keeps_input = true, .keeps_output = true};
  }

  void reserve(Backend&, std::int64_t) override {}

  void forward(Backend& backend, const LayerArrays& arrays,
               const Pass&) override {
    backend.max_pool_forward(pool_, arrays.input, arrays.output);
  }

  void backward(Backend& backend, const LayerArrays& arrays) override {
    if (!arrays.input_gradient) return;
    backend.max_pool_backward(pool_, arrays.input, arrays.output,
                              arrays.output_gradient, arrays.input_gradient);
  }

 private:
  PoolGeometry pool_;
};

class AveragePoolInstance : public LayerInstance {
 public:
  explicit AveragePoolInstance(const PoolGeometry& pool) : pool_(pool) {}

  MemoryUse memory_use() const override { return {}; }

  void reserve(Backend&, std::int64_t) override {}

  void forward(Backend& backend, const LayerArrays& arrays,
               const Pass&) override {
    backend.average_pool_forward(pool_, arrays.input, arrays.output);
  }

  void backward(Backend& backend, const LayerArrays& arrays) override {
    if (!arrays.input_gradient) return;
    backend.average_pool_backward(pool_, arrays.output_gradient,
                                  arrays.input_gradient);
  }

 private:
  PoolGeometry pool_;
};
// endregion

// region pooling-shapes
std::string describe_pool(const char* name, std::int64_t size,
                          std::int64_t stride) {
  std::string text = fmt::format("{}({}x{}", name, size, size);
  if (stride != size) text += fmt::format(", stride {}", stride);
  return text + ")";
}

Shape pool_output(const Layer& layer, const PoolGeometry& pool) {
  try {
    pool.validate();
  } catch (const InputError& error) {
    throw InputError(fmt::format("{} does not fit its input {}: {}",
                                 layer.description(pool.input),
                                 to_string_of_one(pool.input), error.what()));
  }
  return pool.output();
}
// endregion

// region average-pool-layer
class AveragePool2d : public Layer {
 public:
  AveragePool2d(std::int64_t size, std::int64_t stride)
      : size_(size), stride_(stride) {}

  std::string description(const Shape&) const override {
    return describe_pool("AveragePool2d", size_, stride_);
  }

  Shape output_shape(const Shape& input) const override {
    return pool_output(*this, {input, size_, stride_});
  }

  std::unique_ptr<LayerInstance> instantiate(
      const Shape& input) const override {
    return std::make_unique<AveragePoolInstance>(
        PoolGeometry{input, size_, stride_});
  }

 private:
  std::int64_t size_;
  std::int64_t stride_;
};

}  // namespace
// endregion

// region max-pool-layer
std::string MaxPool2d::description(const Shape&) const {
  return describe_pool("MaxPool2d", size_, stride_);
}

Shape MaxPool2d::output_shape(const Shape& input) const {
  return pool_output(*this, {input, size_, stride_});
}

std::unique_ptr<LayerInstance> MaxPool2d::instantiate(
    const Shape& input) const {
  return std::make_unique<MaxPoolInstance>(PoolGeometry{input, size_, stride_});
}
// endregion

// region pooling-makers
std::shared_ptr<const Layer> max_pool2d(std::int64_t size,
                                        std::int64_t stride) {
  return std::make_shared<MaxPool2d>(size, stride == 0 ? size : stride);
}

std::shared_ptr<const Layer> average_pool2d(std::int64_t size,
                                            std::int64_t stride) {
  return std::make_shared<AveragePool2d>(size, stride == 0 ? size : stride);
}

}  // namespace cnn
// endregion
