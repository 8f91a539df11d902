// region quiet: includes
#include "chapters/04_cpu_cnn/sequential.hpp"

#include <fmt/format.h>

#include "chapters/04_cpu_cnn/layer_instance.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region parameter-size
std::int64_t Parameter::size() const {
  std::int64_t size = 1;
  for (const std::int64_t extent : shape) size *= extent;
  return size;
}
// endregion

// region layer-defaults
std::vector<Parameter> Layer::parameters(const Shape&) const {
  return {};
}
std::vector<Parameter> Layer::buffers(const Shape&) const {
  return {};
}
std::int64_t Layer::multiply_adds(const Shape&) const {
  return 0;
}
bool LayerInstance::absorb(const Layer&, const Backend&) {
  return false;
}
// endregion

// region output-shapes
std::vector<Shape> output_shapes(const Sequential& model, const Shape& input) {
  std::vector<Shape> shapes;
  Shape shape = input;
  for (const auto& layer : model.layers) {
    try {
      shape = layer->output_shape(shape);
    } catch (const InputError& error) {
      throw InputError(
          fmt::format("layer {}: {}", shapes.size(), error.what()));
    }
    shapes.push_back(shape);
  }
  return shapes;
}
// endregion

// region require-features
std::string to_string_of_one(const Shape& shape) {
  return fmt::format("{}x{}x{}", shape.channels, shape.height, shape.width);
}

void require_features(const Layer& layer, const Shape& input) {
  if (input.height == 1 && input.width == 1) return;
  throw InputError(fmt::format(
      "{} takes features ({}x1x1), but its input is {}: flatten() is missing",
      layer.description(input), input.channels * input.height * input.width,
      to_string_of_one(input)));
}

}  // namespace cnn
// endregion
