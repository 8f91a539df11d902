// region quiet: includes
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "chapters/01_naive_convolution/reference.hpp"
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

/// A computation on many problems, compared with two others.
struct Verdict {
  std::string id;
  std::string label;
  Comparison float64{};  ///< with the float64 reference
  Comparison before{};   ///< with an earlier chapter's float32
};

/// Adds one result to a verdict. The earlier result has a rounding error of its
/// own, so that it is worth only twice the bound.
void judge(Verdict& verdict, std::span<const float> actual,
           std::span<const float> before, ReferenceResult reference,
           std::int64_t terms);

/// Forward with this product, image by image and as a whole batch.
std::vector<Verdict> judge_forward(std::uint64_t seed, const std::string& id,
                                   const std::string& label,
                                   const MatrixProduct& product);

/// Both gradients.
std::vector<Verdict> judge_backward(std::uint64_t seed);

/// Puts verdicts on record, two lines for each; `chapter` is the earlier one.
void report_verdicts(Program& program, const std::vector<Verdict>& verdicts,
                     int chapter = 1);

}  // namespace cnn
// endregion
