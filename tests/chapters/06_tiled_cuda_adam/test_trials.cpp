// The judges of the chapter's program: what is right passes, and what is wrong
// does not.
#include <gtest/gtest.h>

#include <memory>

#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_trials.hpp"
#include "chapters/06_tiled_cuda_adam/peer_convolutions.hpp"
#include "chapters/06_tiled_cuda_adam/product_steps.hpp"
#include "chapters/06_tiled_cuda_adam/product_trials.hpp"
#include "tests/common/simt/on_device.hpp"

namespace cnn {
namespace {

constexpr Product kSizes{.m = 40, .n = 35, .k = 33};

std::shared_ptr<ProductProblem> product_problem() {
  return std::make_shared<ProductProblem>(40 * 35, 4 * 40 * 35);
}

class ProductTrials : public OnDevice {};

TEST_F(ProductTrials, EveryStepPassesAndIsNamed) {
  const auto trials = step_trials(product_problem(), kSizes, 0);
  ASSERT_EQ(trials.size(), product_steps().size());
  for (const NamedTrial& trial : trials) {
    EXPECT_TRUE(trial.trial.check().passed()) << trial.label;
    EXPECT_EQ(trial.trial.work.flop, 2.0 * 40 * 35 * 33);
    EXPECT_EQ(trial.trial.work.bytes, 4.0 * (40 * 33 + 33 * 35 + 40 * 35));
  }
  EXPECT_EQ(trials[4].id, "4-register-blocked-1d");
  EXPECT_EQ(step_trials(product_problem(), kSizes, 7).front().id,
            "7-double-buffered");
}

TEST_F(ProductTrials, EveryFormPassesInParts) {
  for (const int form : {0, 1, 2, 3}) {
    const NamedTrial trial = plan_trial(
        product_problem(), kSizes,
        {.transpose_a = (form & 1) != 0, .transpose_b = (form & 2) != 0},
        {ProductPlan::Tile::kSmall, 2});
    EXPECT_TRUE(trial.trial.check().passed()) << form;
    EXPECT_EQ(trial.label, "small tiles, 2 parts");
  }
}

TEST_F(ProductTrials, WhatNobodyWroteDoesNotPass) {
  const auto nothing = [](const Product&) {};
  const auto trial =
      product_trial(product_problem(), kSizes, {}, "", "", nothing);
  EXPECT_FALSE(trial.trial.check().passed());
}

TEST_F(ProductTrials, NeitherDoesASumThatLacksATerm) {
  const auto problem = product_problem();
  const auto short_sum = [&](const Product& product) {
    Product less = product;
    --less.k;
    product_steps()[1].run(less, problem->stream());
  };
  const auto trial = product_trial(problem, kSizes, {}, "", "", short_sum);
  EXPECT_FALSE(trial.trial.check().passed());
}

TEST_F(ProductTrials, NeitherDoesOneWhoseLastRowIsMissing) {
  const auto problem = product_problem();
  const auto all_but_one = [&](const Product& product) {
    Product less = product;
    --less.m;
    product_steps()[1].run(less, problem->stream());
  };
  const auto trial = product_trial(problem, kSizes, {}, "", "", all_but_one);
  EXPECT_EQ(trial.trial.check().failures, 21);
}

class ConvolutionTrials : public OnDevice {};

const ConvolutionGeometry kGeometry{2, 3, 9, 8, 5, 3, 3, 1, 1};

TEST_F(ConvolutionTrials, SamplesAreTheReferences) {
  const RandomProblem problem(kGeometry, 5);
  const auto x = problem.input.values();
  const auto w = problem.filter.values();
  const auto dy = problem.output_gradient.values();
  const std::vector<ReferenceResult> references{
      reference_forward(kGeometry, x, w),
      reference_backward_input(kGeometry, dy, w),
      reference_backward_filter(kGeometry, x, dy)};
  for (const ConvolutionPass pass : kConvolutionPasses) {
    const ReferenceResult& all = references.at(static_cast<std::size_t>(pass));
    const Samples samples = sample(problem, pass);
    ASSERT_GE(samples.place.size(), 9U);
    for (std::size_t i = 0; i < samples.place.size(); ++i) {
      const auto place = static_cast<std::size_t>(samples.place[i]);
      EXPECT_NEAR(samples.value[i], all.value.at(place), 1e-12);
      EXPECT_NEAR(samples.magnitude[i], all.magnitude.at(place), 1e-12);
    }
  }
}

TEST_F(ConvolutionTrials, OtherNumbersDoNotPass) {
  const auto problem = std::make_shared<const RandomProblem>(kGeometry, 5);
  const auto other = std::make_shared<RandomProblem>(kGeometry, 5);
  for (float& value : other->filter.values()) value *= 1.001F;
  for (float& value : other->input.values()) value *= 1.001F;
  for (const ConvolutionPass pass : kConvolutionPasses) {
    const ConvolutionPlan plan = possible_plans(kGeometry, pass, 4).front();
    const Samples right = sample(*problem, pass);
    const Samples wrong = sample(*other, pass);
    const std::vector<float> actual(wrong.value.begin(), wrong.value.end());
    EXPECT_FALSE(compare(actual, {right.value, right.magnitude},
                         terms_of(kGeometry, pass))
                     .passed());
    ConvolutionProblem device(problem, pass);
    EXPECT_TRUE(device.judge(plan).passed()) << to_string(plan, pass);
  }
}

TEST_F(ConvolutionTrials, PlansAreNamedByTheirWay) {
  const auto problem = std::make_shared<const RandomProblem>(kGeometry, 5);
  const auto device =
      std::make_shared<ConvolutionProblem>(problem, ConvolutionPass::kForward);
  const NamedTrial trial = convolution_trial(
      device, {.method = ConvolutionAlgorithm::kWinograd, .images = 2});
  EXPECT_EQ(trial.id, "winograd");
  EXPECT_EQ(trial.label, "Winograd, 2 images");
  EXPECT_TRUE(trial.trial.check().passed());
}

}  // namespace
}  // namespace cnn
