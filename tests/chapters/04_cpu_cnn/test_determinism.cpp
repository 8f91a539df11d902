// The same bits from the same seed: for any number of threads, and again.
#include <gtest/gtest.h>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "tests/chapters/04_cpu_cnn/small_networks.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

/// Parameters, running statistics and totals after five steps.
std::vector<float> five_steps(int threads, ConvolutionMethod method,
                              std::uint64_t seed, const Shape& input) {
  const auto backend = make_cpu_backend(threads, method);
  Network network(every_layer(), input, *backend, seed);
  train(network, backend->allocate(network.parameter_count()), 5);
  auto all = parameters_of(network);
  for (const auto& more :
       {downloaded(network, network.buffer_arena(), network.buffer_count()),
        downloaded(network, network.totals(), 2)}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

TEST(Determinism, ThreadsDoNotShow) {
  for (const auto method :
       {ConvolutionMethod::kDirect, ConvolutionMethod::kIm2col,
        ConvolutionMethod::kImplicitGemm}) {
    const auto expected = five_steps(1, method, 3, kSmallInput);
    EXPECT_EQ(five_steps(2, method, 3, kSmallInput), expected);
    EXPECT_EQ(five_steps(3, method, 3, kSmallInput), expected);
  }
}

TEST(Determinism, ThreadsDoNotShowWhereAllOfThemWork) {
  const Shape large{70, 2, 27, 29};  // above what is worth waking threads for
  const auto expected = five_steps(1, ConvolutionMethod::kDirect, 3, large);
  EXPECT_EQ(five_steps(2, ConvolutionMethod::kDirect, 3, large), expected);
  EXPECT_EQ(five_steps(3, ConvolutionMethod::kDirect, 3, large), expected);
}

TEST(Determinism, TwoRunsAreTheSameAndAnotherSeedIsNot) {
  const auto run = [](std::uint64_t seed) {
    return five_steps(2, ConvolutionMethod::kDirect, seed, kSmallInput);
  };
  EXPECT_EQ(run(3), run(3));
  EXPECT_NE(run(3), run(4));
}

}  // namespace
