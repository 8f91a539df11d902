#pragma once

#include "chapters/02_im2col_strided_views/strided_view.hpp"

namespace cnn {

/// c[n] = a[n] b[n] for every n: products of small matrices, one after another
/// in memory.
/// @param a batch x rows x terms, any strides; with stride 0 along the batch,
///          one matrix is used for all
/// @param b batch x terms x columns, likewise
/// @param c batch x rows x columns, dense
/// @param threads at least 1; the result is the same for any number
void multiply_batch(const StridedView<const float>& a,
                    const StridedView<const float>& b,
                    const StridedView<float>& c, int threads);

}  // namespace cnn
