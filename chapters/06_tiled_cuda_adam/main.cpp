// region quiet: includes
#include <fmt/format.h>

#include <memory>
#include <vector>

#include "chapters/05_naive_cuda/checks.hpp"
#include "chapters/05_naive_cuda/where.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_device.hpp"
#include "common/program.hpp"

namespace {

using namespace cnn;
// endregion

// region learning-by-adam
/// Adam divides by how large a gradient usually is: of one that is 0 but for
/// rounding it makes a whole step, in a direction of chance. An epsilon above
/// such gradients keeps their steps small, so that two trainings can be
/// compared.
constexpr AdamOptions kOptions{.epsilon = 1e-3F};

Learning learning_by_adam(int threads) {
  const std::shared_ptr<AdamBackend> cpu = make_cpu_adam(threads);
  return {.id = "adam",
          .label = ", Adam",
          .here =
              [](Network& network) {
                return make_adam(network, adam_of(network.backend()), kOptions);
              },
          .on_cpu =
              [cpu](Network& network) {
                return make_adam(network, *cpu, kOptions);
              },
          .rate = 0.01F};
}
// endregion

// region check-everything
void check_everything(Program& program, const std::vector<Device>& devices) {
  for (const Device device : devices) {
    check_convolutions(program, device, make_tiled_backend);
  }
  for (const Device device : devices) {
    check_training(program, device, make_tiled_backend, learning_by_sgd());
    check_training(program, device, make_tiled_backend,
                   learning_by_adam(program.threads()));
  }
}
// endregion

// region story
void story(Program& program) {
  program.section("where");
  const std::vector<Device> devices = say_where(program);

  program.section("check");
  check_everything(program, devices);
}

}  // namespace
// endregion

// region main
int main(int argc, char** argv) {
  return cnn::run_program(
      argc, argv,
      {"06", "06_tiled_cuda_adam", "The whole network, fast, on the GPU",
       "Tiles for every kernel, and Adam: the network of chapter 4 trains "
       "faster than the frameworks."},
      story);
}
// endregion
