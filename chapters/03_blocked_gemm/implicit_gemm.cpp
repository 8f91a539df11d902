// region quiet: includes
#include "chapters/03_blocked_gemm/implicit_gemm.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "chapters/03_blocked_gemm/blocked_product.hpp"
#include "chapters/03_blocked_gemm/parallel.hpp"
#include "chapters/03_blocked_gemm/window_source.hpp"

namespace cnn {
// endregion

// region implicit-requirements
namespace {

void require_size(const char* what, std::size_t found, const Shape& shape) {
  if (found != static_cast<std::size_t>(shape.size())) {
    throw std::invalid_argument(
        fmt::format("implicit convolution: {} of {} numbers, expected {}", what,
                    found, to_string(shape)));
  }
}

void require_options(const ConvolutionGeometry& geometry, bool forward,
                     const GemmOptions& options, const GemmScratch& scratch) {
  geometry.validate();
  const Epilogue& epilogue = options.epilogue;
  if (options.alpha != 1 || options.beta != 0 ||
      epilogue.column_bias != nullptr ||
      (!forward && (epilogue.row_bias != nullptr || epilogue.relu))) {
    throw std::invalid_argument(
        "implicit convolution: alpha must be 1 and beta 0, and only forward "
        "takes a bias (by row) or ReLU");
  }
  if (options.threads < 1 || options.threads > scratch.threads()) {
    throw std::invalid_argument(
        fmt::format("implicit convolution: found {} threads, expected 1 to {}, "
                    "which the scratch memory is for",
                    options.threads, scratch.threads()));
  }
}
// endregion

// region for-each-image
/// Calls body(n, options, memory) for each image: several images at once, a
/// thread for each, or, where there are fewer images than threads, one image
/// after the other by all threads.
template <class Body>
void for_each_image(std::int64_t images, const GemmOptions& options,
                    GemmScratch& scratch, const Body& body) {
  if (images < options.threads) {
    for (std::int64_t n = 0; n < images; ++n) {
      body(n, options, scratch.buffers().of(0, options.threads));
    }
    return;
  }
  GemmOptions alone = options;
  alone.threads = 1;
  parallel_for(options.threads, images, [&](std::int64_t n, int thread) {
    body(n, alone, scratch.buffers().of(thread, 1));
  });
}

}  // namespace
// endregion

// region implicit-forward
void implicit_forward(const ConvolutionGeometry& geometry,
                      std::span<const float> input,
                      std::span<const float> filter, std::span<float> output,
                      const GemmOptions& options, GemmScratch& scratch) {
  require_options(geometry, true, options, scratch);
  require_size("an input", input.size(), geometry.input_shape());
  require_size("a filter", filter.size(), geometry.filter_shape());
  require_size("an output", output.size(), geometry.output_shape());
  const ProductSizes sizes{geometry.output_channels, column_count(geometry),
                           column_rows(geometry)};
  const auto filters = row_major(filter, {sizes.rows, sizes.terms});
  const auto filters_transposed = filters.transposed();
  const MatrixSource left(filters_transposed, gemm_kernels(options.isa));
  const std::int64_t image = geometry.input_shape().size() / geometry.batch;
  for_each_image(
      geometry.batch, options, scratch,
      [&](std::int64_t n, const GemmOptions& how, std::span<float> memory) {
        const ColumnSource right(
            ImageColumns::of_input(geometry, input.data() + n * image));
        const StridedView<float> result(
            output.data() + n * sizes.rows * sizes.columns,
            {sizes.rows, sizes.columns}, {sizes.columns, 1});
        blocked_product(sizes, left, right, result, how, memory);
      });
}
// endregion

// region implicit-backward-input
void implicit_backward_input(const ConvolutionGeometry& geometry,
                             std::span<const float> output_gradient,
                             std::span<const float> filter,
                             std::span<float> input_gradient,
                             const GemmOptions& options, GemmScratch& scratch) {
  require_options(geometry, false, options, scratch);
  require_size("an output gradient", output_gradient.size(),
               geometry.output_shape());
  require_size("a filter", filter.size(), geometry.filter_shape());
  require_size("an input gradient", input_gradient.size(),
               geometry.input_shape());
  const std::int64_t area = geometry.kernel_height * geometry.kernel_width;
  const ProductSizes sizes{geometry.input_channels,
                           geometry.input_height * geometry.input_width,
                           geometry.output_channels * area};
  // A row for each input channel: its weights in the first filter, in the
  // second, ...
  const RunsSource left(filter.data(), area, geometry.input_channels * area,
                        area, gemm_kernels(options.isa));
  const std::int64_t image = geometry.output_shape().size() / geometry.batch;
  for_each_image(
      geometry.batch, options, scratch,
      [&](std::int64_t n, const GemmOptions& how, std::span<float> memory) {
        const ColumnSource right(ImageColumns::of_output_gradient(
            geometry, output_gradient.data() + n * image));
        const StridedView<float> result(
            input_gradient.data() + n * sizes.rows * sizes.columns,
            {sizes.rows, sizes.columns}, {sizes.columns, 1});
        blocked_product(sizes, left, right, result, how, memory);
      });
}
// endregion

// region implicit-backward-filter
void implicit_backward_filter(const ConvolutionGeometry& geometry,
                              std::span<const float> input,
                              std::span<const float> output_gradient,
                              std::span<float> filter_gradient,
                              const GemmOptions& options,
                              GemmScratch& scratch) {
  require_options(geometry, false, options, scratch);
  require_size("an input", input.size(), geometry.input_shape());
  require_size("an output gradient", output_gradient.size(),
               geometry.output_shape());
  require_size("a filter gradient", filter_gradient.size(),
               geometry.filter_shape());
  // One product for the whole batch: its terms are all pixels of all images.
  const std::int64_t pixels = column_count(geometry);
  const ProductSizes sizes{geometry.output_channels, column_rows(geometry),
                           geometry.batch * pixels};
  const GemmKernels& kernels = gemm_kernels(options.isa);
  const RunsSource left(output_gradient.data(), pixels, sizes.rows * pixels,
                        pixels, kernels);
  const TransposedColumnSource right(
      ImageColumns::of_input(geometry, input.data()), kernels);
  blocked_product(sizes, left, right,
                  row_major(filter_gradient, {sizes.rows, sizes.columns}),
                  options, scratch.buffers().of(0, options.threads));
}

}  // namespace cnn
// endregion
