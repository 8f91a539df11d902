// region quiet: includes
#include "chapters/05_naive_cuda/one_thread_each.cuh"
#include "chapters/06_tiled_cuda_adam/fast_divisor.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"
#include "chapters/06_tiled_cuda_adam/window.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region pool-cells
namespace {

/// Planes cut into cells of 2x2 pixels, one thread for each. A cell is a
/// window, or what an odd height or width leaves over at the lower or right
/// edge: no window's.
struct Cells {
  int height;  ///< of a plane of the input
  int width;
  FastDivisor across;  ///< cells side by side
  FastDivisor down;
};

Cells cells_of(const Shape& input) {
  return {.height = static_cast<int>(input.height),
          .width = static_cast<int>(input.width),
          .across = FastDivisor(static_cast<int>((input.width + 1) / 2)),
          .down = FastDivisor(static_cast<int>((input.height + 1) / 2))};
}

std::int64_t count_cells(const Shape& input) {
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
};

bool is_fast(const PoolGeometry& pool) {
  return pool.size == 2 && pool.stride == 2;
}
// endregion

// region tiled-max-pool
/// kPairs: rows are read two pixels at a time.
template <bool kPairs>
__global__ void max_pool_cells(int count, Cells cells,
                               const float* __restrict__ input,
                               float* __restrict__ output) {
  const int i = this_output();
  if (i >= count) return;
  const Cell cell(cells, i);
  if (!cell.is_window()) return;
  float four[4];
  read_window<kPairs>(input + cell.corner, cells.width, four);
  float largest = four[0];
  for (const float value : four) {
    // NaN is not equal to itself; where there is one, it wins.
    if (value > largest || value != value) largest = value;
  }
  output[cell.window] = largest;
}

}  // namespace

void TiledBackend::max_pool_forward(const PoolGeometry& pool, ConstArray input,
                                    Array output) {
  if (!is_fast(pool))
    return NaiveBackend::max_pool_forward(pool, input, output);
  launch_for_each(count_cells(pool.input), stream(),
                  in_pairs(pool.input, input) ? max_pool_cells<true>
                                              : max_pool_cells<false>,
                  cells_of(pool.input), input, output);
}
// endregion

// region tiled-max-pool-gradient
namespace {

/// One thread writes all four gradients of its cell: no pixel asks anybody
/// whether it has won.
template <bool kPairs>
__global__ void max_pool_gradient_cells(
    int count, Cells cells, const float* __restrict__ input,
    const float* __restrict__ output, const float* __restrict__ output_gradient,
    float* __restrict__ input_gradient) {
  const int i = this_output();
  if (i >= count) return;
  const Cell cell(cells, i);
  float* to = input_gradient + cell.corner;
  if (!cell.is_window()) {
    to[0] = 0;
    if (cell.whole_row) to[1] = 0;
    if (cell.whole_column) to[cells.width] = 0;
    return;
  }
  float four[4];
  read_window<kPairs>(input + cell.corner, cells.width, four);
  const float largest = output[cell.window];
  float gradient = output_gradient[cell.window];
  for (float& value : four) {
    // The first maximum takes the gradient; NaN equals nothing and gets none.
    const bool wins = value == largest;
    value = wins ? gradient : 0;
    if (wins) gradient = 0;
  }
  write_window<kPairs>(four, cells.width, to);
}

}  // namespace
// endregion

// region tiled-max-pool-gradient-launch
void TiledBackend::max_pool_backward(const PoolGeometry& pool, ConstArray input,
                                     ConstArray output,
                                     ConstArray output_gradient,
                                     Array input_gradient) {
  if (!is_fast(pool)) {
    return NaiveBackend::max_pool_backward(pool, input, output, output_gradient,
                                           input_gradient);
  }
  const bool pairs =
      in_pairs(pool.input, input) && in_pairs(pool.input, input_gradient);
  launch_for_each(
      count_cells(pool.input), stream(),
      pairs ? max_pool_gradient_cells<true> : max_pool_gradient_cells<false>,
      cells_of(pool.input), input, output, output_gradient, input_gradient);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
