// region quiet: includes
#include "chapters/05_naive_cuda/one_thread_each.cuh"
#include "chapters/06_tiled_cuda_adam/cells.cuh"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"
#include "chapters/06_tiled_cuda_adam/window.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tiled-max-pool
namespace {

bool is_fast(const PoolGeometry& pool) {
  return pool.size == 2 && pool.stride == 2;
}

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
  if (!cell.is_window()) return cell.write_zeros(cells.width, to);
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
