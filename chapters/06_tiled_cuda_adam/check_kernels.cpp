// region quiet: includes
#include <fmt/format.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "chapters/04_cpu_cnn/networks.hpp"
#include "chapters/06_tiled_cuda_adam/peer_convolutions.hpp"
#include "chapters/06_tiled_cuda_adam/stories.hpp"
#include "chapters/06_tiled_cuda_adam/workbench.hpp"

namespace cnn {
// endregion

// region check-products
namespace {

std::string place_of(Device device) {
  return device == Device::kGpu ? "gpu/" : "emulator/";
}

}  // namespace

void check_products(Program& program, Device device) {
  // Several tiles of every step, and ragged edges in all three directions.
  const ProductSizes sizes = device == Device::kGpu
                                 ? ProductSizes{515, 389, 277}
                                 : ProductSizes{131, 67, 37};
  const std::string against = fmt::format("float64, {} x {} x {}, {}", sizes.m,
                                          sizes.n, sizes.k, to_string(device));
  for (const NamedTrial& step : make_workbench(device).products(sizes, 0)) {
    program.check(place_of(device) + "product/" + step.id, step.label, against,
                  step.trial.check());
  }
}
// endregion

// region check-convolution-plans
namespace {

/// One line for each way: the worst of all its plans.
void check_pass(Program& program, Device device,
                const std::shared_ptr<const RandomProblem>& problem,
                const std::string& layer, ConvolutionPass pass) {
  static constexpr std::array<const char*, 3> kIds{"forward", "input-gradient",
                                                   "filter-gradient"};
  std::map<std::string, Comparison> ways;
  std::map<std::string, int> plans;
  for (const NamedTrial& plan :
       make_workbench(device).all_convolutions(problem, pass)) {
    ways[plan.id] = merge(ways[plan.id], plan.trial.check());
    ++plans[plan.id];
  }
  for (const auto& [way, outcome] : ways) {
    program.check(
        fmt::format("{}plans/{}/{}/{}", place_of(device), layer,
                    kIds.at(static_cast<std::size_t>(pass)), way),
        fmt::format("{}, {}: {} plan{}", to_string(pass), way, plans[way],
                    plans[way] == 1 ? "" : "s"),
        fmt::format("float64, a {} layer, {}", layer, to_string(device)),
        outcome);
  }
}

}  // namespace

void check_convolution_plans(Program& program, Device device) {
  const std::array layers{
      std::pair{"first", ConvolutionGeometry{2, 1, 15, 13, 9, 3, 3, 1, 0}},
      std::pair{"later", ConvolutionGeometry{2, 5, 11, 14, 7, 3, 3, 1, 1}}};
  for (const auto& [layer, geometry] : layers) {
    const auto problem =
        std::make_shared<const RandomProblem>(geometry, program.options().seed);
    for (const ConvolutionPass pass : kConvolutionPasses) {
      check_pass(program, device, problem, layer, pass);
    }
  }
}
// endregion

// region check-memory
namespace {

/// What a training has allocated, as its backend counts and as the device does.
struct MemoryUse {
  std::int64_t planned = 0;
  std::int64_t used = 0;
};

MemoryUse memory_of(const ReportedNetwork& reported, Device device,
                    const Dataset& pictures) {
  const Workbench bench = make_workbench(device);
  const std::int64_t before = bench.used_bytes();
  const auto backend = make_tiled_backend(device);
  const DeviceDataset dataset(*backend, pictures,
                              to_unit_interval(pictures.channels));
  Network network(
      reported.model,
      {reported.batch, pictures.channels, pictures.height, pictures.width},
      *backend, 1);
  const auto adam = adam_on_gpu()(network);
  backend->synchronise();
  return {backend->allocated_bytes(), bench.used_bytes() - before};
}
// endregion

// region check-memory-of-networks
/// As a comparison of one number: up to a fifth more than planned is right.
Comparison compare_memory(const MemoryUse& memory) {
  const double bound = 0.2 * static_cast<double>(memory.planned);
  Comparison comparison;
  comparison.elements = 1;
  comparison.largest_error = static_cast<double>(memory.used - memory.planned);
  comparison.largest_ratio = comparison.largest_error / bound;
  comparison.failures = comparison.largest_error <= bound ? 0 : 1;
  comparison.worst_element = 0;
  comparison.worst_actual = static_cast<double>(memory.used);
  comparison.worst_expected = static_cast<double>(memory.planned);
  comparison.worst_bound = bound;
  return comparison;
}

}  // namespace

void check_memory(Program& program, Device device, const Dataset& pictures) {
  for (const ReportedNetwork& reported :
       reported_networks(std::ssize(pictures.class_names))) {
    const MemoryUse memory = memory_of(reported, device, pictures);
    const std::string key =
        fmt::format("memory.{}.{}", device == Device::kGpu ? "gpu" : "emulator",
                    reported.number);
    program.results().set_value(key + ".planned_bytes", memory.planned);
    program.results().set_value(key + ".used_bytes", memory.used);
    program.check(place_of(device) + "memory/" + reported.number,
                  fmt::format("network {}, batches of {}", reported.number,
                              reported.batch),
                  fmt::format("the planned bytes, {}", to_string(device)),
                  compare_memory(memory));
  }
}

}  // namespace cnn
// endregion
