// region quiet: includes
#include "chapters/06_tiled_cuda_adam/winograd_bound.hpp"

#include <array>
#include <cmath>
#include <utility>

namespace cnn {

namespace {
// endregion

// region winograd-sizes-of-coefficients
template <std::size_t kRows, std::size_t kColumns>
using Matrix = std::array<std::array<double, kColumns>, kRows>;

/// |B^T|, |G| and |A^T| of F(4x4, 3x3).
constexpr Matrix<6, 6> kInput{{{4, 0, 5, 0, 1, 0},
                               {0, 4, 4, 1, 1, 0},
                               {0, 4, 4, 1, 1, 0},
                               {0, 2, 1, 2, 1, 0},
                               {0, 2, 1, 2, 1, 0},
                               {0, 4, 0, 5, 0, 1}}};
constexpr Matrix<6, 3> kFilter{{{1 / 4.0, 0, 0},
                                {1 / 6.0, 1 / 6.0, 1 / 6.0},
                                {1 / 6.0, 1 / 6.0, 1 / 6.0},
                                {1 / 24.0, 1 / 12.0, 1 / 6.0},
                                {1 / 24.0, 1 / 12.0, 1 / 6.0},
                                {0, 0, 1}}};
constexpr Matrix<4, 6> kOutput{{{1, 1, 1, 1, 1, 0},
                                {0, 1, 1, 2, 2, 0},
                                {0, 1, 1, 4, 4, 0},
                                {0, 1, 1, 8, 8, 1}}};

template <std::size_t kRows, std::size_t kColumns>
constexpr Matrix<kColumns, kRows> transposed(const Matrix<kRows, kColumns>& m) {
  Matrix<kColumns, kRows> t{};
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kColumns; ++j) t[j][i] = m[i][j];
  }
  return t;
}
// endregion

// region winograd-sizes-of-tiles
/// m tile m^T.
template <std::size_t kTo, std::size_t kFrom>
Matrix<kTo, kTo> both_sides(const Matrix<kTo, kFrom>& m,
                            const Matrix<kFrom, kFrom>& tile) {
  Matrix<kTo, kFrom> half{};
  Matrix<kTo, kTo> result{};
  for (std::size_t i = 0; i < kTo; ++i) {
    for (std::size_t a = 0; a < kFrom; ++a) {
      for (std::size_t b = 0; b < kFrom; ++b) {
        half[i][b] += m[i][a] * tile[a][b];
      }
    }
    for (std::size_t j = 0; j < kTo; ++j) {
      for (std::size_t b = 0; b < kFrom; ++b) {
        result[i][j] += half[i][b] * m[j][b];
      }
    }
  }
  return result;
}

/// |numbers| of a plane of an array: kSize rows from `top` and columns from
/// `left`, 0 outside.
template <std::size_t kSize>
Matrix<kSize, kSize> sizes_of(const Tensor& tensor, std::int64_t n,
                              std::int64_t c, std::int64_t top,
                              std::int64_t left) {
  Matrix<kSize, kSize> tile{};
  const Shape& shape = tensor.shape();
  for (std::size_t i = 0; i < kSize; ++i) {
    for (std::size_t j = 0; j < kSize; ++j) {
      const std::int64_t y = top + static_cast<std::int64_t>(i);
      const std::int64_t x = left + static_cast<std::int64_t>(j);
      if (y < 0 || y >= shape.height || x < 0 || x >= shape.width) continue;
      tile[i][j] = std::abs(double{tensor(n, c, y, x)});
    }
  }
  return tile;
}

void add_products(Matrix<6, 6>& sums, const Matrix<6, 6>& a,
                  const Matrix<6, 6>& b) {
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < 6; ++j) sums[i][j] += a[i][j] * b[i][j];
  }
}
// endregion

// region winograd-window-bound
/// Of one number of an output, or of an input gradient.
double window_magnitude(const RandomProblem& problem, bool backward,
                        std::int64_t n, std::int64_t row, std::int64_t y,
                        std::int64_t x) {
  const Tensor& source = backward ? problem.output_gradient : problem.input;
  const std::int64_t padding = problem.geometry.padding;
  const std::int64_t border = backward ? 2 - padding : padding;
  Matrix<6, 6> sums{};
  for (std::int64_t c = 0; c < source.shape().channels; ++c) {
    Matrix<3, 3> weights = sizes_of<3>(problem.filter, backward ? c : row,
                                       backward ? row : c, 0, 0);
    if (backward) {  // taps in reverse order
      for (auto& line : weights) std::swap(line[0], line[2]);
      std::swap(weights[0], weights[2]);
    }
    add_products(
        sums,
        both_sides(kInput, sizes_of<6>(source, n, c, y / 4 * 4 - border,
                                       x / 4 * 4 - border)),
        both_sides(kFilter, weights));
  }
  return both_sides(
      kOutput,
      sums)[static_cast<std::size_t>(y % 4)][static_cast<std::size_t>(x % 4)];
}
// endregion

// region winograd-weight-bound
/// Of one number of a filter gradient.
double weight_magnitude(const RandomProblem& problem, std::int64_t o,
                        std::int64_t c, std::int64_t y, std::int64_t x) {
  const Shape& output = problem.output_gradient.shape();
  const std::int64_t padding = problem.geometry.padding;
  Matrix<6, 6> sums{};
  for (std::int64_t n = 0; n < output.batch; ++n) {
    for (std::int64_t top = 0; top < output.height; top += 4) {
      for (std::int64_t left = 0; left < output.width; left += 4) {
        add_products(
            sums,
            both_sides(transposed(kOutput),
                       sizes_of<4>(problem.output_gradient, n, o, top, left)),
            both_sides(kInput, sizes_of<6>(problem.input, n, c, top - padding,
                                           left - padding)));
      }
    }
  }
  return both_sides(
      transposed(kFilter),
      sums)[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
}
// endregion

// region winograd-magnitude
}  // namespace

std::vector<double> winograd_magnitude(const RandomProblem& problem,
                                       ConvolutionPass pass,
                                       std::span<const std::int64_t> places) {
  const Shape shape = result_shape(problem.geometry, pass);
  std::vector<double> magnitude;
  for (const std::int64_t place : places) {
    const std::int64_t x = place % shape.width;
    const std::int64_t y = place / shape.width % shape.height;
    const std::int64_t plane = place / (shape.width * shape.height);
    const std::int64_t c = plane % shape.channels;
    const std::int64_t n = plane / shape.channels;
    magnitude.push_back(
        pass == ConvolutionPass::kFilterGradient
            ? weight_magnitude(problem, n, c, y, x)
            : window_magnitude(problem, pass == ConvolutionPass::kInputGradient,
                               n, c, y, x));
  }
  return magnitude;
}
// endregion

// region winograd-terms
std::int64_t winograd_terms(const ConvolutionGeometry& geometry,
                            ConvolutionPass pass) {
  constexpr std::int64_t kTransforms = 2 * (4 + 5 + 6);
  const auto tiles = [](std::int64_t size) { return (size + 3) / 4; };
  switch (pass) {
    case ConvolutionPass::kForward:
      return geometry.input_channels + kTransforms;
    case ConvolutionPass::kInputGradient:
      return geometry.output_channels + kTransforms;
    case ConvolutionPass::kFilterGradient:
      break;
  }
  return geometry.batch * tiles(geometry.output_height()) *
             tiles(geometry.output_width()) +
         kTransforms;
}

}  // namespace cnn
// endregion
