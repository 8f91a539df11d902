// region quiet: includes
#pragma once

#include "chapters/06_tiled_cuda_adam/block_tile.cuh"
#include "chapters/06_tiled_cuda_adam/window_product.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region copy-or-zero
/// One float on its way to shared memory, or a zero where there is none.
__device__ __forceinline__ void copy_or_zero(float* to, const float* from,
                                             bool there) {
  __pipeline_memcpy_async(to, from, sizeof(float), there ? 0 : sizeof(float));
}
// endregion

// region filter-loader
/// Copies a step's rows of packed filters: term by term, sixteen bytes a copy,
/// nothing to check, because what is padding was packed as 0.
template <class Tile, int kDepth>
__device__ __forceinline__ void load_filters(float* stage,
                                             const WindowProduct& product,
                                             int first_row, int step) {
  using S = Stage<Tile, kDepth>;
  constexpr int kQuads = Tile::kRows / 4;
  const float* from =
      product.filter + step * kDepth * product.packed_rows + first_row;
#pragma unroll
  for (int i = 0; i < kDepth * kQuads; i += Tile::kThreads) {
    const int quad = i + static_cast<int>(threadIdx.x);
    if (kDepth * kQuads % Tile::kThreads != 0 && quad >= kDepth * kQuads) break;
    const int term = quad / kQuads;
    const int row = quad % kQuads * 4;
    __pipeline_memcpy_async(stage + term * S::kRowStep + row,
                            from + term * product.packed_rows + row, 16);
  }
}
// endregion

// region square-window-loader
/// Copies operands of a WindowProduct with a kernel of kKernel x kKernel taps
/// that the compiler knows: a step is kChannels whole channels, so that the
/// place of a tap in a step, and its distance in memory from the first tap, are
/// constants. Nothing is divided after the first step.
///
/// Backward, only for a stride of 1: the filter's taps in reverse order turn
/// the input gradient into a forward pass over the output gradient.
template <class Tile, int kKernel, int kChannels, bool kBackward>
class SquareWindowLoader {
 public:
  static constexpr int kTaps = kKernel * kKernel;
  static constexpr int kDepth = kTaps * kChannels;

 private:
  // Pixels of the tile that one thread copies, or threads for one pixel; these
  // take turns in the step's channels.
  static constexpr int kPixels =
      Tile::kColumns > Tile::kThreads ? Tile::kColumns / Tile::kThreads : 1;
  static constexpr int kTurns = Tile::kThreads * kPixels / Tile::kColumns;
  static_assert(kTurns * Tile::kColumns == kPixels * Tile::kThreads);
  static_assert(kChannels % kTurns == 0 && kTaps <= 32);
  using S = Stage<Tile, kDepth>;

  const WindowProduct& p_;
  int first_row_;
  int pixel_ = static_cast<int>(threadIdx.x) % Tile::kColumns;
  int turn_ = static_cast<int>(threadIdx.x) / Tile::kColumns;
  int begin_[kPixels];      // the first tap's offset in the source
  unsigned taps_[kPixels];  // a bit for each tap inside of the source
                            // endregion

  // region square-window-pixels
 public:
  __device__ SquareWindowLoader(const WindowProduct& product, int first_row,
                                int first_pixel)
      : p_(product), first_row_(first_row) {
#pragma unroll
    for (int i = 0; i < kPixels; ++i) {
      find_pixel(first_pixel + pixel_ + i * Tile::kThreads, i);
    }
  }

 private:
  __device__ __forceinline__ void find_pixel(int pixel, int i) {
    const int image = p_.by_plane.quotient(pixel);
    const int in_image = p_.by_plane.remainder(pixel, image);
    const int y = p_.by_width.quotient(in_image);
    const int x = p_.by_width.remainder(in_image, y);
    const int border = kBackward ? kKernel - 1 - p_.padding : p_.padding;
    const int top = y * (kBackward ? 1 : p_.stride) - border;
    const int left = x * (kBackward ? 1 : p_.stride) - border;
    begin_[i] =
        image * p_.channels * p_.source_plane + top * p_.source_width + left;
    taps_[i] = 0;
    if (pixel >= p_.pixels) return;
#pragma unroll
    for (int tap = 0; tap < kTaps; ++tap) {
      const int source_y = top + tap / kKernel;
      const int source_x = left + tap % kKernel;
      const bool inside = source_y >= 0 && source_y < p_.source_height &&
                          source_x >= 0 && source_x < p_.source_width;
      if (inside) taps_[i] |= 1U << tap;
    }
  }
  // endregion

