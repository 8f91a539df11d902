// region quiet: includes
#include "chapters/07_four_reports/model.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "chapters/04_cpu_cnn/trainer.hpp"
#include "chapters/04_cpu_cnn/weights_file.hpp"
#include "chapters/07_four_reports/notation.hpp"
// endregion

// region model-arrays
namespace cnn {

Sequential layers_of(const Model& model) {
  // However the weights begin: others come over them.
  return network_from(model.layers, {Initialiser::Kind::kConstant, 0});
}

ModelArrays arrays_of(const Model& model) {
  const Sequential layers = layers_of(model);
  const std::vector<Shape> outputs = output_shapes(layers, model.picture);
  ModelArrays arrays;
  Shape input = model.picture;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto number = static_cast<std::int64_t>(i);
    arrays.parameters.add(number, layers.layers[i]->parameters(input));
    arrays.buffers.add(number, layers.layers[i]->buffers(input));
    input = outputs[i];
  }
  return arrays;
}
// endregion

// region model-of
Model model_of(const Network& network, std::string layers,
               const Dataset& pictures, const PixelScaling& scaling,
               std::string recipe) {
  const Weights weights = download_weights(network);
  Model model{
      .layers = std::move(layers),
      .picture = {1, pictures.channels, pictures.height, pictures.width},
      .scaling = scaling,
      .ground = ground_of(pictures),
      .class_names = pictures.class_names,
      .recipe = std::move(recipe),
      .tensors = to_tensors(network.parameters(), weights.parameters)};
  std::ranges::move(to_tensors(network.buffers(), weights.buffers),
                    std::back_inserter(model.tensors));
  return model;
}

std::unique_ptr<Network> network_of(const Model& model, Backend& backend,
                                    std::int64_t batch) {
  Shape input = model.picture;
  input.batch = batch;
  auto network = std::make_unique<Network>(layers_of(model), input, backend, 1);
  Weights weights = download_weights(*network);
  const Safetensors contents{model.tensors, {}};
  from_tensors(network->parameters(), contents, "model", weights.parameters);
  from_tensors(network->buffers(), contents, "model", weights.buffers);
  upload_weights(weights, *network);
  return network;
}

}  // namespace cnn
// endregion
