// region quiet: includes
#include <fmt/format.h>

#include <memory>

#include "chapters/06_tiled_cuda_adam/stories.hpp"

namespace cnn {
// endregion

// region adam-for-networks
MakeOptimiser adam_on_cpu(int threads, const AdamOptions& options) {
  const std::shared_ptr<AdamBackend> cpu = make_cpu_adam(threads);
  return [=](Network& network) { return make_adam(network, *cpu, options); };
}

MakeOptimiser adam_on_gpu(const AdamOptions& options) {
  return [=](Network& network) {
    return make_adam(network, adam_of(network.backend()), options);
  };
}
// endregion

// region learning-by-adam
Learning learning_by_adam(int threads) {
  // Adam divides by how large a gradient usually is: of one that is 0 but for
  // rounding it makes a whole step, in a direction of chance. An epsilon above
  // such gradients keeps their steps small, so that trainings can be compared.
  constexpr AdamOptions kOptions{.epsilon = 1e-3F};
  return {.id = "adam",
          .label = ", by Adam",
          .here = adam_on_gpu(kOptions),
          .on_cpu = adam_on_cpu(threads, kOptions),
          .rate = 0.01F};
}
// endregion

// region tiled-runners
std::vector<Runner> tiled_runners(const Program& program) {
  const auto sgd = [](Network& network) { return make_sgd(network); };
  return {cpu_runner(program, adam_on_cpu(program.threads())),
          {.id = "naive",
           .name = "naive GPU (SGD)",
           .label = "05 naive GPU, SGD",
           .make_backend = [] { return make_naive_backend(Device::kGpu); },
           .make_optimiser = sgd},
          {.id = "tiled",
           .name = "tiled GPU",
           .label = "06 tiled GPU",
           .make_backend = [] { return make_tiled_backend(Device::kGpu); },
           .make_optimiser = adam_on_gpu()}};
}

PyTorchTraining captured_adam() {
  PyTorchTraining training;
  training.gpu = true;
  training.optimiser = PyTorchTraining::Optimiser::kAdam;
  training.rate = 1e-3F;
  training.graph = true;
  return training;
}

}  // namespace cnn
// endregion
