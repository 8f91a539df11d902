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

// region square-window-loader
/// Copies operands of a WindowProduct with a kernel of kKernel x kKernel taps
/// that the compiler knows: a step is kChannels whole channels, so that the
/// place of a tap in a step, and its distance in memory from the first tap, are
/// constants. Nothing is divided after the first step.
///
/// Backward, only for a stride of 1: the taps in reverse order then turn the
/// input gradient into a forward pass over the output gradient.
template <class Tile, int kKernel, int kChannels, bool kBackward>
class SquareWindowLoader {
 public:
  static constexpr int kTaps = kKernel * kKernel;
  static constexpr int kDepth = kTaps * kChannels;
  // endregion

  // region square-window-share
 private:
  // Pixels of the tile that one thread copies, or threads for one pixel; these
  // take turns in the step's channels.
  static constexpr int kPixels =
      Tile::kColumns > Tile::kThreads ? Tile::kColumns / Tile::kThreads : 1;
  static constexpr int kTurns = Tile::kThreads * kPixels / Tile::kColumns;
  static constexpr int kElements = Tile::kRows * kDepth;  // of the filter
  static constexpr int kCopies =
      (kElements + Tile::kThreads - 1) / Tile::kThreads;
  static_assert(kTurns * Tile::kColumns == kPixels * Tile::kThreads);
  static_assert(kChannels % kTurns == 0 && kTaps <= 32 && kCopies <= 32);
  using S = Stage<Tile, kDepth>;

  const WindowProduct& p_;
  int pixel_ = static_cast<int>(threadIdx.x) % Tile::kColumns;
  int turn_ = static_cast<int>(threadIdx.x) / Tile::kColumns;
  int pixel_begin_[kPixels];      // first tap's offset in the source
  unsigned pixel_taps_[kPixels];  // a bit for each tap inside of the source
  int filter_begin_[kCopies];     // offset in the filter
  int filter_place_[kCopies];     // offset in the stage
  unsigned filter_inside_ = 0;    // a bit for each copy inside of the filter
                                  // endregion

  // region square-window-pixels
 public:
  __device__ SquareWindowLoader(const WindowProduct& product, int first_row,
                                int first_pixel)
      : p_(product) {
    find_filter(first_row);
#pragma unroll
    for (int i = 0; i < kPixels; ++i) {
      find_pixel(first_pixel + pixel_ + i * Tile::kThreads, i);
    }
  }

 private:
  __device__ void find_pixel(int pixel, int i) {
    const int image = p_.by_plane.quotient(pixel);
    const int in_image = p_.by_plane.remainder(pixel, image);
    const int y = p_.by_width.quotient(in_image);
    const int x = p_.by_width.remainder(in_image, y);
    const int border = kBackward ? kKernel - 1 - p_.padding : p_.padding;
    const int top = y * (kBackward ? 1 : p_.stride) - border;
    const int left = x * (kBackward ? 1 : p_.stride) - border;
    pixel_begin_[i] =
        image * p_.channels * p_.source_plane + top * p_.source_width + left;
    pixel_taps_[i] = 0;
    if (pixel >= p_.pixels) return;
#pragma unroll
    for (int tap = 0; tap < kTaps; ++tap) {
      const int source_y = top + tap / kKernel;
      const int source_x = left + tap % kKernel;
      const bool inside = source_y >= 0 && source_y < p_.source_height &&
                          source_x >= 0 && source_x < p_.source_width;
      if (inside) pixel_taps_[i] |= 1U << tap;
    }
  }
  // endregion

