// region quiet: includes
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chapters/02_im2col_strided_views/matrix_product.hpp"
#include "common/error_bound.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region checks-declarations
/// The two ways to im2col give the same numbers.
void check_im2col(Program& program);

/// <im2col x, y> = <x, col2im y>.
void check_adjoint(Program& program);

/// A convolution on many geometries, compared with two others.
struct Verdict {
  std::string id;
  std::string label;
  Comparison float64;    ///< with the float64 reference
  Comparison chapter_1;  ///< with the seven loops
};

/// Forward with this product, image by image and as a whole batch.
std::vector<Verdict> judge_forward(std::uint64_t seed, const std::string& id,
                                   const std::string& label,
                                   const MatrixProduct& product);

/// Both gradients.
std::vector<Verdict> judge_backward(std::uint64_t seed);

/// Puts verdicts on record, two lines for each.
void report_verdicts(Program& program, const std::vector<Verdict>& verdicts);

}  // namespace cnn
// endregion
