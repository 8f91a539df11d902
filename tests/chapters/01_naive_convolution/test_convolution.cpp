#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>
#include <string>

#include "chapters/01_naive_convolution/convolution.hpp"
#include "chapters/01_naive_convolution/loop_orders.hpp"
#include "chapters/01_naive_convolution/partial_sums.hpp"
#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "tests/chapters/01_naive_convolution/geometries.hpp"

namespace {

using namespace cnn;

/// Every forward convolution of the chapter, by name.
std::vector<LoopOrder> all_orders() {
  std::vector<LoopOrder> orders(loop_orders().begin(), loop_orders().end());
  orders.insert(orders.end(), loop_orders_without_simd().begin(),
                loop_orders_without_simd().end());
  return orders;
}

TEST(Convolution, WorkedByHand) {
  const ConvolutionGeometry geometry{.input_height = 3,
                                     .input_width = 3,
                                     .kernel_height = 2,
                                     .kernel_width = 2};
  const std::array<float, 9> input{1, 2, 3, 4, 5, 6, 7, 8, 9};
  const std::array<float, 4> filter{1, 10, 100, 1000};
  const std::array<float, 4> expected{5421, 6532, 8754, 9865};
  for (const LoopOrder& order : all_orders()) {
    std::array<float, 4> output{};
    order.run(geometry, input, filter, output);
    EXPECT_EQ(output, expected) << order.name;
  }
}

TEST(Convolution, StridePaddingAndChannelsWorkedByHand) {
  // Two channels of 2x3, one filter of 2x2 in each, stride 2, padding 1: four
  // outputs, each of which sees at most two pixels of each channel.
  const ConvolutionGeometry geometry{.input_channels = 2,
                                     .input_height = 2,
                                     .input_width = 3,
                                     .kernel_height = 2,
                                     .kernel_width = 2,
                                     .stride = 2,
                                     .padding = 1};
  const std::array<float, 12> input{1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60};
  const std::array<float, 8> filter{1, 2, 3, 4, 5, 6, 7, 8};
  // Top left sees pixel 1 under weight 4, and 10 under weight 8; and so on.
  const std::array<float, 4> expected{
      4 * 1 + 8 * 10, 3 * 2 + 4 * 3 + 7 * 20 + 8 * 30, 2 * 4 + 6 * 40,
      1 * 5 + 2 * 6 + 5 * 50 + 6 * 60};
  for (const LoopOrder& order : all_orders()) {
    std::array<float, 4> output{};
    order.run(geometry, input, filter, output);
    EXPECT_EQ(output, expected) << order.name;
  }
}

TEST(Convolution, ReferenceWorkedByHand) {
  const ConvolutionGeometry geometry{.input_height = 2,
                                     .input_width = 2,
                                     .kernel_height = 2,
                                     .kernel_width = 2};
  const std::array<float, 4> input{1, -2, 3, -4};
  const std::array<float, 4> filter{5, 6, -7, 8};
  const auto result = reference_forward(geometry, input, filter);
  EXPECT_EQ(result.value, std::vector<double>{5 - 12 - 21 - 32});
  EXPECT_EQ(result.magnitude, std::vector<double>{5 + 12 + 21 + 32});
}

TEST(Convolution, EveryOrderMatchesFloat64OnRandomShapes) {
  for (const ConvolutionGeometry& geometry : test::random_geometries(60, 7)) {
    const RandomProblem problem(geometry, 11);
    const auto expected = reference_forward(geometry, problem.input.values(),
                                            problem.filter.values());
    for (const LoopOrder& order : all_orders()) {
      Tensor output(geometry.output_shape());
      output.fill(NAN);
      order.run(geometry, problem.input.values(), problem.filter.values(),
                output.values());
      const auto outcome = compare(output.values(), expected, geometry.terms());
      EXPECT_TRUE(outcome.passed()) << order.name << ", " << to_string(geometry)
                                    << ": " << describe(outcome);
    }
  }
}

TEST(Convolution, GradientsMatchFloat64OnRandomShapes) {
  for (const ConvolutionGeometry& geometry : test::random_geometries(60, 8)) {
    const RandomProblem problem(geometry, 12);
    const auto output_gradient = problem.output_gradient.values();

    Tensor input_gradient(geometry.input_shape());
    input_gradient.fill(NAN);
    convolution_backward_input(geometry, output_gradient,
                               problem.filter.values(),
                               input_gradient.values());
    auto outcome = compare(input_gradient.values(),
                           reference_backward_input(geometry, output_gradient,
                                                    problem.filter.values()),
                           backward_input_terms(geometry));
    EXPECT_TRUE(outcome.passed())
        << to_string(geometry) << ": " << describe(outcome);

    Tensor filter_gradient(geometry.filter_shape());
    filter_gradient.fill(NAN);
    convolution_backward_filter(geometry, problem.input.values(),
                                output_gradient, filter_gradient.values());
    outcome = compare(filter_gradient.values(),
                      reference_backward_filter(
                          geometry, problem.input.values(), output_gradient),
                      backward_filter_terms(geometry));
    EXPECT_TRUE(outcome.passed())
        << to_string(geometry) << ": " << describe(outcome);
  }
}

TEST(LoopOrders, TheVectoriserChangesNoBit) {
  // The rows of 45 pixels fill several vectors and leave a remainder.
  const RandomProblem problem({2, 3, 9, 47, 5, 3, 3, 1, 0}, 4);
  for (std::size_t i = 0; i < loop_orders().size(); ++i) {
    Tensor with(problem.geometry.output_shape());
    Tensor without(problem.geometry.output_shape());
    loop_orders()[i].run(problem.geometry, problem.input.values(),
                         problem.filter.values(), with.values());
    loop_orders_without_simd()[i].run(problem.geometry, problem.input.values(),
                                      problem.filter.values(),
                                      without.values());
    for (std::size_t j = 0; j < with.values().size(); ++j) {
      ASSERT_EQ(with.values()[j], without.values()[j])
          << loop_orders()[i].name << ", element " << j;
    }
  }
}

TEST(LoopOrders, NamesAreUniqueAndLoopsAreAPermutation) {
  ASSERT_GE(loop_orders().size(), 4U);
  std::vector<std::string_view> names;
  for (const LoopOrder& order : loop_orders()) {
    std::vector<std::string> loops;
    std::string word;
    for (const char letter : std::string(order.loops) + " ") {
      if (letter != ' ') {
        word += letter;
      } else {
        loops.push_back(std::exchange(word, ""));
      }
    }
    std::sort(loops.begin(), loops.end());
    EXPECT_EQ(loops,
              (std::vector<std::string>{"i", "kx", "ky", "n", "o", "x", "y"}))
        << order.name;
    names.push_back(order.name);
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST(PartialSums, EveryVariantIsWithinTheBound) {
  constexpr std::size_t kTerms = 1600;
  std::vector<float> a(kTerms);
  std::vector<float> b(kTerms);
  Random(3, 0).fill_uniform(a, -1, 1);
  Random(3, 1).fill_uniform(b, -1, 1);
  double value = 0;
  double magnitude = 0;
  for (std::size_t i = 0; i < kTerms; ++i) {
    value += double{a[i]} * double{b[i]};
    magnitude += std::abs(double{a[i]} * double{b[i]});
  }
  for (const int sums : kPartialSums) {
    const float result = dot_product(a, b, sums);
    EXPECT_TRUE(
        compare({&result, 1}, {{&value, 1}, {&magnitude, 1}}, kTerms).passed())
        << sums;
  }
  EXPECT_THROW(dot_product(a, b, 3), std::invalid_argument);
}

}  // namespace
