// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/06_tiled_cuda_adam/fast_divisor.hpp"
#include "common/cuda/runtime.hpp"
#include "common/tensor.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region pool-cells
/// Planes cut into cells of 2x2 pixels, one thread for each. A cell is a
/// window, or what an odd height or width leaves over at the lower or right
/// edge: no window's.
struct Cells {
  int height;  ///< of a plane of the input
  int width;
  FastDivisor across;  ///< cells side by side
  FastDivisor down;
};

/// Those of an activation.
inline Cells cells_of(const Shape& input) {
  return {.height = static_cast<int>(input.height),
          .width = static_cast<int>(input.width),
          .across = FastDivisor(static_cast<int>((input.width + 1) / 2)),
          .down = FastDivisor(static_cast<int>((input.height + 1) / 2))};
}

/// How many there are.
inline std::int64_t count_cells(const Shape& input) {
  return input.batch * input.channels * ((input.height + 1) / 2) *
         ((input.width + 1) / 2);
}

/// Where a thread's cell lies.
struct Cell {
  int corner;  ///< its first pixel in the input
  int window;  ///< its number in the output, if it is a window
  bool whole_row;
  bool whole_column;

  __device__ Cell(const Cells& cells, int i) {
    const int row = cells.across.quotient(i);
    const int plane = cells.down.quotient(row);
    const int x = cells.across.remainder(i, row);
    const int y = cells.down.remainder(row, plane);
    corner = (plane * cells.height + 2 * y) * cells.width + 2 * x;
    window = (plane * (cells.height / 2) + y) * (cells.width / 2) + x;
    whole_row = 2 * x + 1 < cells.width;
    whole_column = 2 * y + 1 < cells.height;
  }
  __device__ bool is_window() const { return whole_row && whole_column; }
  /// For one that is no window.
  __device__ void write_zeros(int width, float* to) const {
    to[0] = 0;
    if (whole_row) to[1] = 0;
    if (whole_column) to[width] = 0;
  }
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
