#include <gtest/gtest.h>

#include <vector>

#include "chapters/04_cpu_cnn/optimiser.hpp"
#include "common/error_bound.hpp"
#include "common/random.hpp"

namespace cnn {
namespace {

/// A network of 15 parameters whose gradients we write ourselves.
struct SmallNetwork {
  std::unique_ptr<Backend> backend = make_cpu_backend(2);
  Network network{{{flatten(), dense(3)}}, {2, 1, 2, 2}, *backend, 1};
  std::size_t room = static_cast<std::size_t>(network.parameter_count());

  std::vector<float> parameters() const {
    std::vector<float> values(room);
    backend->download(network.parameter_arena(), values);
    return values;
  }
};

TEST(Sgd, StepsAsTheFormulaSays) {
  SmallNetwork small;
  const SgdOptions options{.momentum = 0.9F, .weight_decay = 0.01F};
  const auto optimiser = make_sgd(small.network, options);
  std::vector<float> gradient(small.room);
  const std::vector<float> start = small.parameters();
  std::vector<double> weight(start.begin(), start.end());
  std::vector<double> velocity(small.room, 0);
  // Sums of absolute values, for the bound.
  std::vector<double> weight_size(small.room);
  std::vector<double> velocity_size(small.room, 0);
  for (std::size_t i = 0; i < small.room; ++i) {
    weight_size[i] = std::abs(weight[i]);
  }
  for (std::uint64_t step = 0; step < 5; ++step) {
    Random(9, step).fill_uniform(gradient, -1, 1);
    small.backend->upload(gradient, small.network.gradient_arena());
    const float rate = 0.1F / static_cast<float>(step + 1);
    optimiser->step(rate, static_cast<std::int64_t>(step));
    for (std::size_t i = 0; i < small.room; ++i) {
      const double decay = options.weight_decay;
      const double momentum = options.momentum;
      velocity[i] = momentum * velocity[i] + (gradient[i] + decay * weight[i]);
      velocity_size[i] = momentum * velocity_size[i] +
                         (std::abs(gradient[i]) + decay * weight_size[i]);
      weight[i] -= rate * velocity[i];
      weight_size[i] += rate * velocity_size[i];
    }
  }
  // Each of 5 steps adds 6 roundings to those before.
  const Comparison comparison =
      compare(small.parameters(), {weight, weight_size}, 30);
  EXPECT_TRUE(comparison.passed()) << describe(comparison);
}

TEST(Sgd, KeepsItsVelocityByName) {
  SmallNetwork small;
  const auto optimiser = make_sgd(small.network);
  ASSERT_EQ(optimiser->state().size(), 1U);
  EXPECT_EQ(optimiser->state()[0].name, "velocity");
  EXPECT_NE(optimiser->description().find("momentum 0.9"), std::string::npos);
}

TEST(Sgd, WithoutMomentumForgets) {
  SmallNetwork small;
  const auto optimiser = make_sgd(small.network, {.momentum = 0});
  std::vector<float> gradient(small.room, 1);
  small.backend->upload(gradient, small.network.gradient_arena());
  optimiser->step(0.5F, 0);
  const auto after_one = small.parameters();
  small.backend->clear(small.network.gradient_arena(),
                       small.network.parameter_count());
  optimiser->step(0.5F, 1);
  EXPECT_EQ(small.parameters(), after_one);
}

}  // namespace
}  // namespace cnn
