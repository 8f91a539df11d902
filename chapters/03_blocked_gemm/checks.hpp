// region quiet: includes
#pragma once

#include "common/program.hpp"

namespace cnn {
// endregion

// region checks-declarations
/// Every step, and gemm() with every instruction set, all four transposed
/// cases, alpha, beta and epilogue.
void check_products(Program& program);

/// Implicit GEMM and the direct convolution, each with every instruction set,
/// in three directions.
void check_convolutions(Program& program);

/// The direct convolution with bias, ReLU and pooling, and its gradients from
/// the winners.
void check_fusion(Program& program);

}  // namespace cnn
// endregion
