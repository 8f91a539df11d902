// region quiet: includes
#include "chapters/03_blocked_gemm/direct_winners.hpp"

#include <algorithm>
#include <array>

#include "chapters/03_blocked_gemm/direct_convolution.hpp"
#include "chapters/03_blocked_gemm/parallel.hpp"

namespace cnn {
// endregion

// region winner-plan
constexpr std::int64_t kMostPositions = 16;  // of a pool by 4

WinnerSweep::WinnerSweep(const Sweep& forward, const DirectKernels& kernels,
                         std::int64_t pool, std::int64_t pixel) {
  constexpr std::int64_t kCanvasFloats = 128 * 1024;  // half a megabyte
  const SweepWindow& window = forward.window;
  const Canvas& canvas = forward.canvas;
  pays =
      pool > 1 && pool * pool <= kMostPositions &&
      canvas.pixel % kernels.lanes == 0 &&
      (canvas.source_height + 2 * canvas.top) * canvas.pitch() <= kCanvasFloats;
  if (!pays) return;
  output_pixel = pixel;
  positions = pool * pool;
  const std::int64_t row = window.kernel_width * canvas.pixel;
  window_floats = window.kernel_height * row;
  for (std::int64_t at = 0; at < window_floats; at += kernels.lanes) {
    image.push_back(at / row * canvas.pitch() + at % row);
    filter.push_back(at);
  }
  const auto vectors = static_cast<int>(filter.size());
  const int parts =
      (vectors + kernels.most_winner_vectors - 1) / kernels.most_winner_vectors;
  for (int i = 0; i < parts; ++i) {
    blocks.push_back(vectors * (i + 1) / parts - vectors * i / parts);
  }

  const std::int64_t down = window.stride * canvas.pitch();
  const std::int64_t right = window.stride * canvas.pixel;
  for (std::int64_t y = 0; y < window.output_height; y += pool) {
    for (std::int64_t x = 0; x < window.output_width; x += pool) {
      corner.push_back(y * down + x * right);
    }
  }
  for (std::int64_t i = 0; i < positions; ++i) {
    position.push_back(i / pool * down + i % pool * right);
  }
}
// endregion

// region add-to-windows
namespace {

/// Runs a tile for every block of a window's vectors.
void add_blocks(const WinnerSweep& sweep, const DirectKernels& kernels,
                WinnerTile tile) {
  if (tile.count == 0) return;
  for (const int vectors : sweep.blocks) {
    kernels.winner[vectors - 1](tile);
    tile.a_offset += vectors;
    tile.c_offset += vectors;
  }
}

}  // namespace
// endregion

// region winners-to-filter
void winners_to_filter(const WinnerSweep& sweep, const DirectKernels& kernels,
                       const float* canvas, const CanvasSource& gradient,
                       std::int64_t first, std::int64_t last, Winner* list,
                       float* sums) {
  const std::int64_t pixels = sweep.pooled_pixels();
  const std::int64_t* corner = sweep.corner.data();
  const std::int64_t* position = sweep.position.data();
  for (std::int64_t o = first; o < last; ++o) {
    // Every candidate is entered, and stays if it is one: nothing to
    // mispredict.
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < pixels; ++i) {
      const std::int64_t at = i * sweep.output_pixel + o;
      const std::uint8_t winner = gradient.winners[at];
      const bool won = winner != DirectConvolution::kNobody;
      list[count] = {corner[i] + position[won ? winner : 0],
                     gradient.values[at]};
      count += won ? 1 : 0;
    }
    add_blocks(sweep, kernels,
               {.winners = list,
                .count = count,
                .a = canvas,
                .a_offset = sweep.image.data(),
                .c = sums + o * sweep.window_floats,
                .c_offset = sweep.filter.data()});
  }
}
// endregion

// region winners-to-input
void winners_to_input(const WinnerSweep& sweep, const DirectKernels& kernels,
                      const CanvasSource& gradient, const float* filter,
                      std::int64_t outputs, Winner* list, float* canvas) {
  const std::int64_t pixels = sweep.pooled_pixels();
  const std::int64_t room = sweep.output_pixel;
  for (std::int64_t i = 0; i < pixels; ++i) {
    // A list for each position in the window, and one for nobody.
    std::array<std::int64_t, kMostPositions + 1> count{};
    const float* values = gradient.values + i * sweep.output_pixel;
    const std::uint8_t* winners = gradient.winners + i * sweep.output_pixel;
    for (std::int64_t o = 0; o < outputs; ++o) {
      const std::int64_t winner =
          std::min<std::int64_t>(winners[o], sweep.positions);
      std::int64_t& entries = count[static_cast<std::size_t>(winner)];
      list[winner * room + entries] = {o * sweep.window_floats, values[o]};
      ++entries;
    }
    for (std::int64_t p = 0; p < sweep.positions; ++p) {
      add_blocks(sweep, kernels,
                 {.winners = list + p * room,
                  .count = count[static_cast<std::size_t>(p)],
                  .a = filter,
                  .a_offset = sweep.filter.data(),
                  .c = canvas + sweep.corner[static_cast<std::size_t>(i)] +
                       sweep.position[static_cast<std::size_t>(p)],
                  .c_offset = sweep.image.data()});
    }
  }
}
// endregion

// region pack-windows
void pack_windows(const WinnerSweep& sweep, std::int64_t pixel,
                  const Shape& shape, std::span<const float> filter,
                  int threads, float* packed) {
  const std::int64_t area = shape.height * shape.width;
  parallel_for(threads, shape.batch, [&](std::int64_t o, int) {
    const float* from = filter.data() + o * shape.channels * area;
    float* to = packed + o * sweep.window_floats;
    for (std::int64_t k = 0; k < area; ++k, to += pixel) {
      for (std::int64_t i = 0; i < shape.channels; ++i) {
        to[i] = from[i * area + k];
      }
      std::fill(to + shape.channels, to + pixel, 0.0F);
    }
  });
}
// endregion

// region unpack-windows
void unpack_windows(const WinnerSweep& sweep, std::int64_t pixel,
                    const Shape& shape, float* sums, std::int64_t chunks,
                    int threads, std::span<float> gradient) {
  const std::int64_t area = shape.height * shape.width;
  const std::int64_t chunk = shape.batch * sweep.window_floats;
  parallel_for(threads, shape.batch, [&](std::int64_t o, int) {
    float* total = sums + o * sweep.window_floats;
    for (std::int64_t part = 1; part < chunks; ++part) {
      const float* from = total + part * chunk;
      for (std::int64_t k = 0; k < sweep.window_floats; ++k) {
        total[k] += from[k];
      }
    }
    float* to = gradient.data() + o * shape.channels * area;
    for (std::int64_t k = 0; k < area; ++k) {
      for (std::int64_t i = 0; i < shape.channels; ++i) {
        to[i * area + k] = total[k * pixel + i];
      }
    }
  });
}

}  // namespace cnn
// endregion
