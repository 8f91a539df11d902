#include "exercise.hpp"

#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {

constexpr int kThreads = 64;

// mend this
// A thread for every four numbers of a row.
__global__ void add_bias_in_fours(const float* x, const float* bias, float* y,
                                  int rows, int columns) {
  const int fours = pieces(columns, 4);  // of a row
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i >= rows * fours) return;
  const int column = i % fours * 4;
  const int first = i / fours * columns + column;
  float number[4];
  float of_column[4];
  read4(&x[first], number);
  read4(&bias[column], of_column);
  for (int k = 0; k < 4; ++k) number[k] += of_column[k];
  write4(number, &y[first]);
}

}  // namespace

void add_bias(const Stream& stream, const float* x, const float* bias, float* y,
              int rows, int columns) {
  const int threads = rows * pieces(columns, 4);
  launch(
      add_bias_in_fours,
      {dim3(static_cast<unsigned>(pieces(threads, kThreads))), dim3(kThreads)},
      stream, x, bias, y, rows, columns);
}

}  // namespace CNN_GPU
}  // namespace cnn
