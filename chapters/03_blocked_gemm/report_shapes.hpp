// region quiet: includes
#pragma once

#include <array>
#include <string_view>

#include "chapters/01_naive_convolution/geometry.hpp"

namespace cnn {
// endregion

// region report-shapes
/// A convolution of one of the networks that the course's reports trained.
struct ReportShape {
  std::string_view id;
  std::string_view label;
  ConvolutionGeometry geometry;
  std::int64_t quick_batch;  ///< instead of the batch, with --quick
};

/// One network for handwritten digits, one for pictures of clothes, each with
/// two convolutions and batches as its report had them.
inline constexpr std::array kReportShapes{
    ReportShape{
        "digits-1", "digits, layer 1", {64, 1, 28, 28, 32, 3, 3, 1, 0}, 8},
    ReportShape{
        "digits-2", "digits, layer 2", {64, 32, 13, 13, 64, 3, 3, 1, 0}, 8},
    ReportShape{
        "clothes-1", "clothes, layer 1", {512, 1, 28, 28, 40, 3, 3, 1, 1}, 16},
    ReportShape{"clothes-2",
                "clothes, layer 2",
                {512, 40, 14, 14, 60, 3, 3, 1, 1},
                16}};
// endregion

// region with-batch
/// The same convolution with another batch.
inline ConvolutionGeometry with_batch(ConvolutionGeometry geometry,
                                      std::int64_t batch) {
  geometry.batch = batch;
  return geometry;
}

}  // namespace cnn
// endregion
