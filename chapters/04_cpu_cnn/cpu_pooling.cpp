// region quiet: includes
#include <algorithm>

#include "chapters/03_blocked_gemm/parallel.hpp"
#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/pieces.hpp"

namespace cnn {
// endregion

// region for-windows
namespace {

/// Calls body(corner, y, x, window) for each window: where its first pixel's
/// channels lie in the input, and which pixel of the output it is. Threads
/// take whole images, because windows of one image may overlap.
template <class Body>
void for_windows(const PoolGeometry& pool, int threads, const Body& body) {
  const ChannelsLast in = activation_layout(pool.input);
  const Shape out = pool.output();
  const Pieces pieces(out.batch);
  parallel_for(threads, pieces.count, [&](auto piece, int) {
    for (auto n = pieces.begin(piece); n < pieces.end(piece); ++n) {
      for (std::int64_t y = 0; y < out.height; ++y) {
        for (std::int64_t x = 0; x < out.width; ++x) {
          const std::int64_t row = n * in.height + y * pool.stride;
          const std::int64_t corner =
              (row * in.width + x * pool.stride) * in.pixel;
          body(corner, (n * out.height + y) * out.width + x);
        }
      }
    }
  });
}

/// Where pixel (ky, kx) of a window lies, from the window's corner.
std::int64_t step_to(const ChannelsLast& in, std::int64_t ky, std::int64_t kx) {
  return (ky * in.width + kx) * in.pixel;
}

}  // namespace
// endregion

// region max-pool-forward
void CpuBackend::max_pool_forward(const PoolGeometry& pool, ConstArray input,
                                  Array output) {
  const ChannelsLast in = activation_layout(pool.input);
  const ChannelsLast out = activation_layout(pool.output());
  for_windows(pool, threads_for(in.size()), [&](auto corner, auto pixel) {
    const float* first = input + corner;
    float* largest = output + pixel * out.pixel;
    std::copy_n(first, out.channels, largest);
    for (std::int64_t ky = 0; ky < pool.size; ++ky) {
      for (std::int64_t kx = 0; kx < pool.size; ++kx) {
        const float* from = first + step_to(in, ky, kx);
        for (std::int64_t c = 0; c < out.channels; ++c) {
          // NaN is not equal to itself; where there is one, it wins.
          const bool wins = from[c] > largest[c] || from[c] != from[c];
          largest[c] = wins ? from[c] : largest[c];
        }
      }
    }
  });
}
// endregion

// region max-pool-backward
namespace {

constexpr std::int64_t kChannelsTogether = 64;

/// Hands the gradients of one window to its pixels: of equals, the first one
/// gets all, and nothing is left for the others. A choice between two numbers
/// is made in vectors; a branch would be guessed, and wrongly every other time.
void give_to_winners(const PoolGeometry& pool, const ChannelsLast& in,
                     const float* first, const float* largest,
                     const float* gradient, std::int64_t channels, float* to) {
  float left[kChannelsTogether];
  std::copy_n(gradient, channels, left);
  for (std::int64_t k = 0; k < pool.size * pool.size; ++k) {
    const std::int64_t step = step_to(in, k / pool.size, k % pool.size);
    for (std::int64_t c = 0; c < channels; ++c) {
      const bool wins = first[step + c] == largest[c];
      const float rest = left[c];
      to[step + c] += wins ? rest : 0;
      left[c] = wins ? 0 : rest;
    }
  }
}

}  // namespace

void CpuBackend::max_pool_backward(const PoolGeometry& pool, ConstArray input,
                                   ConstArray output,
                                   ConstArray output_gradient,
                                   Array input_gradient) {
  const ChannelsLast in = activation_layout(pool.input);
  const ChannelsLast out = activation_layout(pool.output());
  std::fill_n(input_gradient, in.size(), 0.0F);
  for_windows(pool, threads_for(in.size()), [&](auto corner, auto pixel) {
    for (std::int64_t c = 0; c < out.channels; c += kChannelsTogether) {
      give_to_winners(pool, in, input + corner + c,
                      output + pixel * out.pixel + c,
                      output_gradient + pixel * out.pixel + c,
                      std::min(kChannelsTogether, out.channels - c),
                      input_gradient + corner + c);
    }
  });
}
// endregion

// region average-pool
void CpuBackend::average_pool_forward(const PoolGeometry& pool,
                                      ConstArray input, Array output) {
  const ChannelsLast in = activation_layout(pool.input);
  const ChannelsLast out = activation_layout(pool.output());
  const float share = 1 / static_cast<float>(pool.size * pool.size);
  for_windows(pool, threads_for(in.size()), [&](auto corner, auto pixel) {
    float* mean = output + pixel * out.pixel;
    std::fill_n(mean, out.channels, 0.0F);
    for (std::int64_t ky = 0; ky < pool.size; ++ky) {
      for (std::int64_t kx = 0; kx < pool.size; ++kx) {
        const float* from = input + corner + step_to(in, ky, kx);
        for (std::int64_t c = 0; c < out.channels; ++c) mean[c] += from[c];
      }
    }
    for (std::int64_t c = 0; c < out.channels; ++c) mean[c] *= share;
  });
}

void CpuBackend::average_pool_backward(const PoolGeometry& pool,
                                       ConstArray output_gradient,
                                       Array input_gradient) {
  const ChannelsLast in = activation_layout(pool.input);
  const ChannelsLast out = activation_layout(pool.output());
  const float share = 1 / static_cast<float>(pool.size * pool.size);
  std::fill_n(input_gradient, in.size(), 0.0F);
  for_windows(pool, threads_for(in.size()), [&](auto corner, auto pixel) {
    const float* gradient = output_gradient + pixel * out.pixel;
    for (std::int64_t ky = 0; ky < pool.size; ++ky) {
      for (std::int64_t kx = 0; kx < pool.size; ++kx) {
        float* to = input_gradient + corner + step_to(in, ky, kx);
        for (std::int64_t c = 0; c < out.channels; ++c) {
          to[c] += share * gradient[c];
        }
      }
    }
  });
}

}  // namespace cnn
// endregion
