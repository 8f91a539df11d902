// region quiet: includes
#pragma once

#include <cstdint>
#include <vector>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "common/tensor.hpp"

namespace cnn {
// endregion

// region random-problem
/// Seeded numbers in [-1, 1) for one geometry. Input, filter and gradient come
/// from three streams of the generator, so none repeats another.
struct RandomProblem {
  ConvolutionGeometry geometry;
  Tensor input{geometry.input_shape()};
  Tensor filter{geometry.filter_shape()};
  Tensor output_gradient{geometry.output_shape()};

  /// Throws InputError when there is no such convolution.
  RandomProblem(const ConvolutionGeometry& sizes, std::uint64_t seed);
};
// endregion

// region problem-declarations
/// What every convolution of this course is checked on before it is timed:
/// odd sizes, several channels, stride and padding above 1, kernels that are
/// not square, windows that skip pixels.
std::vector<ConvolutionGeometry> check_geometries();

/// The shape of every ladder in this course: the second convolution of a small
/// network for digits, as it is met in training, a batch at a time.
ConvolutionGeometry ladder_geometry(bool quick);

}  // namespace cnn
// endregion
