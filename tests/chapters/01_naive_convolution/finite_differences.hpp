/// @file
/// Gradients by nudging. The loss is sum(output_gradient * output), with the
/// output computed in float64. It is linear in the input and in the filter, so
/// a central difference is exact but for float64's rounding, whatever the step.
#pragma once

#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"

namespace cnn::test {

inline double loss(const RandomProblem& problem) {
  const auto output = reference_forward(
      problem.geometry, problem.input.values(), problem.filter.values());
  double sum = 0;
  for (std::size_t i = 0; i < output.value.size(); ++i) {
    sum += double{problem.output_gradient.values()[i]} * output.value[i];
  }
  return sum;
}

/// Central differences of the loss in every element of `variable`, which has
/// to be the input or the filter of `problem` itself.
inline std::vector<double> differences(Tensor& variable,
                                       const RandomProblem& problem) {
  constexpr float kStep = 0.5F;
  std::vector<double> gradient;
  for (float& element : variable.values()) {
    const float kept = element;
    element = kept + kStep;
    const double up = double{element} - kept;  // what float32 made of the step
    const double above = loss(problem);
    element = kept - kStep;
    const double down = double{kept} - element;
    const double below = loss(problem);
    element = kept;
    gradient.push_back((above - below) / (up + down));
  }
  return gradient;
}

/// Small enough to nudge every element of: stride and padding above 1, kernels
/// that are not square, windows that skip pixels.
inline std::vector<ConvolutionGeometry> small_geometries() {
  return {{1, 1, 4, 4, 1, 3, 3, 1, 0},
          {2, 3, 5, 4, 2, 3, 2, 1, 1},
          {1, 2, 7, 5, 3, 3, 3, 2, 2},
          {2, 1, 6, 6, 2, 2, 4, 3, 1},
          {1, 2, 3, 3, 2, 5, 5, 1, 2}};
}

}  // namespace cnn::test
