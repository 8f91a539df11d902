// region quiet: includes
#include "chapters/04_cpu_cnn/batch_norm_passes.hpp"

#include <algorithm>

#include "chapters/03_blocked_gemm/isa.hpp"
#include "chapters/03_blocked_gemm/parallel.hpp"
#include "chapters/04_cpu_cnn/batch_norm_kernels.hpp"
#include "chapters/04_cpu_cnn/channel_sums.hpp"
#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/pieces.hpp"

namespace cnn {
// endregion

// region batch-norm-dispatch
namespace {

const BatchNormKernels& kernels() {
#ifdef __x86_64__
  if (best_isa() == Isa::kAvx512) return avx512::batch_norm_kernels();
  if (best_isa() == Isa::kAvx2) return avx2::batch_norm_kernels();
#endif
  return portable::batch_norm_kernels();
}

}  // namespace

void ChannelConstants::reserve(std::int64_t pixel) {
  const auto size = std::max(mean.size(), static_cast<std::size_t>(pixel));
  for (auto* numbers : {&mean, &factor, &shift, &slope}) numbers->resize(size);
}
// endregion

// region over-pixels
namespace {

/// Without pooling it does not matter which pixels lie in which row: short
/// ones keep float32 sums short.
constexpr std::int64_t kShortRow = 32;

/// Calls body(first pixel, pixels, piece) for short rows of all pixels.
template <class Body>
void over_pixels(const ChannelsLast& layout, int threads, const Body& body) {
  const std::int64_t pixels = layout.batch * layout.height * layout.width;
  const Pieces pieces(pixels, 2 * kShortRow);
  parallel_for(threads, pieces.count, [&](auto piece, int) {
    const std::int64_t end = pieces.end(piece);
    for (auto at = pieces.begin(piece); at < end; at += kShortRow) {
      body(at, std::min(kShortRow, end - at), piece);
    }
  });
}

BatchNormRow row_of(const ChannelConstants& constants, std::int64_t channels) {
  return {.channels = channels,
          .mean = constants.mean.data(),
          .factor = constants.factor.data(),
          .shift = constants.shift.data(),
          .slope = constants.slope.data()};
}

/// How many pieces over_pixels() makes.
std::int64_t pieces_of(const ChannelsLast& layout) {
  return Pieces(layout.batch * layout.height * layout.width, 2 * kShortRow)
      .count;
}

}  // namespace
// endregion

// region sum-channels
void sum_channels(const Shape& shape, const float* input, double* sums,
                  int threads) {
  const ChannelsLast layout = activation_layout(shape);
  const std::int64_t pixel = layout.pixel;
  std::fill_n(sums, pieces_of(layout) * 2 * pixel, 0.0);
  over_pixels(layout, threads, [&](auto at, auto width, auto piece) {
    kernels().sum_row({.channels = pixel,
                       .width = width,
                       .mean = input,  // of the first pixel
                       .input = input + at * pixel,
                       .sums = sums + piece * 2 * pixel});
  });
  add_pieces(pieces_of(layout), 2 * pixel, sums);
}
// endregion

// region over-rows
namespace {

/// Calls body(row, piece) for every row of pixels, with pools' rows together.
template <class Body>
void over_rows(const BatchNormBlock& block, const ChannelConstants& constants,
               int threads, const Body& body) {
  const ChannelsLast in = activation_layout(block.input);
  const Shape out = block.output();
  BatchNormRow row = row_of(constants, in.pixel);
  row.pool = block.pool;
  row.relu = block.relu;
  if (block.pool == 1) {
    over_pixels(in, threads, [&](auto at, auto width, auto piece) {
      BatchNormRow own = row;
      own.width = own.windows = width;
      body(own, at * in.pixel, at * in.pixel, piece);
    });
    return;
  }
  const Pieces pieces(in.batch * in.height);
  parallel_for(threads, pieces.count, [&](auto piece, int) {
    for (auto at = pieces.begin(piece); at < pieces.end(piece); ++at) {
      const std::int64_t n = at / in.height;
      const std::int64_t y = at % in.height;
      BatchNormRow own = row;
      own.width = in.width;
      own.window_row = y % block.pool;
      own.windows = y / block.pool < out.height ? out.width : 0;
      body(own, at * in.width * in.pixel,
           (n * out.height + y / block.pool) * out.width * in.pixel, piece);
    }
  });
}

std::int64_t pieces_of(const BatchNormBlock& block) {
  const ChannelsLast in = activation_layout(block.input);
  return block.pool == 1 ? pieces_of(in) : Pieces(in.batch * in.height).count;
}

}  // namespace
// endregion

// region normalise
void normalise(const BatchNormBlock& block, const ChannelConstants& constants,
               const float* input, float* output, std::uint8_t* winners,
               int threads) {
  over_rows(block, constants, threads,
            [&](BatchNormRow& row, auto from, auto to, auto) {
              if (row.window_row != 0) return;  // windows begin in their first
              row.input = input + from;
              row.output = output + to;
              row.winners = winners ? winners + to : nullptr;
              kernels().normalise_row(row);
            });
}
// endregion

// region gradient-sums
void sum_gradients(const BatchNormBlock& block,
                   const ChannelConstants& constants, const float* input,
                   const float* output_gradient, const std::uint8_t* winners,
                   double* sums, int threads) {
  const std::int64_t width = 2 * activation_layout(block.input).pixel;
  std::fill_n(sums, pieces_of(block) * width, 0.0);
  over_rows(block, constants, threads,
            [&](BatchNormRow& row, auto at, auto from, auto piece) {
              row.input = input + at;
              row.output_gradient = output_gradient + from;
              row.winners_before = winners ? winners + from : nullptr;
              row.sums = sums + piece * width;
              kernels().sum_gradient_row(row);
            });
  add_pieces(pieces_of(block), width, sums);
}

void spread_gradient(const BatchNormBlock& block,
                     const ChannelConstants& constants, const float* input,
                     const float* output_gradient, const std::uint8_t* winners,
                     float* input_gradient, int threads) {
  over_rows(block, constants, threads,
            [&](BatchNormRow& row, auto at, auto from, auto) {
              row.input = input + at;
              row.output_gradient = output_gradient + from;
              row.winners_before = winners ? winners + from : nullptr;
              row.input_gradient = input_gradient + at;
              kernels().spread_row(row);
            });
}

}  // namespace cnn
// endregion
