#include "exercise.hpp"

#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {

constexpr int kSide = 32;  // of a tile of c
constexpr int kTerms = 8;
constexpr int kOfThread = 4;  // rows, and columns
constexpr int kAcross = kSide / kOfThread;
constexpr int kThreads = kAcross * kAcross;

// mend this
__global__ void __launch_bounds__(kThreads)
    square_tiles(const float* a, const float* b, float* c, int m, int n,
                 int k) {
  __shared__ float tile_a[kTerms][kSide + 1];
  __shared__ float tile_b[kTerms][kSide];
  const int thread = static_cast<int>(threadIdx.x);
  const int top = static_cast<int>(blockIdx.y) * kSide;
  const int left = static_cast<int>(blockIdx.x) * kSide;
  // A thread's rows and columns lie kAcross apart.
  const int row = thread / kAcross;
  const int column = thread % kAcross;
  float sums[kOfThread][kOfThread] = {};
  for (int first = 0; first < k; first += kTerms) {
    for (int i = thread; i < kSide * kTerms; i += kThreads) {
      const int line = top + i / kTerms;
      const int term = first + i % kTerms;
      tile_a[i % kTerms][i / kTerms] =
          line < m && term < k ? a[line * k + term] : 0.0F;
    }
    for (int i = thread; i < kSide * kTerms; i += kThreads) {
      const int term = first + i / kSide;
      const int line = left + i % kSide;
      tile_b[i / kSide][i % kSide] =
          term < k && line < n ? b[term * n + line] : 0.0F;
    }
    __syncthreads();
    for (int term = 0; term < kTerms; ++term) {
      for (int i = 0; i < kOfThread; ++i) {
        for (int j = 0; j < kOfThread; ++j) {
          sums[i][j] += tile_a[term][row + i * kAcross] *
                        tile_b[term][column + j * kAcross];
        }
      }
    }
    __syncthreads();
  }
  for (int i = 0; i < kOfThread * kOfThread; ++i) {
    const int line = top + row + i / kOfThread * kAcross;
    const int across = left + column + i % kOfThread * kAcross;
    if (line < m && across < n) {
      c[line * n + across] = sums[i / kOfThread][i % kOfThread];
    }
  }
}

unsigned tiles(int size) {
  return static_cast<unsigned>((size + kSide - 1) / kSide);
}

}  // namespace

void multiply_in_squares(const Stream& stream, const float* a, const float* b,
                         float* c, int m, int n, int k) {
  launch(square_tiles, {dim3(tiles(n), tiles(m)), dim3(kAcross, kAcross)},
         stream, a, b, c, m, n, k);
}

}  // namespace CNN_GPU
}  // namespace cnn
