// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/05_naive_cuda/device.hpp"
#include "chapters/06_tiled_cuda_adam/workbench.hpp"

namespace cnn {
// endregion

// region columns-bench
/// The same convolution forward, with columns and without, on a device.
struct ColumnsTrials {
  NamedTrial write;     ///< im2col alone: columns from the input
  NamedTrial convolve;  ///< im2col, then chapter 6's product
  NamedTrial view;      ///< chapter 6's implicit product: no columns
  /// Floats of workspace that the implicit product takes.
  std::int64_t view_workspace = 0;
};

/// What report 001's and 003's stories need of kernels and of the CUDA runtime,
/// in one of the worlds.
struct ColumnsBench {
  /// 3 x 3, stride 1. The trials check themselves: copies to the last bit, sums
  /// by float64 at some places.
  ColumnsTrials (*trials)(const std::shared_ptr<const RandomProblem>& problem);
  /// Takes memory of the device, and gives it back.
  void (*borrow)(std::int64_t bytes);
};

/// Where kernels can run: see usable_devices(). Throws SkipError with why_not()
/// elsewhere.
ColumnsBench make_columns_bench(Device device);
/// The same lines of columns_trials.cu, for a GPU and for the emulator; only
/// make_columns_bench() calls them.
ColumnsBench make_columns_bench_on_gpu();
/// See above.
ColumnsBench make_columns_bench_emulated();

}  // namespace cnn
// endregion