  // region square-window-load
 public:
  /// Starts this thread's copies of a step.
  __device__ __forceinline__ void load(float* stage, int step) {
    load_filters<Tile, kDepth>(stage, p_, first_row_, step);
    const int channel = step * kChannels;
#pragma unroll
    for (int i = 0; i < kPixels; ++i) {
#pragma unroll
      for (int c = 0; c < kChannels; c += kTurns) {
        load_pixel(stage + S::kColumnsBegin, i, channel, c + turn_);
      }
    }
  }

 private:
  __device__ __forceinline__ void load_pixel(float* columns, int i, int channel,
                                             int turn) {
    const bool there = kChannels == 1 || channel + turn < p_.channels;
    const unsigned taps = there ? taps_[i] : 0;
    const float* from =
        p_.source + begin_[i] + (channel + turn) * p_.source_plane;
    float* to =
        columns + turn * kTaps * S::kColumnStep + pixel_ + i * Tile::kThreads;
#pragma unroll
    for (int tap = 0; tap < kTaps; ++tap) {
      copy_or_zero(to + tap * S::kColumnStep,
                   from + tap / kKernel * p_.source_width + tap % kKernel,
                   (taps >> tap & 1) != 0);
    }
  }
};
// endregion

// region any-window-loader
/// The same for any kernel, stride and padding: a step is eight terms, each
/// found by division.
template <class Tile, bool kBackward>
class AnyWindowLoader {
 public:
  static constexpr int kDepth = 8;

 private:
  static constexpr int kTurns = Tile::kThreads / Tile::kColumns;
  static_assert(kTurns * Tile::kColumns == Tile::kThreads);
  static_assert(kDepth % kTurns == 0);
  using S = Stage<Tile, kDepth>;

  const WindowProduct& p_;
  int first_row_;
  int pixel_ = static_cast<int>(threadIdx.x) % Tile::kColumns;
  int turn_ = static_cast<int>(threadIdx.x) / Tile::kColumns;
  bool inside_;
  int image_;
  int y_;
  int x_;
  // endregion

  // region any-window-pixel
 public:
  __device__ AnyWindowLoader(const WindowProduct& product, int first_row,
                             int first_pixel)
      : p_(product), first_row_(first_row) {
    const int pixel = first_pixel + pixel_;
    inside_ = pixel < p_.pixels;
    image_ = p_.by_plane.quotient(pixel);
    const int in_image = p_.by_plane.remainder(pixel, image_);
    y_ = p_.by_width.quotient(in_image);
    x_ = p_.by_width.remainder(in_image, y_);
  }
  // endregion

  // region any-window-position
 private:
  /// Where tap `k` of a result at `position` finds the source, in one
  /// direction; a negative number for nowhere.
  __device__ int source_position(int position, int k) const {
    if (!kBackward) return position * p_.stride - p_.padding + k;
    const int shifted = position + p_.padding - k;
    if (shifted < 0) return -1;
    const int source = p_.by_stride.quotient(shifted);
    return p_.by_stride.remainder(shifted, source) == 0 ? source : -1;
  }
  // endregion

  // region any-window-load
 public:
  /// Starts this thread's copies of a step.
  __device__ __forceinline__ void load(float* stage, int step) {
    load_filters<Tile, kDepth>(stage, p_, first_row_, step);
    for (int k = turn_; k < kDepth; k += kTurns) {
      const int term = step * kDepth + k;
      const int channel = p_.by_taps.quotient(term);
      const int tap = p_.by_taps.remainder(term, channel);
      const int kernel_y = p_.by_kernel_width.quotient(tap);
      const int y = source_position(y_, kernel_y);
      const int x =
          source_position(x_, p_.by_kernel_width.remainder(tap, kernel_y));
      const bool there = inside_ && channel < p_.channels && y >= 0 &&
                         y < p_.source_height && x >= 0 && x < p_.source_width;
      const int offset = (image_ * p_.channels + channel) * p_.source_plane +
                         y * p_.source_width + x;
      copy_or_zero(stage + S::kColumnsBegin + k * S::kColumnStep + pixel_,
                   p_.source + offset, there);
    }
  }
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
