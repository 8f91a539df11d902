// region quiet: includes
#include "chapters/04_cpu_cnn/profile.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "common/report.hpp"

namespace cnn {
// endregion

// region totals
std::int64_t total_parameters(std::span<const LayerSummary> layers) {
  std::int64_t sum = 0;
  for (const LayerSummary& layer : layers) sum += layer.parameters;
  return sum;
}

std::int64_t total_multiply_adds(std::span<const LayerSummary> layers) {
  std::int64_t sum = 0;
  for (const LayerSummary& layer : layers) sum += layer.multiply_adds;
  return sum;
}
// endregion

// region summary-table
namespace {

std::string count_or_dash(std::int64_t count) {
  return count > 0 ? format_count(count) : "-";
}

std::string output_text(const Shape& shape) {
  return shape.height * shape.width == 1
             ? std::to_string(shape.channels)
             : fmt::format("{}x{}x{}", shape.channels, shape.height,
                           shape.width);
}

}  // namespace

std::string summary_table(std::span<const LayerSummary> layers) {
  std::string text = fmt::format("  {:<36}{:>12}{:>13}{:>15}\n", "layer",
                                 "output", "parameters", "multiply-adds");
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerSummary& layer = layers[i];
    text +=
        fmt::format("  {:<36}{:>12}{:>13}{:>15}\n",
                    fmt::format("{:>2} {}", i, layer.description),
                    output_text(layer.output), count_or_dash(layer.parameters),
                    count_or_dash(layer.multiply_adds));
  }
  text += fmt::format("  {:<36}{:>12}{:>13}{:>15}\n", "   all", "",
                      format_count(total_parameters(layers)),
                      format_count(total_multiply_adds(layers)));
  return text;
}
// endregion

// region step-flop
namespace {

/// One layer's, for the whole batch.
double layer_flop(std::span<const LayerSummary> layers, std::int64_t batch,
                  std::int64_t layer, bool forward) {
  const double flop =
      2.0 * static_cast<double>(batch) *
      static_cast<double>(
          layers[static_cast<std::size_t>(layer)].multiply_adds);
  const bool input_gradient = layer > 0;
  return forward ? flop : (input_gradient ? 2 : 1) * flop;
}

}  // namespace

double step_flop(std::span<const LayerSummary> layers, std::int64_t batch) {
  double sum = 0;
  for (std::int64_t layer = 0; layer < std::ssize(layers); ++layer) {
    sum += layer_flop(layers, batch, layer, true) +
           layer_flop(layers, batch, layer, false);
  }
  return sum;
}

double step_flop(const Network& network) {
  return step_flop(network.layers(), network.input_shape().batch);
}
// endregion

// region time-layers
std::vector<LayerTime> time_layers(Network& network,
                                   const std::function<void()>& step,
                                   int repetitions) {
  step();  // warm
  std::map<std::pair<std::int64_t, bool>, std::vector<double>> seconds;
  network.observe([&](std::int64_t layer, bool forward, double taken) {
    seconds[{layer, forward}].push_back(taken);
  });
  for (int i = 0; i < repetitions; ++i) step();
  network.observe({});

  std::vector<LayerTime> times;
  for (const auto& [which, samples] : seconds) {
    const auto [layer, forward] = which;
    times.push_back(
        {layer, forward,
         summarise(samples, "as in training: the layer before has just run"),
         layer_flop(network.layers(), network.input_shape().batch, layer,
                    forward)});
  }
  return times;
}
// endregion

// region layer-table
std::string layer_table(const Network& network,
                        std::span<const LayerTime> times) {
  const auto cell = [&](std::int64_t layer, bool forward) {
    for (const LayerTime& time : times) {
      if (time.layer != layer || time.forward != forward) continue;
      const double seconds = time.timing.median_s;
      return fmt::format(
          "{:>12}{:>9}", format_seconds(seconds),
          time.flop > 0 ? format_number(time.flop / seconds / 1e9) : "-");
    }
    return fmt::format("{:>12}{:>9}", "fused", "");
  };
  std::string text = fmt::format("  {:<34}{:>12}{:>9}{:>12}{:>9}\n", "layer",
                                 "forward", "GFLOP/s", "backward", "GFLOP/s");
  for (std::int64_t layer = 0; layer < std::ssize(network.layers()); ++layer) {
    const LayerSummary& summary =
        network.layers()[static_cast<std::size_t>(layer)];
    text += fmt::format("  {:<34}{}{}\n",
                        fmt::format("{:>2} {}", layer, summary.description),
                        cell(layer, true), cell(layer, false));
  }
  return text;
}

}  // namespace cnn
// endregion
