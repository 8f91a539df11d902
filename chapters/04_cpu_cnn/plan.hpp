// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "chapters/04_cpu_cnn/layer_instance.hpp"

namespace cnn {
// endregion

// region step
/// One thing that a network does: a layer, or several in one operation.
struct Step {
  std::unique_ptr<LayerInstance> instance;
  std::int64_t first_layer = 0;
  std::int64_t last_layer = 0;
  Shape input;
  Shape output;
  MemoryUse use;
  LayerArrays arrays;
};
// endregion

// region plan-declarations
/// The steps of a network: each layer takes in those after it, as far as the
/// backend can do them together.
std::vector<Step> make_steps(const Sequential& model, const Shape& input,
                             const Backend& backend);

/// The number of the first step that learns something; no gradient need go
/// further back than there. As many as there are steps, if none learns.
std::size_t first_learning_step(const std::vector<Step>& steps,
                                const Sequential& model);

/// Allocates all activations and all their gradients, once, and tells each step
/// where its own lie. Activations are kept for the way back, but steps that can
/// work in place do. Gradients live from one step back to the next only: two
/// arrays in turn hold all of them, or the activation that they may overwrite.
void place_arrays(std::vector<Step>& steps, std::size_t first_learning,
                  Array input, Backend& backend);

}  // namespace cnn
// endregion
