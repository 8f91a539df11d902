// Convolutions of every chapter behind the backend, against float64.
#include <gtest/gtest.h>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "tests/chapters/01_naive_convolution/geometries.hpp"
#include "tests/chapters/04_cpu_cnn/layer_references.hpp"
#include "tests/chapters/04_cpu_cnn/on_backend.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

class BackendConvolution : public testing::TestWithParam<ConvolutionMethod> {
 protected:
  static Bounded bounded(const ReferenceResult& result) {
    Bounded copy(result.value.size());
    copy.value = result.value;
    copy.magnitude = result.magnitude;
    return copy;
  }

  /// Forward and both gradients of one block, through the backend.
  static void expect_like_reference(const ConvolutionBlock& block) {
    OnBackend<> on(2, GetParam());
    if (!on.backend.fuses(block)) return;
    const ConvolutionGeometry& g = block.geometry;
    const RandomProblem problem(g, 3);
    const auto vector = [](const Tensor& tensor) {
      return std::vector<float>(tensor.values().begin(), tensor.values().end());
    };
    const auto b =
        random_floats(static_cast<std::size_t>(g.output_channels), 5);
    const auto dy = random_floats(count(block.output()), 6);

    on.backend.reserve_convolution(block);
    const Array input = on.activation(g.input_shape(), vector(problem.input));
    const Array filter = on.plain(vector(problem.filter));
    const Array output = on.activation(block.output());
    const ByteArray winners =
        on.backend.allocate_bytes(on.backend.winners_size(block));
    on.backend.convolution_forward(block, input, filter, on.plain(b), output,
                                   winners);

    const Shape full = g.output_shape();
    Bounded sums = bounded(
        reference_forward(g, problem.input.values(), problem.filter.values()));
    for_each(full, [&](auto n, auto c, auto y, auto x) {
      const double bias = double{b[static_cast<std::size_t>(c)]};
      sums.value[at(full, n, c, y, x)] += bias;
      sums.magnitude[at(full, n, c, y, x)] += std::abs(bias);
    });
    const PoolGeometry pool{full, block.pool, block.pool};
    Bounded expected(dy.size());
    expected.value = max_pool(pool, sums.value);
    expected.magnitude = max_pool(pool, sums.magnitude);
    Doubles returning = doubles(dy);
    for (std::size_t i = 0; i < dy.size(); ++i) {
      if (!block.relu || expected.value[i] > 0) continue;
      expected.value[i] = 0;
      returning[i] = 0;
    }
    const std::string name = to_string(g);
    auto outcome =
        compare(on.read(block.output(), output), expected, g.terms() + 1);
    EXPECT_TRUE(outcome.passed()) << name << ": " << describe(outcome);

    // The references of chapter 1 take float32: these came from there.
    const Doubles back = max_pool_gradient(pool, sums.value, returning).value;
    const std::vector<float> full_gradient(back.begin(), back.end());
    const Array gradient = on.activation(block.output(), dy);
    const Array dx = on.activation(g.input_shape());
    on.backend.convolution_backward_input(block, gradient, winners, filter, dx);
    outcome = compare(
        on.read(g.input_shape(), dx),
        reference_backward_input(g, full_gradient, problem.filter.values()),
        backward_input_terms(g));
    EXPECT_TRUE(outcome.passed()) << name << ": " << describe(outcome);

    const Array dw = on.zeros(g.filter_shape().size());
    const Array db = on.zeros(g.output_channels);
    on.backend.convolution_backward_filter(block, input, gradient, winners, dw,
                                           db);
    outcome = compare(
        on.read_plain(dw, count(g.filter_shape())),
        reference_backward_filter(g, problem.input.values(), full_gradient),
        backward_filter_terms(g));
    EXPECT_TRUE(outcome.passed()) << name << ": " << describe(outcome);
    outcome = compare(on.read_plain(db, b.size()), channel_sums(full, back),
                      backward_filter_terms(g));
    EXPECT_TRUE(outcome.passed()) << name << ": " << describe(outcome);
  }
};

TEST_P(BackendConvolution, AloneMatchesTheReference) {
  for (const ConvolutionGeometry& g : random_geometries(12, 8)) {
    expect_like_reference({g});
  }
  // One pixel in, one pixel out: features lie without gaps.
  expect_like_reference({{3, 20, 1, 1, 13, 1, 1, 1, 0}});
  expect_like_reference({{2, 3, 3, 3, 21, 3, 3, 1, 0}});
}

TEST_P(BackendConvolution, FusedMatchesTheReferenceWhereItIsFused) {
  const ConvolutionGeometry odd{3, 3, 11, 9, 20, 3, 3, 1, 1};
  const ConvolutionGeometry strided{2, 5, 13, 12, 17, 3, 2, 2, 2};
  for (const ConvolutionGeometry& g : {odd, strided}) {
    expect_like_reference({g, true});
    expect_like_reference({g, true, 2});
    expect_like_reference({g, false, 2});
    expect_like_reference({g, true, 3});
  }
}

TEST_P(BackendConvolution, OnlyTheDirectOneFuses) {
  const CpuBackend backend(1, GetParam());
  const ConvolutionGeometry g{2, 3, 8, 8, 16, 3, 3, 1, 1};
  EXPECT_TRUE(backend.fuses(ConvolutionBlock{g}));
  EXPECT_EQ(backend.fuses(ConvolutionBlock{g, true, 2}),
            GetParam() == ConvolutionMethod::kDirect);
}

TEST_P(BackendConvolution, IsRefusedUnlessItWasReserved) {
  CpuBackend backend(1, GetParam());
  EXPECT_THROW(
      backend.convolution_forward({{1, 1, 4, 4, 1, 3, 3, 1, 0}}, nullptr,
                                  nullptr, nullptr, nullptr, nullptr),
      std::logic_error);
}

INSTANTIATE_TEST_SUITE_P(Methods, BackendConvolution,
                         testing::Values(ConvolutionMethod::kLoops,
                                         ConvolutionMethod::kIm2col,
                                         ConvolutionMethod::kImplicitGemm,
                                         ConvolutionMethod::kDirect),
                         [](const auto& each) {
                           std::string name(name_of(each.param));
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

}  // namespace
