// region quiet: includes
#pragma once

#include <string>
#include <vector>

#include "chapters/05_naive_cuda/device.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region climb-to-gpu
/// A backend whose convolution is a rung.
struct GpuRung {
  std::string id;     ///< "naive-gpu"
  std::string label;  ///< "05 one thread for each output"
  MakeBackend make;
};

/// The course's ladder: one convolution by every chapter so far, the vendor's
/// library as a yardstick.
void climb_to_gpu(Program& program, const std::vector<GpuRung>& gpu_rungs);

}  // namespace cnn
// endregion
