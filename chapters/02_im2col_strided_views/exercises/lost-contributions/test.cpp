#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "common/error_bound.hpp"
#include "common/random.hpp"
#include "exercise.hpp"

namespace {

using namespace cnn;

TEST(Col2imInParts, LosesNothingOnFourByFour) {
  const ConvolutionGeometry geometry{.input_height = 4,
                                     .input_width = 4,
                                     .kernel_height = 3,
                                     .kernel_width = 3};
  const std::vector<float> ones(
      static_cast<std::size_t>(columns_size(geometry)), 1.0F);
  std::vector<float> image(16, -1);
  col2im_in_parts(geometry, ones, image);
  EXPECT_EQ(image, (std::vector<float>{1, 2, 2, 1,  //
                                       2, 4, 4, 2,  //
                                       2, 4, 4, 2,  //
                                       1, 2, 2, 1}));
}

TEST(Col2imInParts, IsCol2imForEveryGeometry) {
  for (const ConvolutionGeometry& geometry : check_geometries()) {
    std::vector<float> columns(
        static_cast<std::size_t>(columns_size(geometry)));
    Random(23).fill_uniform(columns, -1, 1);
    std::vector<float> sizes;
    for (const float value : columns) sizes.push_back(std::abs(value));
    Tensor expected(geometry.input_shape());
    Tensor magnitude(geometry.input_shape());
    Tensor actual(geometry.input_shape());
    actual.fill(NAN);
    col2im(geometry, columns, expected.values());
    col2im(geometry, sizes, magnitude.values());
    col2im_in_parts(geometry, columns, actual.values());

    const std::vector<double> value(expected.data(),
                                    expected.data() + expected.size());
    std::vector<double> bound(magnitude.data(),
                              magnitude.data() + magnitude.size());
    for (double& number : bound) number *= 2;  // both sides were rounded
    const auto outcome =
        compare(actual.values(), {value, bound},
                geometry.kernel_height * geometry.kernel_width + 1);
    EXPECT_TRUE(outcome.passed())
        << to_string(geometry) << ": " << describe(outcome);
  }
}

}  // namespace
