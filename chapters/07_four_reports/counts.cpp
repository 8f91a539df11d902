// region quiet: includes
#include "chapters/07_four_reports/counts.hpp"

#include <cmath>
#include <string>

#include "chapters/04_cpu_cnn/network.hpp"
#include "chapters/04_cpu_cnn/profile.hpp"
#include "chapters/07_four_reports/notation.hpp"
// endregion

// region without-batch-norm
namespace cnn {
namespace {

/// The report's figures come out to the digit when batch normalisation, which
/// it says was there, is left out of the count.
std::string without_batch_norm(std::string layers) {
  const std::string piece = "BN-";
  for (auto at = layers.find(piece); at != std::string::npos;
       at = layers.find(piece)) {
    layers.erase(at, piece.size());
  }
  return layers;
}

}  // namespace
// endregion

// region count-as-reported
Counts count_as_reported(const Experiment& experiment, const Shape& picture) {
  const auto model =
      network_from(without_batch_norm(experiment.layers), experiment.weight);
  Counts counts;
  for (const LayerSummary& layer : summarise(model, picture)) {
    if (layer.parameters == 0) continue;
    // One bias for each channel, added at each of its pixels.
    const std::int64_t outputs =
        layer.output.channels * layer.output.height * layer.output.width;
    counts.weights += static_cast<double>(layer.parameters);
    counts.multiply_adds +=
        static_cast<double>(experiment.batch * (layer.multiply_adds + outputs));
  }
  return counts;
}
// endregion

// region effort-of
Effort effort_of(const Experiment& experiment, const Dataset& pictures) {
  const auto layers = summarise(
      network_from(
          with_classes(experiment.layers, std::ssize(pictures.class_names)),
          experiment.weight),
      {1, pictures.channels, pictures.height, pictures.width});
  const std::int64_t aside =
      std::llround(experiment.validation * static_cast<double>(pictures.count));
  return {.parameters = total_parameters(layers),
          .multiply_adds = total_multiply_adds(layers),
          .steps = (pictures.count - aside) / experiment.batch,
          .step_flop = step_flop(layers, experiment.batch)};
}

}  // namespace cnn
// endregion
