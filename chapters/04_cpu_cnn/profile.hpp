// region quiet: includes
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/network.hpp"
#include "common/timing.hpp"

namespace cnn {
// endregion

// region summary
/// Layers as a table: output shape, parameters and multiply-adds of one
/// picture, and their totals.
std::string summary_table(std::span<const LayerSummary> layers);

/// Parameters of all layers, and multiply-adds of one picture.
std::int64_t total_parameters(std::span<const LayerSummary> layers);
/// Multiply-adds of all layers, for one picture.
std::int64_t total_multiply_adds(std::span<const LayerSummary> layers);

/// Floating point operations of one training step: two for a multiply-add, once
/// forward and twice back, but for the input of the first layer, whose gradient
/// nobody needs.
double step_flop(const Network& network);
/// The same of a network that is not there yet, in batches of so many pictures.
double step_flop(std::span<const LayerSummary> layers, std::int64_t batch);
// endregion

// region layer-times
/// How long one layer takes; nothing where it is part of a fused kernel, whose
/// time then is the first one's.
struct LayerTime {
  std::int64_t layer = 0;
  bool forward = true;
  Timing timing;
  double flop = 0;
};

/// Repeats `step` and times every layer, waiting for each: their sum is more
/// than a step takes without.
std::vector<LayerTime> time_layers(Network& network,
                                   const std::function<void()>& step,
                                   int repetitions);

/// Times and GFLOP/s, forward and back, side by side.
std::string layer_table(const Network& network,
                        std::span<const LayerTime> times);

}  // namespace cnn
// endregion
