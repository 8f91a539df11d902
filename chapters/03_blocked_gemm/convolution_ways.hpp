// region quiet: includes
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/02_im2col_strided_views/matrix_product.hpp"
#include "chapters/03_blocked_gemm/isa.hpp"
#include "common/tensor.hpp"

namespace cnn {
// endregion

// region convolution-way
/// The three convolutions of a layer.
enum Direction { kForward, kInputGradient, kFilterGradient };
inline constexpr std::array kDirections{kForward, kInputGradient,
                                        kFilterGradient};
inline constexpr std::array kDirectionIds{"forward", "input-gradient",
                                          "filter-gradient"};
inline constexpr std::array kDirectionLabels{"forward", "input gradient",
                                             "filter gradient"};

/// One way to compute them for one problem, with all the memory that it needs:
/// a check runs each once and looks at the results, a clock runs them again and
/// again.
struct ConvolutionWay {
  std::string id;              ///< "implicit"
  std::string label;           ///< "03 implicit GEMM"
  int threads = 1;             ///< CPU threads that it uses
  std::int64_t scratch_bytes;  ///< memory beside operands and results
  /// Each computes into arrays of its own, in the layout that suits it.
  std::array<std::function<void()>, 3> run;
  /// What run computed: NCHW, or OIHW for the filter gradient. NaN before.
  std::array<std::function<Tensor()>, 3> result;
};
// endregion

// region ways-declarations
/// Chapter 2: the columns of one image at a time, then a product. The problem
/// has to outlive the way, here and below.
ConvolutionWay im2col_way(const RandomProblem& problem,
                          const MatrixProduct& product, std::string id,
                          std::string label, int threads = 1);

/// Implicit GEMM, NCHW like the problem itself.
ConvolutionWay implicit_way(const RandomProblem& problem, Isa isa, int threads);

/// The direct convolution, alone: no bias, no ReLU, no pooling. Its arrays are
/// in its own layout from the beginning, as they are in a network.
ConvolutionWay direct_way(const RandomProblem& problem, Isa isa, int threads);

/// The result that is right, and how many products its longest sum has.
struct ExpectedConvolution {
  ReferenceResult result;
  std::int64_t terms;
};
/// By chapter 1's float64 references.
ExpectedConvolution expected_convolution(const RandomProblem& problem,
                                         Direction direction);

}  // namespace cnn
// endregion
