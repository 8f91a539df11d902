// region quiet: includes
#include "chapters/03_blocked_gemm/window_source.hpp"

#include <algorithm>

namespace cnn {
// endregion

// region columns-of
ImageColumns ImageColumns::of_input(const ConvolutionGeometry& geometry,
                                    const float* input) {
  ImageColumns columns;
  columns.image_ = input;
  columns.image_shape_ = geometry.input_shape();
  columns.height_ = geometry.output_height();
  columns.width_ = geometry.output_width();
  columns.kernel_height_ = geometry.kernel_height;
  columns.kernel_width_ = geometry.kernel_width;
  columns.walk_ = {.scale = geometry.stride,
                   .sign = 1,
                   .shift = -geometry.padding,
                   .divisor = 1};
  return columns;
}

ImageColumns ImageColumns::of_output_gradient(
    const ConvolutionGeometry& geometry, const float* gradient) {
  ImageColumns columns;
  columns.image_ = gradient;
  columns.image_shape_ = geometry.output_shape();
  columns.height_ = geometry.input_height;
  columns.width_ = geometry.input_width;
  columns.kernel_height_ = geometry.kernel_height;
  columns.kernel_width_ = geometry.kernel_width;
  columns.walk_ = {.scale = 1,
                   .sign = -1,
                   .shift = geometry.padding,
                   .divisor = geometry.stride};
  return columns;
}
// endregion

// region read
void ImageColumns::read(std::int64_t weight, std::int64_t first,
                        std::int64_t count, float* to) const {
  const std::int64_t kx = weight % kernel_width_;
  const std::int64_t ky = weight / kernel_width_ % kernel_height_;
  const std::int64_t channel = weight / kernel_width_ / kernel_height_;
  std::int64_t x = first % width_;
  std::int64_t y = first / width_ % height_;
  std::int64_t n = first / width_ / height_;
  while (count > 0) {  // along one line of the result after the other
    const std::int64_t length = std::min(count, width_ - x);
    const std::int64_t row = y * walk_.scale + ky * walk_.sign + walk_.shift;
    const bool inside = row >= 0 && row % walk_.divisor == 0 &&
                        row / walk_.divisor < image_shape_.height;
    if (inside) {
      read_line(
          image_ + offset(image_shape_, n, channel, row / walk_.divisor, 0), x,
          length, kx, to);
    } else {
      std::fill_n(to, length, 0.0F);
    }
    to += length;
    count -= length;
    x = 0;
    if (++y == height_) {
      y = 0;
      ++n;
    }
  }
}
// endregion

// region read-line
void ImageColumns::read_line(const float* line, std::int64_t first,
                             std::int64_t count, std::int64_t kx,
                             float* to) const {
  const std::int64_t start =
      first * walk_.scale + kx * walk_.sign + walk_.shift;
  const std::int64_t width = image_shape_.width;
  if (walk_.scale == 1 && walk_.divisor == 1) {  // neighbours stay neighbours
    const std::int64_t left = std::clamp<std::int64_t>(-start, 0, count);
    const std::int64_t right =
        std::clamp<std::int64_t>(width - start, left, count);
    for (std::int64_t i = 0; i < left; ++i) to[i] = 0;
    for (std::int64_t i = left; i < right; ++i) to[i] = line[start + i];
    for (std::int64_t i = right; i < count; ++i) to[i] = 0;
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t column = start + i * walk_.scale;
    const bool inside = column >= 0 && column % walk_.divisor == 0 &&
                        column / walk_.divisor < width;
    to[i] = inside ? line[column / walk_.divisor] : 0.0F;
  }
}
// endregion

// region column-source
void ColumnSource::pack(const PanelPiece& piece, std::int64_t width,
                        float* to) const {
  for (std::int64_t k = 0; k < piece.terms; ++k) {
    columns_.read(piece.first_term + k, piece.first, piece.count, to);
    std::fill(to + piece.count, to + width, 0.0F);
    to += width;
  }
}
// endregion

// region transposed-column-source
/// Reads along the pixels, where the image has its neighbours, and leaves the
/// transposing to those who do it in registers.
void TransposedColumnSource::pack(const PanelPiece& piece, std::int64_t width,
                                  float* to) const {
  constexpr std::int64_t kTerms = 64;  // at a time
  constexpr std::int64_t kMostPositions = 32;
  float rows[kMostPositions * kTerms];
  for (std::int64_t k = 0; k < piece.terms; k += kTerms) {
    const std::int64_t terms = std::min(kTerms, piece.terms - k);
    for (std::int64_t i = 0; i < piece.count; ++i) {
      columns_.read(piece.first + i, piece.first_term + k, terms,
                    rows + i * kTerms);
    }
    kernels_.pack({.from = rows,
                   .term_step = 1,
                   .step = kTerms,
                   .terms = terms,
                   .count = piece.count},
                  width, to + k * width);
  }
}
// endregion

// region runs-source
void RunsSource::pack(const PanelPiece& piece, std::int64_t width,
                      float* to) const {
  std::int64_t done = 0;
  while (done < piece.terms) {
    const std::int64_t term = piece.first_term + done;
    const std::int64_t in_run = term % run_;
    const std::int64_t terms = std::min(piece.terms - done, run_ - in_run);
    kernels_.pack({.from = numbers_ + term / run_ * run_step_ + in_run +
                           piece.first * step_,
                   .term_step = 1,
                   .step = step_,
                   .terms = terms,
                   .count = piece.count},
                  width, to + done * width);
    done += terms;
  }
}

}  // namespace cnn
// endregion
