// region quiet: includes
#include "chapters/03_blocked_gemm/direct_filter.hpp"

#include <algorithm>

#include "chapters/03_blocked_gemm/parallel.hpp"

namespace cnn {
// endregion

// region pack-taps
namespace {

/// Packing a few numbers is over before a second thread has woken up.
int threads_for(std::int64_t numbers, int threads) {
  constexpr std::int64_t kWorthThreads = 8192;
  return numbers < kWorthThreads ? 1 : threads;
}

/// weight(o, i, ky, kx) is for input channel i and output channel o of the
/// sweep.
template <class Weight>
void pack(const Sweep& sweep, int lanes, std::int64_t outputs, int threads,
          const Weight& weight, float* packed) {
  const SweepWindow& window = sweep.window;
  const std::int64_t taps = sweep.tap_count();
  const int team = threads_for(taps * sweep.floats, threads);
  parallel_for(team, taps, [&](std::int64_t tap, int) {
    const auto [ky, kx, i] = sweep.tap(tap);
    std::int64_t o = 0;
    std::int64_t x = kx;  // for the first of the merged pixels
    float* group = packed;
    for (const int vectors : sweep.groups) {
      const std::int64_t width = vectors * lanes;
      float* to = group + tap * width;
      for (std::int64_t lane = 0; lane < width; ++lane) {
        const bool inside = o < outputs && x >= 0 && x < window.kernel_width;
        to[lane] = inside ? weight(o, i, ky, x) : 0.0F;
        if (++o == sweep.lane_pixel) {  // on to the next of them
          o = 0;
          x -= window.stride;
        }
      }
      group += taps * width;
    }
  });
}

}  // namespace
// endregion

// region pack-filter
void pack_filter(const Sweep& sweep, int lanes, const Shape& shape,
                 std::span<const float> filter, int threads, float* packed) {
  pack(
      sweep, lanes, shape.batch, threads,
      [&](std::int64_t o, std::int64_t i, std::int64_t ky, std::int64_t kx) {
        return filter[offset(shape, o, i, ky, kx)];
      },
      packed);
}

void pack_turned_filter(const Sweep& sweep, int lanes, const Shape& shape,
                        std::span<const float> filter, int threads,
                        float* packed) {
  pack(
      sweep, lanes, shape.channels, threads,
      [&](std::int64_t o, std::int64_t i, std::int64_t ky, std::int64_t kx) {
        return filter[offset(shape, i, o, shape.height - 1 - ky,
                             shape.width - 1 - kx)];
      },
      packed);
}
// endregion

// region pack-bias
void pack_bias(const Sweep& sweep, std::span<const float> bias, float* packed) {
  for (std::int64_t lane = 0; lane < sweep.floats; ++lane) {
    const auto o = static_cast<std::size_t>(lane % sweep.lane_pixel);
    packed[lane] = o < bias.size() ? bias[o] : 0.0F;
  }
}
// endregion

// region unpack-filter
void unpack_filter(const Sweep& sweep, const Shape& shape, const float* sums,
                   std::int64_t chunks, int threads, float* scratch,
                   std::span<float> gradient) {
  const SweepWindow& window = sweep.window;
  const std::int64_t plane = shape.width * shape.channels;
  const std::int64_t chunk = sweep.tap_count() * sweep.floats;
  const int team = threads_for(chunks * chunk, threads);
  parallel_for(team, shape.height * plane, [&](std::int64_t task, int thread) {
    const std::int64_t ky = task / plane;
    const std::int64_t kx = task % plane / shape.channels;
    const std::int64_t i = task % shape.channels;
    float* sum = scratch + thread * sweep.lane_pixel;
    std::fill_n(sum, sweep.lane_pixel, 0.0F);
    for (std::int64_t part = 0; part < chunks; ++part) {
      for (std::int64_t m = 0; m < sweep.merged; ++m) {
        // Where this tap lies for pixel m of those that share a vector.
        const std::int64_t wide = kx + m * window.stride;
        const std::int64_t tap =
            (ky * sweep.wide_kernel + wide) * shape.channels + i;
        const float* from =
            sums + part * chunk + tap * sweep.floats + m * sweep.lane_pixel;
        for (std::int64_t o = 0; o < shape.batch; ++o) sum[o] += from[o];
      }
    }
    for (std::int64_t o = 0; o < shape.batch; ++o) {
      gradient[offset(shape, o, i, ky, kx)] = sum[o];
    }
  });
}
// endregion

// region unpack-bias
void unpack_bias(const Sweep& sweep, const float* sums, std::int64_t chunks,
                 std::span<float> gradient) {
  std::ranges::fill(gradient, 0.0F);
  for (std::int64_t part = 0; part < chunks * sweep.merged; ++part) {
    const float* from = sums + part * sweep.lane_pixel;
    for (std::size_t o = 0; o < gradient.size(); ++o) gradient[o] += from[o];
  }
}

}  // namespace cnn
// endregion
