// region quiet: includes
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/lesson.hpp"
#include "chapters/05_naive_cuda/rungs.hpp"
#include "chapters/05_naive_cuda/where.hpp"
#include "chapters/06_tiled_cuda_adam/stories.hpp"
#include "common/program.hpp"

namespace {

using namespace cnn;
// endregion

// region accuracy-flags
/// What only this program understands.
struct AccuracyFlags {
  bool accuracy = false;
  std::int64_t seeds = 5;

  ChapterFlags flags() {
    return ChapterFlags()
        .yes("--accuracy",
             "Also teach all three networks, on a GPU,\n"
             "and say how much they learn",
             accuracy)
        .whole_number("--seeds", "From how many seeds (5)", seeds, 2, 31);
  }
};
// endregion

// region check-everything
/// Blank pictures take as much memory as others.
Dataset blank_pictures() {
  Dataset blank{.name = "blank",
                .source = "blank",
                .count = 1000,
                .channels = 1,
                .height = 28,
                .width = 28,
                .pixels = std::vector<std::uint8_t>(1000 * 28 * 28),
                .labels = std::vector<std::uint8_t>(1000),
                .class_names = std::vector<std::string>(10, "blank")};
  return blank;
}

void check_everything(Program& program, const std::vector<Device>& devices,
                      const Dataset& pictures) {
  for (const Device device : devices) check_products(program, device);
  for (const Device device : devices) {
    check_convolutions(program, device, make_tiled_backend);
    check_convolution_plans(program, device);
  }
  const Learning adam = learning_by_adam(program.threads());
  for (const Device device : devices) {
    check_training(program, device, make_tiled_backend, learning_by_sgd());
    check_training(program, device, make_tiled_backend, adam);
    check_repeated(program, device, make_tiled_backend, learning_by_sgd());
    check_repeated(program, device, make_tiled_backend, adam);
  }
  for (const Device device : devices) check_memory(program, device, pictures);
}
// endregion

// region story
void story(Program& program, const AccuracyFlags& flags) {
  program.section("where");
  const std::vector<Device> devices = say_where(program);
  const bool gpu = devices.front() == Device::kGpu;
  DatasetPair data{blank_pictures(), {}};
  if (gpu) data = load_pictures(program);

  program.section("check");
  check_everything(program, devices, data.train);
  if (!gpu) {
    fmt::print(
        "\nleft out without a GPU: the products beside cuBLAS, the "
        "convolutions beside\ncuDNN, epochs beside PyTorch, what the networks "
        "learn, and the ladder\n");
    return;
  }

  program.section("products");
  time_products(program);
  program.section("convolutions");
  time_convolutions_on_gpu(program);
  program.section("time");
  race_steps(program, data.train, tiled_runners(program), captured_adam());
  if (flags.accuracy) {
    program.section("accuracy");
    measure_accuracy(program, flags.seeds);
  }
  program.section("ladder");
  climb_to_gpu(program, {{"naive-gpu", "05 one thread for each output",
                          make_naive_backend},
                         {"tiled-gpu", "06 tiles", make_tiled_backend}});
}

}  // namespace
// endregion

// region main
int main(int argc, char** argv) {
  AccuracyFlags flags;
  return run_program(
      argc, argv,
      {"06", "06_tiled_cuda_adam", "The whole network, fast, on the GPU",
       "Multiplies and convolves as fast as the vendor's libraries, and trains "
       "the network of chapter 4 by Adam."},
      [&](Program& program) { story(program, flags); }, flags.flags());
}
// endregion
