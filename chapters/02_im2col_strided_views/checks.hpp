// region quiet: includes
#pragma once

#include <string>

#include "chapters/02_im2col_strided_views/matrix_product.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region checks-declarations
/// The two ways to im2col give the same numbers.
void check_im2col(Program& program);

/// <im2col x, y> = <x, col2im y>.
void check_adjoint(Program& program);

/// Forward, image by image and as a whole batch, with this product; `id` and
/// `suffix` tell the lines of different products apart.
void check_forward(Program& program, const std::string& id,
                   const std::string& suffix, const MatrixProduct& product);

/// Both gradients.
void check_backward(Program& program);
// endregion

// region quiet: end of namespace
}  // namespace cnn
// endregion
