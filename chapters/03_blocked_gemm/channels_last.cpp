// region quiet: includes
#include "chapters/03_blocked_gemm/channels_last.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "chapters/03_blocked_gemm/parallel.hpp"

namespace cnn {
// endregion

// region channels-last-layout
ChannelsLast channels_last(const Shape& shape) {
  std::int64_t pixel = shape.channels;
  if (pixel > 8) {
    pixel = (pixel + 15) / 16 * 16;
  } else if (pixel > 4) {
    pixel = 8;
  }
  return {shape.batch, shape.height, shape.width, shape.channels, pixel};
}
// endregion

// region require-sizes
namespace {

void require_sizes(const ChannelsLast& layout, std::size_t nchw,
                   std::size_t channels_last) {
  const std::int64_t plane = layout.batch * layout.height * layout.width;
  if (nchw != static_cast<std::size_t>(plane * layout.channels) ||
      channels_last != static_cast<std::size_t>(layout.size())) {
    throw std::invalid_argument(fmt::format(
        "channels last: found {} and {} numbers, expected {} and {}", nchw,
        channels_last, plane * layout.channels, layout.size()));
  }
}

}  // namespace
// endregion

// region transpose-four
namespace {

/// Four floats in a register, and the same wherever they lie.
using Four [[gnu::vector_size(16)]] = float;
using AnyFour [[gnu::vector_size(16), gnu::aligned(4), gnu::may_alias]] = float;

/// to[j * to_stride + i] = from[i * from_stride + j] for i, j below 4.
void transpose_four(const float* from, std::int64_t from_stride, float* to,
                    std::int64_t to_stride) {
  const auto row = [&](std::int64_t i) {
    return Four{*reinterpret_cast<const AnyFour*>(from + i * from_stride)};
  };
  const auto put = [&](std::int64_t j, Four column) {
    *reinterpret_cast<AnyFour*>(to + j * to_stride) = column;
  };
  // Zip row 0 with row 2 and 1 with 3, then the results: 4 to 7 are numbers of
  // the second vector.
  const Four even = __builtin_shufflevector(row(0), row(2), 0, 4, 1, 5);
  const Four even_end = __builtin_shufflevector(row(0), row(2), 2, 6, 3, 7);
  const Four odd = __builtin_shufflevector(row(1), row(3), 0, 4, 1, 5);
  const Four odd_end = __builtin_shufflevector(row(1), row(3), 2, 6, 3, 7);
  put(0, __builtin_shufflevector(even, odd, 0, 4, 1, 5));
  put(1, __builtin_shufflevector(even, odd, 2, 6, 3, 7));
  put(2, __builtin_shufflevector(even_end, odd_end, 0, 4, 1, 5));
  put(3, __builtin_shufflevector(even_end, odd_end, 2, 6, 3, 7));
}

}  // namespace
// endregion

// region transpose
namespace {

/// to[j * to_stride + i] = from[i * from_stride + j] for all rows i and columns
/// j. The last four rows or columns overlap those before, if need be: some
/// numbers are copied twice.
void transpose(std::int64_t rows, std::int64_t columns, const float* from,
               std::int64_t from_stride, float* to, std::int64_t to_stride) {
  if (rows < 4 || columns < 4) {
    for (std::int64_t i = 0; i < rows; ++i) {
      for (std::int64_t j = 0; j < columns; ++j) {
        to[j * to_stride + i] = from[i * from_stride + j];
      }
    }
    return;
  }
  for (std::int64_t next_i = 0; next_i < rows; next_i += 4) {
    const std::int64_t i = std::min(next_i, rows - 4);
    for (std::int64_t next_j = 0; next_j < columns; next_j += 4) {
      const std::int64_t j = std::min(next_j, columns - 4);
      transpose_four(from + i * from_stride + j, from_stride,
                     to + j * to_stride + i, to_stride);
    }
  }
}

}  // namespace
// endregion

// region to-channels-last
void to_channels_last(const ChannelsLast& layout, std::span<const float> nchw,
                      std::span<float> channels_last, int threads) {
  require_sizes(layout, nchw.size(), channels_last.size());
  const std::int64_t pixels = layout.height * layout.width;
  const std::int64_t gap = layout.pixel - layout.channels;
  parallel_for(threads, layout.batch, [&](std::int64_t n, int) {
    float* to = channels_last.data() + n * pixels * layout.pixel;
    transpose(layout.channels, pixels,
              nchw.data() + n * layout.channels * pixels, pixels, to,
              layout.pixel);
    if (gap == 0) return;
    for (std::int64_t i = 0; i < pixels; ++i) {
      std::fill_n(to + i * layout.pixel + layout.channels, gap, 0.0F);
    }
  });
}
// endregion

// region from-channels-last
void from_channels_last(const ChannelsLast& layout,
                        std::span<const float> channels_last,
                        std::span<float> nchw, int threads) {
  require_sizes(layout, nchw.size(), channels_last.size());
  const std::int64_t pixels = layout.height * layout.width;
  parallel_for(threads, layout.batch, [&](std::int64_t n, int) {
    transpose(pixels, layout.channels,
              channels_last.data() + n * pixels * layout.pixel, layout.pixel,
              nchw.data() + n * layout.channels * pixels, pixels);
  });
}

}  // namespace cnn
// endregion
