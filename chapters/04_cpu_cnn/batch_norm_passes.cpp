// region quiet: includes
#include "chapters/04_cpu_cnn/batch_norm_passes.hpp"

#include <algorithm>

#include "chapters/03_blocked_gemm/parallel.hpp"
#include "chapters/04_cpu_cnn/channel_sums.hpp"
#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/pieces.hpp"

namespace cnn {
// endregion

// region sum-channels
void ChannelConstants::reserve(std::int64_t pixel) {
  const auto size = std::max(mean.size(), static_cast<std::size_t>(pixel));
  for (auto* numbers : {&mean, &factor, &shift, &slope}) numbers->resize(size);
}

void sum_channels(const Shape& shape, const float* input, double* sums,
                  int threads) {
  const ChannelsLast layout = activation_layout(shape);
  const std::int64_t pixel = layout.pixel;
  const Pieces pieces(layout.size() / pixel, 64);
  parallel_for(threads, pieces.count, [&](auto piece, int) {
    double* sum = sums + piece * 2 * pixel;
    double* squares = sum + pixel;
    std::fill_n(sum, 2 * pixel, 0.0);
    for (auto row = pieces.begin(piece); row < pieces.end(piece); ++row) {
      const float* x = input + row * pixel;
      for (std::int64_t c = 0; c < pixel; ++c) {
        const double away = double{x[c]} - double{input[c]};
        sum[c] += away;
        squares[c] += away * away;
      }
    }
  });
  add_pieces(pieces.count, 2 * pixel, sums);
}
// endregion

// region normalise
namespace {

/// One pixel of the output: the largest of a window's numbers, and whose it is.
void normalise_window(const BatchNormBlock& block, const ChannelsLast& in,
                      const ChannelConstants& constants, const float* corner,
                      float* output, std::uint8_t* winners) {
  const float* mean = constants.mean.data();
  const float* factor = constants.factor.data();
  const float* shift = constants.shift.data();
  for (std::int64_t k = 0; k < block.pool * block.pool; ++k) {
    const float* x =
        corner + (k / block.pool * in.width + k % block.pool) * in.pixel;
    for (std::int64_t c = 0; c < in.pixel; ++c) {
      const float y = (x[c] - mean[c]) * factor[c] + shift[c];
      // NaN is not equal to itself; where there is one, it wins.
      const bool wins = k == 0 || y > output[c] || y != y;
      output[c] = wins ? y : output[c];
      if (winners) {
        winners[c] = wins ? static_cast<std::uint8_t>(k) : winners[c];
      }
    }
  }
  if (!block.relu) return;
  for (std::int64_t c = 0; c < in.pixel; ++c) {
    if (winners) winners[c] = output[c] > 0 ? winners[c] : kNoWinner;
    output[c] = output[c] < 0 ? 0 : output[c];
  }
}

}  // namespace

void normalise(const BatchNormBlock& block, const ChannelConstants& constants,
               const float* input, float* output, std::uint8_t* winners,
               int threads) {
  const ChannelsLast in = activation_layout(block.input);
  const Shape out = block.output();
  const Pieces pieces(out.batch * out.height);
  parallel_for(threads, pieces.count, [&](auto piece, int) {
    for (auto row = pieces.begin(piece); row < pieces.end(piece); ++row) {
      const std::int64_t n = row / out.height;
      const std::int64_t y = row % out.height * block.pool;
      const float* corner = input + (n * in.height + y) * in.width * in.pixel;
      for (std::int64_t x = 0; x < out.width; ++x) {
        const std::int64_t to = (row * out.width + x) * in.pixel;
        normalise_window(block, in, constants,
                         corner + x * block.pool * in.pixel, output + to,
                         winners ? winners + to : nullptr);
      }
    }
  });
}
// endregion

// region returning
namespace {

/// What comes back to one pixel: its window's gradients, and the mark that the
/// window's winners carry where this pixel is the winner.
struct Returning {
  const float* gradient = nullptr;        // null: no window has this pixel
  const std::uint8_t* winners = nullptr;  // null: every channel gets it
  std::uint8_t mark = 0;

  float operator()(std::int64_t channel) const {
    if (!gradient) return 0;
    if (!winners) return gradient[channel];
    return winners[channel] == mark ? gradient[channel] : 0;
  }
};

/// Calls body(pixel, returning, piece) for every pixel.
template <class Body>
void for_pixels(const BatchNormBlock& block, const float* output_gradient,
                const std::uint8_t* winners, const Pieces& rows, int threads,
                const Body& body) {
  const ChannelsLast in = activation_layout(block.input);
  const Shape out = block.output();
  parallel_for(threads, rows.count, [&](auto piece, int) {
    for (auto row = rows.begin(piece); row < rows.end(piece); ++row) {
      const std::int64_t n = row / in.height;
      const std::int64_t y = row % in.height;
      for (std::int64_t x = 0; x < in.width; ++x) {
        Returning returning;
        const std::int64_t oy = y / block.pool;
        const std::int64_t ox = x / block.pool;
        if (oy < out.height && ox < out.width) {
          const auto at = ((n * out.height + oy) * out.width + ox) * in.pixel;
          returning.gradient = output_gradient + at;
          if (winners) returning.winners = winners + at;
          returning.mark = static_cast<std::uint8_t>(
              y % block.pool * block.pool + x % block.pool);
        }
        body((row * in.width + x) * in.pixel, returning, piece);
      }
    }
  });
}

}  // namespace
// endregion

// region sum-gradients
void sum_gradients(const BatchNormBlock& block,
                   const ChannelConstants& constants, const float* input,
                   const float* output_gradient, const std::uint8_t* winners,
                   double* sums, int threads) {
  const ChannelsLast in = activation_layout(block.input);
  const Pieces rows(in.batch * in.height);
  const float* mean = constants.mean.data();
  std::fill_n(sums, rows.count * 2 * in.pixel, 0.0);
  for_pixels(block, output_gradient, winners, rows, threads,
             [&](auto at, const Returning& returning, auto piece) {
               if (!returning.gradient) return;
               const float* x = input + at;
               double* sum = sums + piece * 2 * in.pixel;
               double* products = sum + in.pixel;
               for (std::int64_t c = 0; c < in.pixel; ++c) {
                 const double g = returning(c);
                 sum[c] += g;
                 products[c] += g * (x[c] - mean[c]);
               }
             });
  add_pieces(rows.count, 2 * in.pixel, sums);
}
// endregion

// region spread-gradient
void spread_gradient(const BatchNormBlock& block,
                     const ChannelConstants& constants, const float* input,
                     const float* output_gradient, const std::uint8_t* winners,
                     float* input_gradient, int threads) {
  const ChannelsLast in = activation_layout(block.input);
  const Pieces rows(in.batch * in.height);
  const float* mean = constants.mean.data();
  const float* factor = constants.factor.data();
  const float* shift = constants.shift.data();
  const float* slope = constants.slope.data();
  for_pixels(block, output_gradient, winners, rows, threads,
             [&](auto at, const Returning& returning, auto) {
               const float* x = input + at;
               float* to = input_gradient + at;
               for (std::int64_t c = 0; c < in.pixel; ++c) {
                 to[c] = factor[c] * returning(c) + shift[c] -
                         slope[c] * (x[c] - mean[c]);
               }
             });
}

}  // namespace cnn
// endregion
