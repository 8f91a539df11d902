// region quiet: includes
#include "chapters/05_naive_cuda/naive_backend.hpp"
#include "chapters/05_naive_cuda/one_thread_each.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region pool-sizes
namespace {

/// A pooling's sizes in 32 bits. Pooling treats every plane, a channel of a
/// picture, the same way: kernels need not know which is which.
struct PoolSizes {
  int input_height;
  int input_width;
  int output_height;
  int output_width;
  int size;
  int stride;
};

PoolSizes sizes_of(const PoolGeometry& pool) {
  const Shape output = pool.output();
  return {.input_height = static_cast<int>(pool.input.height),
          .input_width = static_cast<int>(pool.input.width),
          .output_height = static_cast<int>(output.height),
          .output_width = static_cast<int>(output.width),
          .size = static_cast<int>(pool.size),
          .stride = static_cast<int>(pool.stride)};
}

/// The first pixel of the window that output `i` is made of.
__device__ int corner_of(const PoolSizes& s, int i) {
  const int x = i % s.output_width;
  const int y = i / s.output_width % s.output_height;
  const int plane = i / (s.output_width * s.output_height);
  return (plane * s.input_height + y * s.stride) * s.input_width + x * s.stride;
}
// endregion

// region naive-max-pool
__global__ void max_pool(int outputs, PoolSizes s,
                         const float* __restrict__ input,
                         float* __restrict__ output) {
  const int i = this_output();
  if (i >= outputs) return;
  const float* first = input + corner_of(s, i);
  float largest = *first;
  for (int ky = 0; ky < s.size; ++ky) {
    for (int kx = 0; kx < s.size; ++kx) {
      const float value = first[ky * s.input_width + kx];
      // NaN is not equal to itself; where there is one, it wins.
      if (value > largest || value != value) largest = value;
    }
  }
  output[i] = largest;
}

}  // namespace

void NaiveBackend::max_pool_forward(const PoolGeometry& pool, ConstArray input,
                                    Array output) {
  launch_for_each(pool.output().size(), stream(), max_pool, sizes_of(pool),
                  input, output);
}
// endregion

// region windows-over
namespace {

/// The windows that cover a pixel: a rectangle of them, possibly empty.
struct Windows {
  int plane;
  int first_y, end_y;
  int first_x, end_x;
};

/// Along one axis, a pixel lies in window w when w stride <= pixel and
/// pixel < w stride + size.
__device__ int first_window(const PoolSizes& s, int pixel) {
  return pixel < s.size ? 0 : (pixel - s.size) / s.stride + 1;
}

__device__ int end_of_windows(const PoolSizes& s, int pixel, int windows) {
  const int end = pixel / s.stride + 1;
  return end < windows ? end : windows;
}

__device__ Windows windows_over(const PoolSizes& s, int i) {
  const int x = i % s.input_width;
  const int y = i / s.input_width % s.input_height;
  return {i / (s.input_width * s.input_height), first_window(s, y),
          end_of_windows(s, y, s.output_height), first_window(s, x),
          end_of_windows(s, x, s.output_width)};
}
// endregion

// region naive-max-pool-gradient
/// Where the first pixel lies that has the window's maximum; -1 for nowhere,
/// which is where NaN sends its gradient.
__device__ int winner_of(const PoolSizes& s, const float* input, int corner,
                         float largest) {
  for (int ky = 0; ky < s.size; ++ky) {
    for (int kx = 0; kx < s.size; ++kx) {
      const int at = corner + ky * s.input_width + kx;
      if (input[at] == largest) return at;
    }
  }
  return -1;
}

/// One thread for each input pixel: it asks the windows over it whether it won.
__global__ void max_pool_gradient(int inputs, PoolSizes s,
                                  const float* __restrict__ input,
                                  const float* __restrict__ output,
                                  const float* __restrict__ output_gradient,
                                  float* __restrict__ input_gradient) {
  const int i = this_output();
  if (i >= inputs) return;
  const Windows over = windows_over(s, i);
  float sum = 0;
  for (int y = over.first_y; y < over.end_y; ++y) {
    for (int x = over.first_x; x < over.end_x; ++x) {
      const int window =
          (over.plane * s.output_height + y) * s.output_width + x;
      const int winner =
          winner_of(s, input, corner_of(s, window), output[window]);
      if (winner == i) sum += output_gradient[window];
    }
  }
  input_gradient[i] = sum;
}

}  // namespace

void NaiveBackend::max_pool_backward(const PoolGeometry& pool, ConstArray input,
                                     ConstArray output,
                                     ConstArray output_gradient,
                                     Array input_gradient) {
  launch_for_each(pool.input.size(), stream(), max_pool_gradient,
                  sizes_of(pool), input, output, output_gradient,
                  input_gradient);
}
// endregion

// region naive-average-pool
namespace {

__global__ void average_pool(int outputs, PoolSizes s,
                             const float* __restrict__ input,
                             float* __restrict__ output) {
  const int i = this_output();
  if (i >= outputs) return;
  const float* first = input + corner_of(s, i);
  float sum = 0;
  for (int ky = 0; ky < s.size; ++ky) {
    for (int kx = 0; kx < s.size; ++kx) sum += first[ky * s.input_width + kx];
  }
  output[i] = sum / static_cast<float>(s.size * s.size);
}

__global__ void average_pool_gradient(int inputs, PoolSizes s,
                                      const float* __restrict__ output_gradient,
                                      float* __restrict__ input_gradient) {
  const int i = this_output();
  if (i >= inputs) return;
  const Windows over = windows_over(s, i);
  float sum = 0;
  for (int y = over.first_y; y < over.end_y; ++y) {
    for (int x = over.first_x; x < over.end_x; ++x) {
      sum +=
          output_gradient[(over.plane * s.output_height + y) * s.output_width +
                          x];
    }
  }
  input_gradient[i] = sum / static_cast<float>(s.size * s.size);
}

}  // namespace
// endregion

// region naive-average-pool-launch
void NaiveBackend::average_pool_forward(const PoolGeometry& pool,
                                        ConstArray input, Array output) {
  launch_for_each(pool.output().size(), stream(), average_pool, sizes_of(pool),
                  input, output);
}

void NaiveBackend::average_pool_backward(const PoolGeometry& pool,
                                         ConstArray output_gradient,
                                         Array input_gradient) {
  launch_for_each(pool.input.size(), stream(), average_pool_gradient,
                  sizes_of(pool), output_gradient, input_gradient);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
