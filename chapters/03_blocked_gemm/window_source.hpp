// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "chapters/03_blocked_gemm/packing.hpp"

namespace cnn {
// endregion

// region walk
/// How an index along one axis of the result and one along the same axis of the
/// filter lead to an index of the image: scale * result + sign * filter +
/// shift, divided by `divisor` if that leaves no remainder (otherwise the
/// filter's number meets nothing there).
struct Walk {
  std::int64_t scale;
  std::int64_t sign;
  std::int64_t shift;
  std::int64_t divisor;
};
// endregion

// region image-columns
/// The column matrices of a batch of images, a row for each weight (channel,
/// ky, kx), a column for each pixel (n, y, x) of the result: nowhere in memory,
/// but any part of a row can be had.
class ImageColumns {
 public:
  /// Of a convolution's input, as im2col() would write them.
  static ImageColumns of_input(const ConvolutionGeometry& geometry,
                               const float* input);
  /// Of a convolution's output gradient: to each pixel of the input, whatever
  /// it contributed to.
  static ImageColumns of_output_gradient(const ConvolutionGeometry& geometry,
                                         const float* gradient);

  /// Writes `count` numbers of row `weight`, from column `first` on.
  void read(std::int64_t weight, std::int64_t first, std::int64_t count,
            float* to) const;

 private:
  void read_line(const float* line, std::int64_t first, std::int64_t count,
                 std::int64_t kx, float* to) const;

  const float* image_;
  Shape image_shape_;
  std::int64_t height_;  ///< of the result
  std::int64_t width_;
  std::int64_t kernel_height_;
  std::int64_t kernel_width_;
  Walk walk_;
};
// endregion

// region column-sources
/// The columns as B: their terms are weights, their positions pixels.
class ColumnSource : public PanelSource {
 public:
  explicit ColumnSource(const ImageColumns& columns) : columns_(columns) {}
  void pack(const PanelPiece& piece, std::int64_t width,
            float* to) const override;

 private:
  ImageColumns columns_;
};

/// The columns transposed: terms are pixels, positions weights.
class TransposedColumnSource : public PanelSource {
 public:
  TransposedColumnSource(const ImageColumns& columns,
                         const GemmKernels& kernels)
      : columns_(columns), kernels_(kernels) {}
  void pack(const PanelPiece& piece, std::int64_t width,
            float* to) const override;

 private:
  ImageColumns columns_;
  const GemmKernels& kernels_;
};
// endregion

// region runs-source
/// Terms that come in runs: term t of position p is number
/// (t / run) * run_step + p * step + t % run.
class RunsSource : public PanelSource {
 public:
  RunsSource(const float* numbers, std::int64_t run, std::int64_t run_step,
             std::int64_t step, const GemmKernels& kernels)
      : numbers_(numbers),
        run_(run),
        run_step_(run_step),
        step_(step),
        kernels_(kernels) {}
  void pack(const PanelPiece& piece, std::int64_t width,
            float* to) const override;

 private:
  const float* numbers_;
  std::int64_t run_;
  std::int64_t run_step_;
  std::int64_t step_;
  const GemmKernels& kernels_;
};

}  // namespace cnn
// endregion
