// region quiet: includes
#pragma once

#include <string>

#include "chapters/04_cpu_cnn/lesson.hpp"
#include "chapters/05_naive_cuda/device.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region checks
/// A backend's convolutions against float64 and against chapter 4's.
void check_convolutions(Program& program, Device device, MakeBackend make);

/// How the networks of check_training() learn: here, and on the CPU.
struct Learning {
  std::string id;     ///< of the checks: "training"
  std::string label;  ///< behind what they are compared with: ", by Adam"
  MakeOptimiser here;
  MakeOptimiser on_cpu;
  float rate;
};
/// By SGD with momentum and decay, everywhere.
Learning learning_by_sgd();

/// Small networks, trained for ten steps here and on the CPU: the same seed,
/// the same dropout masks, and in the end the same parameters, up to what the
/// order of sums may change.
void check_training(Program& program, Device device, MakeBackend make,
                    const Learning& learning);

/// The last of these networks once more, twice: not one bit may differ.
void check_repeated(Program& program, Device device, MakeBackend make,
                    const Learning& learning);

}  // namespace cnn
// endregion
