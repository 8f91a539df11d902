#include "exercise.hpp"

#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {

constexpr int kTile = 16;

// mend this
// Number `term` of the window of output pixel `pixel`.
__device__ float window_number(const Windows& w, const float* picture, int term,
                               int pixel) {
  const int channel = term / (w.kernel * w.kernel);
  const int tap = term % (w.kernel * w.kernel);
  const int top = pixel / w.output_width() * w.stride - w.padding;
  const int left = pixel % w.output_width() * w.stride - w.padding;
  const int y = top + tap / w.kernel;
  const int x = left + tap % w.kernel;
  const int at = (channel * w.height + y) * w.width + x;
  const bool inside = at >= 0 && at < w.channels * w.height * w.width;
  return inside ? picture[at] : 0;
}

__global__ void multiply_windows(Windows w, int filters, const float* filter,
                                 const float* picture, float* output) {
  __shared__ float of_filters[kTile][kTile];
  __shared__ float of_windows[kTile][kTile];
  const int x = static_cast<int>(threadIdx.x);
  const int y = static_cast<int>(threadIdx.y);
  const int terms = w.channels * w.kernel * w.kernel;
  const int pixels = w.output_height() * w.output_width();
  const int row = static_cast<int>(blockIdx.y) * kTile + y;
  const int pixel = static_cast<int>(blockIdx.x) * kTile + x;
  float sum = 0;
  for (int first = 0; first < terms; first += kTile) {
    const bool has_filter = row < filters && first + x < terms;
    const bool has_window = pixel < pixels && first + y < terms;
    of_filters[y][x] = has_filter ? filter[row * terms + first + x] : 0.0F;
    of_windows[y][x] =
        has_window ? window_number(w, picture, first + y, pixel) : 0.0F;
    __syncthreads();
    for (int term = 0; term < kTile; ++term) {
      sum += of_filters[y][term] * of_windows[term][x];
    }
    __syncthreads();
  }
  if (row < filters && pixel < pixels) output[row * pixels + pixel] = sum;
}

unsigned tiles(int size) {
  return static_cast<unsigned>((size + kTile - 1) / kTile);
}

}  // namespace

void convolve_windows(const Stream& stream, const Windows& windows, int filters,
                      const float* filter, const float* picture,
                      float* output) {
  const int pixels = windows.output_height() * windows.output_width();
  launch(multiply_windows,
         {dim3(tiles(pixels), tiles(filters)), dim3(kTile, kTile)}, stream,
         windows, filters, filter, picture, output);
}

}  // namespace CNN_GPU
}  // namespace cnn
