// region quiet: includes
#include "chapters/01_naive_convolution/filters.hpp"

#include <algorithm>
#include <cmath>

#include "chapters/01_naive_convolution/convolution.hpp"

namespace cnn {
// endregion

// region bank
namespace {

constexpr float kNinth = 1.0F / 9;
constexpr std::array<PictureFilter, 5> kFilters{{
    {"identity", {0, 0, 0, 0, 1, 0, 0, 0, 0}},
    {"blur",
     {kNinth, kNinth, kNinth, kNinth, kNinth, kNinth, kNinth, kNinth, kNinth}},
    {"sharpen", {0, -1, 0, -1, 5, -1, 0, -1, 0}},
    {"horizontal edges", {-.25F, -.5F, -.25F, 0, 0, 0, .25F, .5F, .25F}},
    {"vertical edges", {-.25F, 0, .25F, -.5F, 0, .5F, -.25F, 0, .25F}},
}};

}  // namespace

std::span<const PictureFilter> picture_filters() {
  return kFilters;
}
// endregion

// region filter-pictures
Tensor filter_pictures(const Dataset& dataset,
                       std::span<const std::int64_t> indices) {
  const ConvolutionGeometry geometry{
      .batch = static_cast<std::int64_t>(indices.size()),
      .input_channels = dataset.channels,
      .input_height = dataset.height,
      .input_width = dataset.width,
      .output_channels = static_cast<std::int64_t>(kFilters.size()),
      .kernel_height = 3,
      .kernel_width = 3,
      .stride = 1,
      .padding = 1};
  geometry.validate();

  Tensor input(geometry.input_shape());
  auto pixel = input.values().begin();
  for (const std::int64_t index : indices) {
    for (const std::uint8_t byte : dataset.picture(index)) {
      *pixel++ = static_cast<float>(byte) / 255.0F;
    }
  }

  Tensor filter(geometry.filter_shape());
  auto weight = filter.values().begin();
  for (const PictureFilter& entry : kFilters) {
    for (std::int64_t channel = 0; channel < dataset.channels; ++channel) {
      weight = std::copy(entry.weights.begin(), entry.weights.end(), weight);
    }
  }

  Tensor output(geometry.output_shape());
  convolution_forward(geometry, input.values(), filter.values(),
                      output.values());
  return output;
}
// endregion

// region contact-sheet
Picture contact_sheet(const Tensor& responses, std::int64_t scale) {
  constexpr std::int64_t kGap = 4;  // pixels of dark grey around each picture
  constexpr std::uint8_t kGapGrey = 40;
  const auto [columns, rows, height, width] = responses.shape();
  const std::int64_t cell_height = height * scale + kGap;
  const std::int64_t cell_width = width * scale + kGap;

  Picture sheet{.width = columns * cell_width + kGap,
                .height = rows * cell_height + kGap,
                .channels = 1,
                .pixels = {}};
  sheet.pixels.assign(static_cast<std::size_t>(sheet.width * sheet.height),
                      kGapGrey);
  for (std::int64_t n = 0; n < columns; ++n)
    for (std::int64_t c = 0; c < rows; ++c)
      for (std::int64_t y = 0; y < height * scale; ++y)
        for (std::int64_t x = 0; x < width * scale; ++x) {
          const float value = responses(n, c, y / scale, x / scale);
          const float grey = 255 * std::clamp(value, 0.0F, 1.0F);
          const std::int64_t row = kGap + c * cell_height + y;
          const std::int64_t column = kGap + n * cell_width + x;
          sheet.pixels[static_cast<std::size_t>(row * sheet.width + column)] =
              static_cast<std::uint8_t>(std::lround(grey));
        }
  return sheet;
}

}  // namespace cnn
// endregion
