#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "chapters/01_naive_convolution/convolution.hpp"
#include "common/random.hpp"
#include "common/tensor.hpp"
#include "exercise.hpp"

namespace {

using namespace cnn;

constexpr ConvolutionGeometry kGeometry{2, 6, 7, 9, 12, 3, 3, 2, 1};

class Groups : public testing::Test {
 protected:
  Groups() {
    Random(9, 0).fill_uniform(input_.values(), -1, 1);
    Random(9, 1).fill_uniform(filter_.values(), -1, 1);
  }
  Tensor input_{kGeometry.input_shape()};
  Tensor filter_{kGeometry.filter_shape()};
  Tensor output_{kGeometry.output_shape()};
};

TEST_F(Groups, OneGroupIsTheConvolutionOfTheChapter) {
  Tensor expected(kGeometry.output_shape());
  convolution_forward(kGeometry, input_.values(), filter_.values(),
                      expected.values());
  grouped_forward(kGeometry, 1, input_.values(), filter_.values(),
                  output_.values());
  for (std::size_t i = 0; i < expected.values().size(); ++i) {
    EXPECT_FLOAT_EQ(output_.values()[i], expected.values()[i]);
  }
}

TEST_F(Groups, EachGroupIsAConvolutionOfItsOwn) {
  for (const std::int64_t groups : {2, 3, 6}) {
    const std::int64_t ins = kGeometry.input_channels / groups;
    const std::int64_t outs = kGeometry.output_channels / groups;
    const auto weights = static_cast<std::size_t>(ins * 9);
    grouped_forward(kGeometry, groups, input_.values(),
                    filter_.values().first(weights * 12), output_.values());

    ConvolutionGeometry small = kGeometry;
    small.batch = 1;
    small.input_channels = ins;
    small.output_channels = outs;
    Tensor expected(small.output_shape());
    for (std::int64_t n = 0; n < kGeometry.batch; ++n)
      for (std::int64_t group = 0; group < groups; ++group) {
        const float* pictures = &input_(n, group * ins, 0, 0);
        convolution_forward(
            small,
            {pictures, static_cast<std::size_t>(small.input_shape().size())},
            filter_.values().subspan(
                static_cast<std::size_t>(group * outs) * weights,
                static_cast<std::size_t>(outs) * weights),
            expected.values());
        const float* result = &output_(n, group * outs, 0, 0);
        for (std::size_t i = 0; i < expected.values().size(); ++i) {
          ASSERT_TRUE(std::abs(result[i] - expected.values()[i]) <= 1e-5)
              << groups << " groups, picture " << n << ", group " << group;
        }
      }
  }
}

TEST_F(Groups, WorkShrinksButTheActivationsStay) {
  const Work full = grouped_work(kGeometry, 1);
  EXPECT_EQ(full.flop, convolution_work(kGeometry).flop);
  EXPECT_EQ(full.bytes, convolution_work(kGeometry).bytes);
  const Work depthwise = grouped_work(kGeometry, 6);
  EXPECT_EQ(depthwise.flop, full.flop / 6);
  EXPECT_EQ(depthwise.bytes, full.bytes - 4.0 * (648 - 108));
}

}  // namespace
