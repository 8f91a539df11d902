#pragma once

#include "chapters/02_im2col_strided_views/strided_view.hpp"

namespace cnn {

/// c = a b, in tiles of 2 x 2. Any sizes.
void multiply_two_by_two(const StridedView<const float>& a,
                         const StridedView<const float>& b,
                         const StridedView<float>& c);

}  // namespace cnn
