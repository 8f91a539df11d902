// region quiet: includes
#include <fmt/format.h>

#include <vector>

#include "chapters/04_cpu_cnn/lesson.hpp"
#include "chapters/05_naive_cuda/checks.hpp"
#include "chapters/05_naive_cuda/device.hpp"
#include "chapters/05_naive_cuda/experiments.hpp"
#include "chapters/05_naive_cuda/operation_table.hpp"
#include "chapters/05_naive_cuda/rungs.hpp"
#include "chapters/05_naive_cuda/training_race.hpp"
#include "chapters/05_naive_cuda/where.hpp"
#include "common/program.hpp"

namespace {

using namespace cnn;
// endregion

// region check-everything
void check_everything(Program& program, const std::vector<Device>& devices) {
  for (const Device device : devices) {
    check_convolutions(program, device, make_naive_backend);
  }
  for (const Device device : devices) {
    check_training(program, device, make_naive_backend, learning_by_sgd());
  }
  for (const Device device : devices) {
    check_experiments(program, device);
  }
}
// endregion

// region runners
/// The CPU and this chapter's GPU, both by SGD.
std::vector<Runner> runners(const Program& program) {
  const auto sgd = [](Network& network) { return make_sgd(network); };
  return {cpu_runner(program, sgd),
          {.id = "gpu",
           .name = "naive GPU",
           .label = "05 naive GPU",
           .make_backend = [] { return make_naive_backend(Device::kGpu); },
           .make_optimiser = sgd}};
}
// endregion

// region story
void story(Program& program) {
  program.section("where");
  const std::vector<Device> devices = say_where(program);
  const bool gpu = devices.front() == Device::kGpu;
  DatasetPair data;
  if (gpu) data = load_pictures(program);

  program.section("check");
  check_everything(program, devices);
  if (!gpu) {
    fmt::print(
        "\nleft out without a GPU: the experiments, all times, training and "
        "the "
        "ladder;\nan emulated kernel is right, but how long it takes says "
        "nothing\n");
    return;
  }

  program.section("experiments");
  show_experiments(program);
  program.section("asynchronous");
  show_asynchronous_clock(program);
  program.section("operations");
  show_operations(program);
  program.section("time");
  race_steps(program, data.train, runners(program), {});
  program.section("train");
  race_training(program, data);
  program.section("ladder");
  climb_to_gpu(program, {{"naive-gpu", "05 one thread for each output",
                          make_naive_backend}});
}

}  // namespace
// endregion

// region main
int main(int argc, char** argv) {
  return cnn::run_program(
      argc, argv,
      {"05", "05_naive_cuda", "The whole network, on the GPU",
       "Measures what a GPU is, trains the network of chapter 4 with one GPU "
       "thread for each output, and tells which operations gain."},
      story);
}
// endregion
