// region quiet: includes
#pragma once

#include <span>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "chapters/02_im2col_strided_views/strided_view.hpp"

namespace cnn {
// endregion

// region add-in-one-go-declaration
/// What `view += addend` does in NumPy: all sums are computed first, from the
/// old elements, and then written back, in row-major order of the indices.
/// Where several indices share an element, the last one wins and the sums of
/// the others are gone.
/// @param addend view.size() numbers, in row-major order of the indices
void add_in_one_go(const StridedView<float>& view,
                   std::span<const float> addend);
// endregion

// region col2im-through-view-declaration
/// col2im as the report has it: adds all columns through the window view in
/// one statement. Right only where windows do not overlap.
/// @param columns as for col2im()
/// @param image   NCHW, geometry.input_shape(); overwritten
void col2im_through_view(const ConvolutionGeometry& geometry,
                         std::span<const float> columns,
                         std::span<float> image);
// endregion

// region damage-declaration
/// How far one gradient is from another.
struct GradientDamage {
  double relative_error = 0;  ///< ||wrong - right|| / ||right||
  double cosine = 0;          ///< of the angle between the two; 1: parallel
  double length_ratio = 0;    ///< ||wrong|| / ||right||
};
/// Compares a gradient with the right one; both have the same length.
GradientDamage gradient_damage(std::span<const float> right,
                               std::span<const float> wrong);

/// The share of contributions that col2im_through_view() loses: both versions
/// applied to columns of ones count how many arrive.
double lost_share(const ConvolutionGeometry& geometry);

}  // namespace cnn
// endregion
