#include "exercise.hpp"

#include "common/cuda/async_copy.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {

constexpr int kThreads = 64;
constexpr int kStages = 3;
constexpr int kRows = 4;  // in a stage

// mend this
__global__ void add_columns(const float* x, float* sums, int rows,
                            int columns) {
  __shared__ float stages[kStages][kRows][kThreads];
  const int thread = static_cast<int>(threadIdx.x);
  const int column = static_cast<int>(blockIdx.x) * kThreads + thread;
  if (column >= columns) return;
  const int steps = (rows + kRows - 1) / kRows;
  const auto send_for = [&](int step) {
    if (step >= steps) return;
    for (int i = 0; i < kRows; ++i) {
      const int row = step * kRows + i;
      const bool inside = row < rows;  // if not, the copy is of zeros
      __pipeline_memcpy_async(&stages[step % kStages][i][thread],
                              &x[(inside ? row : 0) * columns + column],
                              sizeof(float), inside ? 0 : sizeof(float));
    }
    __pipeline_commit();
  };
  for (int step = 0; step + 1 < kStages; ++step) send_for(step);
  float sum = 0;
  for (int step = 0; step < steps; ++step) {
    send_for(step + kStages - 1);
    __pipeline_wait_prior(kStages - 1);
    for (int i = 0; i < kRows; ++i) sum += stages[step % kStages][i][thread];
  }
  sums[column] = sum;
}

}  // namespace

void sum_columns(const Stream& stream, const float* x, float* sums, int rows,
                 int columns) {
  const dim3 blocks(static_cast<unsigned>((columns + kThreads - 1) / kThreads));
  launch(add_columns, {blocks, dim3(kThreads)}, stream, x, sums, rows, columns);
}

}  // namespace CNN_GPU
}  // namespace cnn
