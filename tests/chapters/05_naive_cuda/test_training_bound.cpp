// How far apart two trainings may be: wide enough for every convolution of the
// CPU, too narrow for any mistake in the recipe.
#include <gtest/gtest.h>

#include "tests/chapters/05_naive_cuda/training_case.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

TEST(TrainingBound, HoldsForEveryConvolutionOfTheCpu) {
  for (const auto method :
       {ConvolutionMethod::kLoops, ConvolutionMethod::kIm2col}) {
    const auto [excess, name] = expected_after(10).excess(
        train_on(*make_cpu_backend(1, method), {.steps = 10}));
    EXPECT_LE(excess, 1) << name;
  }
}

TEST(TrainingBound, NoticesEveryPartOfTheRecipe) {
  const auto excess = [](Recipe recipe) {
    return expected_after(10).excess(train_on_cpu(recipe)).first;
  };
  EXPECT_LE(excess({.steps = 10}), 1);
  EXPECT_GT(excess({.steps = 9}), 10);
  EXPECT_GT(excess({.steps = 10, .rate = 0.101F}), 1);
  EXPECT_GT(excess({.steps = 10, .optimiser = sgd_with(0.89F, 1e-2F)}), 1);
  EXPECT_GT(excess({.steps = 10, .optimiser = sgd_with(0.9F, 0)}), 1);
  EXPECT_GT(excess({.steps = 10, .first_mask = 1}), 10);
  Arrays with_nan = train_on_cpu({.steps = 10});
  with_nan.at("logits")[3] = NAN;
  EXPECT_GT(expected_after(10).excess(with_nan).first, 10);
  with_nan.erase("logits");
  EXPECT_GT(expected_after(10).excess(with_nan).first, 10);
}

}  // namespace
