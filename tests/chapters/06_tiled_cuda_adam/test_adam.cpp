// Adam on the CPU against float64, and as an optimiser of a network.
#include <gtest/gtest.h>

#include <string>

#include "common/errors.hpp"
#include "tests/chapters/06_tiled_cuda_adam/adam_reference.hpp"

namespace cnn::test {
namespace {

constexpr std::size_t kSize = 20'003;  // several pieces of work, the last odd

/// Weights after some steps, by so many threads.
std::vector<float> after_steps(int threads) {
  const auto adam = make_cpu_adam(threads);
  std::vector<float> weights = adam_weights(kSize);
  std::vector<float> first(kSize);
  std::vector<float> second(kSize);
  for (std::uint64_t step = 0; step < kAdamSteps; ++step) {
    const std::vector<float> gradient = adam_gradient(kSize, step);
    adam->adam_step(
        kSize,
        adam_numbers({}, adam_rate(step), static_cast<std::int64_t>(step)),
        gradient.data(), first.data(), second.data(), weights.data());
  }
  return weights;
}

AdamReference reference(AdamMistake mistake) {
  AdamReference result({}, adam_weights(kSize), mistake);
  for (std::uint64_t step = 0; step < kAdamSteps; ++step) {
    result.step(adam_rate(step), adam_gradient(kSize, step));
  }
  return result;
}

TEST(Adam, StepsAsThePaperSays) {
  const Comparison outcome =
      reference(AdamMistake::kNone).compare_with(after_steps(2));
  EXPECT_TRUE(outcome.passed()) << describe(outcome);
}

TEST(Adam, GivesTheSameBitsForAnyNumberOfThreads) {
  EXPECT_EQ(after_steps(1), after_steps(2));
}

TEST(Adam, MistakesAreCaught) {
  const std::vector<float> weights = after_steps(1);
  for (const AdamMistake mistake :
       {AdamMistake::kNoCorrection, AdamMistake::kOneStepBehind,
        AdamMistake::kEpsilonInsideRoot, AdamMistake::kGradientNotSquared}) {
    EXPECT_FALSE(reference(mistake).compare_with(weights).passed())
        << static_cast<int>(mistake);
  }
}

TEST(Adam, FirstStepIsAsLongAsTheRateSays) {
  // Whatever the gradient: m / sqrt(v) of one gradient is its sign.
  const auto adam = make_cpu_adam(1);
  const std::vector<float> gradient = {1000, -0.001F, 3};
  std::vector<float> weights(3);
  std::vector<float> first(3);
  std::vector<float> second(3);
  adam->adam_step(3, adam_numbers({}, 0.25F, 0), gradient.data(), first.data(),
                  second.data(), weights.data());
  for (std::size_t i = 0; i < 3; ++i) {
    const double expected = gradient[i] > 0 ? -0.25 : 0.25;
    // Epsilon takes a share of it: 1e-8 of 0.001.
    EXPECT_NEAR(weights[i], expected, 0.25 * (1e-5 + gamma_bound(12)));
  }
}

TEST(Adam, OptimisesANetworkAndKeepsItsMomentsByName) {
  const auto backend = make_cpu_backend(2);
  Network network{{{flatten(), dense(3)}}, {2, 1, 2, 2}, *backend, 1};
  const auto adam = make_cpu_adam(2);
  const auto optimiser = make_adam(network, *adam);
  ASSERT_EQ(optimiser->state().size(), 2U);
  EXPECT_EQ(optimiser->state()[0].name, "first moment");
  EXPECT_EQ(optimiser->state()[1].name, "second moment");
  EXPECT_NE(optimiser->description().find("betas 0.9 and 0.999"),
            std::string::npos);

  const auto size = static_cast<std::size_t>(network.parameter_count());
  std::vector<float> weights(size);
  backend->download(network.parameter_arena(), weights);
  AdamReference expected({}, weights);
  for (std::uint64_t step = 0; step < kAdamSteps; ++step) {
    const std::vector<float> gradient = adam_gradient(size, step);
    backend->upload(gradient, network.gradient_arena());
    optimiser->step(adam_rate(step), static_cast<std::int64_t>(step));
    expected.step(adam_rate(step), gradient);
  }
  backend->download(network.parameter_arena(), weights);
  const Comparison outcome = expected.compare_with(weights);
  EXPECT_TRUE(outcome.passed()) << describe(outcome);
}

TEST(Adam, RefusesOptionsThatMakeNoSense) {
  const auto backend = make_cpu_backend(1);
  Network network{{{flatten(), dense(3)}}, {2, 1, 2, 2}, *backend, 1};
  const auto adam = make_cpu_adam(1);
  EXPECT_THROW(make_adam(network, *adam, {.beta1 = 1}), InputError);
  EXPECT_THROW(make_adam(network, *adam, {.beta2 = -0.1F}), InputError);
  EXPECT_THROW(make_adam(network, *adam, {.beta2 = std::nanf("")}), InputError);
  EXPECT_THROW(make_adam(network, *adam, {.epsilon = 0}), InputError);
}

}  // namespace
}  // namespace cnn::test
