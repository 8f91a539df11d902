// region quiet: includes
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/arena.hpp"
#include "chapters/04_cpu_cnn/device_dataset.hpp"
#include "chapters/04_cpu_cnn/safetensors.hpp"
#include "chapters/07_four_reports/ground.hpp"
// endregion

// region model
namespace cnn {

/// A trained network, and all that one needs to know to use it.
struct Model {
  std::string layers;              ///< for network_from(): "8C3p1-R-P2-D0.3-10"
  Shape picture;                   ///< 1xCxHxW
  PixelScaling scaling;            ///< how its bytes become numbers
  Ground ground = Ground::kMixed;  ///< of the pictures it learnt from
  std::vector<std::string> class_names;  ///< one for each output
  std::string recipe;                    ///< how it was trained, in words
  /// Parameters and buffers, named as PyTorch's Sequential names them.
  std::vector<NamedTensor> tensors;
};

/// What `network` has learnt from `pictures`.
/// @param layers the line that the network was made from
Model model_of(const Network& network, std::string layers,
               const Dataset& pictures, const PixelScaling& scaling,
               std::string recipe);

/// The network again, where `backend` computes.
/// @param batch at least 2 where features are normalised
std::unique_ptr<Network> network_of(const Model& model, Backend& backend,
                                    std::int64_t batch);

/// Its layers. Throws InputError when the line is none.
Sequential layers_of(const Model& model);

/// What the layers learn (parameters) and keep (buffers), with their shapes.
struct ModelArrays {
  Arena parameters;
  Arena buffers;
};
/// Throws InputError when line and picture do not fit.
ModelArrays arrays_of(const Model& model);

}  // namespace cnn
// endregion
