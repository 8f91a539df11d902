// region quiet: includes
#pragma once

#include <span>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "chapters/02_im2col_strided_views/matrix_product.hpp"
#include "common/tensor.hpp"

namespace cnn {
// endregion

// region image-scratch
/// Memory that the functions below work in when they take one image at a time.
/// Made once, used for every call with the same geometry. Tensors, because
/// they begin at a cache line: rows of 64 numbers then never straddle one.
struct ImageScratch {
  Tensor padded;           ///< one image; its border stays zero
  Tensor columns;          ///< terms x output pixels
  Tensor gradient;         ///< output pixels x output channels
  Tensor filter_gradient;  ///< terms x output channels

  explicit ImageScratch(const ConvolutionGeometry& geometry);
};
// endregion

// region forward-declaration
/// The forward convolution of chapter 1 as one matrix product per image:
/// filters (output channels x terms) times columns (terms x output pixels)
/// is the output image, already in NCHW order.
/// @param output NCHW, geometry.output_shape(); overwritten
/// @param product how to multiply
void gemm_forward(const ConvolutionGeometry& geometry,
                  std::span<const float> input, std::span<const float> filter,
                  std::span<float> output, ImageScratch& scratch,
                  const MatrixProduct& product = multiply_add);
// endregion

// region backward-declarations
/// The gradient with respect to the input: the filters transposed, times the
/// output gradient, is the gradient of the columns, and col2im takes it home.
/// @param input_gradient NCHW, geometry.input_shape(); overwritten
void gemm_backward_input(const ConvolutionGeometry& geometry,
                         std::span<const float> output_gradient,
                         std::span<const float> filter,
                         std::span<float> input_gradient, ImageScratch& scratch,
                         const MatrixProduct& product = multiply_add);

/// The gradient with respect to the filters: the columns times the output
/// gradient transposed, added up over the batch, is its transpose.
/// @param filter_gradient OIHW, geometry.filter_shape(); overwritten
void gemm_backward_filter(const ConvolutionGeometry& geometry,
                          std::span<const float> input,
                          std::span<const float> output_gradient,
                          std::span<float> filter_gradient,
                          ImageScratch& scratch,
                          const MatrixProduct& product = multiply_add);
// endregion

// region batch-declaration
/// Memory for the whole batch at once.
struct BatchScratch {
  Tensor padded;   ///< all images; their borders stay zero
  Tensor rows;     ///< (batch oy ox) x terms
  Tensor filters;  ///< terms x output channels
  Tensor result;   ///< (batch oy ox) x output channels

  explicit BatchScratch(const ConvolutionGeometry& geometry);
};

/// The forward convolution as a single matrix product for the whole batch:
/// rows (batch output pixels x terms) times the filters transposed. The result
/// has its channels last and is put into NCHW order afterwards.
/// @param output NCHW, geometry.output_shape(); overwritten
void gemm_forward_batch(const ConvolutionGeometry& geometry,
                        std::span<const float> input,
                        std::span<const float> filter, std::span<float> output,
                        BatchScratch& scratch,
                        const MatrixProduct& product = multiply_add);

}  // namespace cnn
// endregion
