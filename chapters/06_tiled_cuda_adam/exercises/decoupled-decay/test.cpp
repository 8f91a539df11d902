#include <cmath>
#include <limits>
#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

struct State {
  std::vector<float> first;
  std::vector<float> second;
  std::vector<float> parameters;
};

// Takes step t on the device, from a state and back.
State stepped(const AdamW& options, int t, const std::vector<float>& gradients,
              const State& state) {
  const auto device_gradients = on_device(gradients);
  auto first = on_device(state.first);
  auto second = on_device(state.second);
  auto parameters = on_device(state.parameters);
  EXPECT_TRUE(runs([&](const Stream& stream) {
    adamw_step(stream, options, t, static_cast<int>(gradients.size()),
               device_gradients.data(), first.data(), second.data(),
               parameters.data());
  }));
  return {on_host(first), on_host(second), on_host(parameters)};
}

// A step is a dozen roundings of numbers that are no larger than these terms:
// each is off by half of epsilon at most, and 16 of them are allowed for.
double bound(double terms) {
  return 8 * std::numeric_limits<float>::epsilon() * terms +
         std::numeric_limits<float>::min();
}

// One step in float64, from the same floats. Returns the update without decay.
double expect_step(const AdamW& options, int t,
                   const std::vector<float>& gradients, const State& before,
                   const State& after, std::size_t i) {
  const double beta1 = options.beta1;
  const double beta2 = options.beta2;
  const double gradient = gradients[i];
  const double old_first = beta1 * before.first[i];
  const double new_first = (1 - beta1) * gradient;
  const double second =
      beta2 * before.second[i] + (1 - beta2) * gradient * gradient;
  const double deviation =
      std::sqrt(second / (1 - std::pow(beta2, t))) + double{options.epsilon};
  const double scale = options.rate / (1 - std::pow(beta1, t)) / deviation;
  const double update = scale * (old_first + new_first);
  const double parameter = before.parameters[i];
  const double decay = double{options.rate} * options.decay * parameter;

  EXPECT_NEAR(after.first[i], old_first + new_first,
              bound(std::abs(old_first) + std::abs(new_first)))
      << "first moment " << i << ", step " << t;
  EXPECT_NEAR(after.second[i], second, bound(second))
      << "second moment " << i << ", step " << t;
  EXPECT_NEAR(after.parameters[i], parameter - update - decay,
              bound(std::abs(parameter) +
                    scale * (std::abs(old_first) + std::abs(new_first))))
      << "parameter " << i << ", step " << t;
  return update;
}

State fresh(std::size_t count) {
  return {std::vector<float>(count), std::vector<float>(count),
          ramp(count, -3)};
}

class AdamWStep : public KernelTest {};

// However large the gradient, the first step is as long as the rate. Parameters
// of 0, so that nothing hides the step's last digits.
TEST_F(AdamWStep, TheFirstStepIsAsLongAsTheRate) {
  const std::vector<float> gradients{1e-3F, -1, 1e4F};
  State state = fresh(3);
  state.parameters.assign(3, 0);
  const State after = stepped({}, 1, gradients, state);
  for (std::size_t i = 0; i < 3; ++i) {
    expect_step({}, 1, gradients, state, after, i);
    // Epsilon is 1e-5 of the smallest gradient, and shortens its step by that.
    EXPECT_NEAR(std::abs(after.parameters[i]), 1e-3, 1.5e-5 * 1e-3) << i;
  }
}

TEST_F(AdamWStep, WeightsWithoutGradientsShrinkByAFactor) {
  AdamW options;
  options.rate = 0.5F;
  options.decay = 0.25F;
  const State after = stepped(options, 1, std::vector<float>(4), fresh(4));
  const std::vector<float> expected{-3 * 0.875F, -2 * 0.875F, -1 * 0.875F, 0};
  EXPECT_EQ(after.parameters, expected);
}

TEST_F(AdamWStep, ManyStepsOfManyParameters) {
  constexpr std::size_t kCount = 150;
  const AdamW options{0.125F, 0.875F, 0.99F, 1e-6F, 0.5F};
  State state = fresh(kCount);
  for (int t = 1; t <= 6; ++t) {
    std::vector<float> gradients = ramp(kCount, -50);
    for (float& gradient : gradients) gradient *= t % 3 == 0 ? -0.25F : 1.0F;
    const State before = state;
    state = stepped(options, t, gradients, before);
    for (std::size_t i = 0; i < kCount; ++i) {
      expect_step(options, t, gradients, before, state, i);
    }
  }
}

// Parameters of 0: an error of the corrections would not drown in them.
TEST_F(AdamWStep, CorrectionsInFullPrecision) {
  State state = fresh(2);
  state.parameters.assign(2, 0);
  for (const int t : {2, 3, 10}) {
    const std::vector<float> gradients{0.75F, -1.5F};
    expect_step({}, t, gradients, state, stepped({}, t, gradients, state), 0);
  }
}

class AdamWCounts : public MicroscopeTest {};

TEST_F(AdamWCounts, EveryArrayOnce) {
  constexpr std::size_t kCount = 512;
  const auto gradients = on_device(ramp(kCount));
  auto first = on_device(ramp(kCount));
  auto second = on_device(ramp(kCount));
  auto parameters = on_device(ramp(kCount));
  const auto counts = counted([&](const Stream& stream) {
    adamw_step(stream, {}, 1, kCount, gradients.data(), first.data(),
               second.data(), parameters.data());
  });
  EXPECT_EQ(counts.global_load.bytes, 4 * kCount * 4);
  EXPECT_EQ(counts.global_store.bytes, 3 * kCount * 4);
  EXPECT_TRUE(whole_sectors(counts.global_load, "reading"));
  EXPECT_TRUE(whole_sectors(counts.global_store, "writing"));
}

}  // namespace
