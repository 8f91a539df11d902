// region quiet: includes
#include "chapters/01_naive_convolution/problem.hpp"

#include "common/random.hpp"

namespace cnn {
// endregion

// region random-problem
RandomProblem::RandomProblem(const ConvolutionGeometry& sizes,
                             std::uint64_t seed)
    : geometry((sizes.validate(), sizes)) {
  Random(seed, 0).fill_uniform(input.values(), -1, 1);
  Random(seed, 1).fill_uniform(filter.values(), -1, 1);
  Random(seed, 2).fill_uniform(output_gradient.values(), -1, 1);
}
// endregion

// region check-geometries
std::vector<ConvolutionGeometry> check_geometries() {
  return {{1, 1, 5, 5, 1, 3, 3, 1, 0},   {2, 3, 7, 9, 5, 3, 3, 1, 1},
          {3, 2, 11, 8, 4, 5, 3, 2, 2},  {1, 4, 13, 13, 3, 1, 1, 1, 0},
          {2, 5, 9, 7, 7, 2, 4, 3, 1},   {1, 2, 6, 6, 3, 7, 7, 1, 3},
          {4, 1, 28, 28, 8, 3, 3, 1, 1}, {2, 17, 5, 5, 6, 5, 5, 3, 3}};
}
// endregion

// region ladder-geometry
ConvolutionGeometry ladder_geometry(bool quick) {
  return {.batch = quick ? 8 : 64,
          .input_channels = 32,
          .input_height = 13,
          .input_width = 13,
          .output_channels = 64,
          .kernel_height = 3,
          .kernel_width = 3,
          .stride = 1,
          .padding = 0};
}

}  // namespace cnn
// endregion