  // region square-window-filter
  /// The filter's elements in the order of memory, so that a warp's lanes copy
  /// neighbours: whole rows of a step forward, whole channels backward.
  __device__ void find_filter(int first_row) {
    constexpr int kOfChannel = Tile::kRows * kTaps;
#pragma unroll
    for (int i = 0; i < kCopies; ++i) {
      const int element = static_cast<int>(threadIdx.x) + i * Tile::kThreads;
      const int row =
          kBackward ? element % kOfChannel / kTaps : element / kDepth;
      const int channel =
          kBackward ? element / kOfChannel : element % kDepth / kTaps;
      const int tap = element % kTaps;
      const int term = channel * kTaps + (kBackward ? kTaps - 1 - tap : tap);
      filter_begin_[i] =
          (first_row + row) * p_.row_step + channel * p_.channel_step + tap;
      filter_place_[i] = term * S::kRowStep + row;
      const bool inside = element < kElements && first_row + row < p_.rows;
      if (inside) filter_inside_ |= 1U << i;
    }
  }
  // endregion

  // region square-window-load
 public:
  __device__ __forceinline__ void load(float* stage, int step) {
    const int channel = step * kChannels;
    load_filter(stage, channel);
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
    const unsigned taps = there ? pixel_taps_[i] : 0;
    const float* from =
        p_.source + pixel_begin_[i] + (channel + turn) * p_.source_plane;
    float* to =
        columns + turn * kTaps * S::kColumnStep + pixel_ + i * Tile::kThreads;
#pragma unroll
    for (int tap = 0; tap < kTaps; ++tap) {
      copy_or_zero(to + tap * S::kColumnStep,
                   from + tap / kKernel * p_.source_width + tap % kKernel,
                   (taps >> tap & 1) != 0);
    }
  }

  __device__ __forceinline__ void load_filter(float* rows, int channel) {
    const float* from = p_.filter + channel * p_.channel_step;
#pragma unroll
    for (int i = 0; i < kCopies; ++i) {
      const int element = static_cast<int>(threadIdx.x) + i * Tile::kThreads;
      if (kElements % Tile::kThreads != 0 && element >= kElements) break;
      const int turn = kBackward ? element / (Tile::kRows * kTaps)
                                 : element % kDepth / kTaps;
      const bool there = kChannels == 1 || channel + turn < p_.channels;
      copy_or_zero(rows + filter_place_[i], from + filter_begin_[i],
                   there && (filter_inside_ >> i & 1) != 0);
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
  static constexpr int kElements = Tile::kRows * kDepth;
  static_assert(kTurns * Tile::kColumns == Tile::kThreads);
  static_assert(kDepth % kTurns == 0 && kElements % Tile::kThreads == 0);
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

  struct Term {
    int channel;
    int tap;
  };
  __device__ Term term(int k) const {
    const int channel = p_.by_taps.quotient(k);
    return {channel, p_.by_taps.remainder(k, channel)};
  }
  // endregion

  // region any-window-load
 public:
  __device__ __forceinline__ void load(float* stage, int step) {
    for (int k = turn_; k < kDepth; k += kTurns) {
      const Term t = term(step * kDepth + k);
      const int kernel_y = p_.by_kernel_width.quotient(t.tap);
      const int y = source_position(y_, kernel_y);
      const int x =
          source_position(x_, p_.by_kernel_width.remainder(t.tap, kernel_y));
      const bool there = inside_ && t.channel < p_.channels && y >= 0 &&
                         y < p_.source_height && x >= 0 && x < p_.source_width;
      const int offset = (image_ * p_.channels + t.channel) * p_.source_plane +
                         y * p_.source_width + x;
      copy_or_zero(stage + S::kColumnsBegin + k * S::kColumnStep + pixel_,
                   p_.source + offset, there);
    }
    for (int element = static_cast<int>(threadIdx.x); element < kElements;
         element += Tile::kThreads) {
      const int k = element % kDepth;
      const int row = element / kDepth;
      const Term t = term(step * kDepth + k);
      const int offset = (first_row_ + row) * p_.row_step +
                         t.channel * p_.channel_step + t.tap;
      copy_or_zero(stage + k * S::kRowStep + row, p_.filter + offset,
                   first_row_ + row < p_.rows && t.channel < p_.channels);
    }
  }
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
