// A training step allocates nothing. This program counts every operator new; it
// is a program of its own, so that nobody else's are counted.
#include <gtest/gtest.h>

#include <vector>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "tests/chapters/04_cpu_cnn/count_allocations.hpp"
#include "tests/chapters/04_cpu_cnn/small_networks.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

/// Allocations of one whole training step, after one that wakes all threads.
std::int64_t allocations_of_a_step(ConvolutionMethod method,
                                   const Shape& input) {
  const auto backend = make_cpu_backend(2, method);
  Network network(every_layer(), input, *backend, 1);
  const Array velocities = backend->allocate(network.parameter_count());
  train(network, velocities, 1);
  const std::int64_t before = allocations();
  network.forward(true, 1);
  network.loss(true);
  network.backward();
  backend->sgd_step(network.parameter_count(), {0.1F, 0.9F, 0},
                    network.gradient_arena(), velocities,
                    network.parameter_arena());
  network.forward(false);
  network.loss(false);
  return allocations() - before;
}

TEST(NoAllocation, TheCounterCounts) {
  const std::int64_t before = allocations();
  const std::vector<float> some(10);
  EXPECT_EQ(allocations() - before, 1);
}

TEST(NoAllocation, InAStepOfDirectConvolution) {
  EXPECT_EQ(allocations_of_a_step(ConvolutionMethod::kDirect, kSmallInput), 0);
  EXPECT_EQ(allocations_of_a_step(ConvolutionMethod::kDirect, {70, 2, 27, 29}),
            0);
}

TEST(NoAllocation, InAStepOfImplicitProducts) {
  EXPECT_EQ(
      allocations_of_a_step(ConvolutionMethod::kImplicitGemm, kSmallInput), 0);
}

}  // namespace
