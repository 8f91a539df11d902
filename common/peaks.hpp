/// @file
/// What this machine can do at best, measured.
#pragma once

#include <limits>
#include <span>

#include "common/machine.hpp"

namespace cnn {

/// Measured upper limits. NaN: not measured, or not there.
///
/// FLOP/s: float32 fused multiply-adds (two FLOP each) on registers, in the
/// widest vectors that the program was compiled for. Bytes/s: reading float32
/// once, adding it up; the bytes that are read count. Copies count the bytes
/// read and the bytes written. "Memory" is a buffer of four times the last
/// cache, 256 MiB at most; with a larger last cache than 64 MiB it still holds
/// part of that buffer, and the figure is too kind.
struct Peaks {
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

  double cpu_1_flops = kUnknown;
  double cpu_1_bytes_per_s = kUnknown;
  double cpu_1_copy_bytes_per_s = kUnknown;
  double cpu_1_l1_bytes_per_s = kUnknown;
  double cpu_1_l2_bytes_per_s = kUnknown;
  double cpu_all_flops = kUnknown;
  double cpu_all_bytes_per_s = kUnknown;
  double cpu_all_copy_bytes_per_s = kUnknown;
  int cpu_all_threads = 1;  ///< threads behind the cpu_all figures
  double gpu_fp32_flops = kUnknown;
  double gpu_bytes_per_s = kUnknown;  ///< copy kernel: read and written
};

/// Measures the CPU, and the GPU when the machine has one. About 1.5 s, with
/// `quick` about 0.4 s.
/// @param threads threads for the cpu_all figures, at least 1
Peaks measure_peaks(const Machine& machine, int threads, bool quick);

/// The GPU's part of Peaks.
struct GpuPeaks {
  double fp32_flops = Peaks::kUnknown;
  double bytes_per_s = Peaks::kUnknown;
};
/// Only called when there is a GPU.
GpuPeaks measure_gpu_peaks(bool quick);

/// The two loops behind the CPU figures; exposed so that tests can check that
/// they compute what they are credited with.

/// Runs `iterations` rounds of independent fused multiply-adds and returns a
/// number that depends on all of them. `flop` gets what was done.
float fused_multiply_adds(long iterations, double& flop);

/// Sum of `values` in vectors; reads every element exactly once. The size must
/// be a multiple of 256 and the data aligned to 64 bytes.
float vector_sum(std::span<const float> values);

}  // namespace cnn
