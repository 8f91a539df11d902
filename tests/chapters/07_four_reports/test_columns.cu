// Columns written by a thread each, in both worlds: copies to the bit, and what
// is made of them against float64.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <optional>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "chapters/07_four_reports/columns.hpp"
#include "common/errors.hpp"
#include "tests/chapters/01_naive_convolution/geometries.hpp"
#include "tests/common/simt/on_device.hpp"

namespace cnn {
namespace {

std::vector<float> copy(std::span<const float> values) {
  return {values.begin(), values.end()};
}

/// Bits, so that NaN is no excuse.
bool same(const std::vector<float>& actual,
          const std::vector<float>& expected) {
  if (actual.size() != expected.size()) return false;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    if (!(actual[i] == expected[i])) return false;
  }
  return true;
}

class ColumnsOnDevice : public OnDevice {
 protected:
  static constexpr std::size_t kBehind = 64;

  /// Columns as `columns` says, with room behind them; all NaN before.
  static std::vector<float> written(const RandomProblem& problem,
                                    const Columns& columns) {
    const Stream stream;
    const auto input = on_device(copy(problem.input.values()));
    const auto size = static_cast<std::size_t>(columns_size(problem.geometry));
    auto to = on_device(std::vector<float>(size + kBehind, NAN));
    write_columns(columns, input.data(), to.data(), stream);
    return on_host(to, stream);
  }

  static std::vector<float> expected(const RandomProblem& problem) {
    std::vector<float> columns(
        static_cast<std::size_t>(columns_size(problem.geometry)));
    im2col_loops(problem.geometry, problem.input.values(), columns);
    return columns;
  }

  /// Whether the columns are right and what lies behind them was left alone.
  static bool right(const RandomProblem& problem, const Columns& columns) {
    std::vector<float> actual = written(problem, columns);
    for (std::size_t i = actual.size() - kBehind; i < actual.size(); ++i) {
      if (!std::isnan(actual[i])) return false;
    }
    actual.resize(actual.size() - kBehind);
    return same(actual, expected(problem));
  }

  static Comparison convolved(const RandomProblem& problem) {
    const Stream stream;
    const ConvolutionGeometry& g = problem.geometry;
    const auto input = on_device(copy(problem.input.values()));
    const auto filter = on_device(copy(problem.filter.values()));
    auto columns = on_device(
        std::vector<float>(static_cast<std::size_t>(columns_size(g)), NAN));
    auto output = on_device(std::vector<float>(
        static_cast<std::size_t>(g.output_shape().size()), NAN));
    write_columns(columns_of(g), input.data(), columns.data(), stream);
    multiply_columns(g, columns.data(), filter.data(), output.data(), stream);
    return compare(
        on_host(output, stream),
        reference_forward(g, problem.input.values(), problem.filter.values()),
        g.terms());
  }
};

TEST_F(ColumnsOnDevice, AnyGeometryIsCopiedToTheBit) {
  for (const ConvolutionGeometry& geometry : test::random_geometries(20, 41)) {
    const RandomProblem problem(geometry, 3);
    EXPECT_TRUE(right(problem, columns_of(geometry))) << to_string(geometry);
  }
}

TEST_F(ColumnsOnDevice, AnyGeometryIsConvolvedWithinTheBound) {
  for (const ConvolutionGeometry& geometry : test::random_geometries(8, 42)) {
    const Comparison outcome = convolved(RandomProblem(geometry, 5));
    EXPECT_TRUE(outcome.passed())
        << to_string(geometry) << ": " << describe(outcome);
  }
}

/// Stride and padding above 1, a kernel that is not square, several blocks.
constexpr ConvolutionGeometry kAwkward{3, 5, 17, 14, 6, 3, 2, 2, 2};

TEST_F(ColumnsOnDevice, AnAwkwardGeometry) {
  const RandomProblem problem(kAwkward, 7);
  EXPECT_TRUE(right(problem, columns_of(kAwkward)));
  EXPECT_TRUE(convolved(problem).passed());
}

TEST_F(ColumnsOnDevice, WhatIsWrongIsNoticed) {
  const RandomProblem problem(kAwkward, 7);
  const auto broken = [&](const std::function<void(Columns&)>& spoil) {
    Columns columns = columns_of(kAwkward);
    spoil(columns);
    return !right(problem, columns);
  };
  EXPECT_FALSE(broken([](Columns&) {}));
  EXPECT_TRUE(broken([](Columns& c) { c.padding = 1; }));
  EXPECT_TRUE(broken([](Columns& c) { c.stride = 1; }));
  EXPECT_TRUE(broken([](Columns& c) { --c.input_height; })) << "a lost row";
  EXPECT_TRUE(broken([](Columns& c) { --c.input_width; }));
  EXPECT_TRUE(broken([](Columns& c) { --c.channels; }));
  EXPECT_TRUE(broken([](Columns& c) { --c.elements; })) << "the last one";
  EXPECT_TRUE(broken([](Columns& c) { ++c.elements; })) << "one too many";
  EXPECT_TRUE(broken([](Columns& c) { c.by_kernel_width = c.by_taps; }));
}

TEST_F(ColumnsOnDevice, NoKernelCountsThatFar) {
  EXPECT_THROW(columns_of({1 << 12, 64, 256, 256, 1, 3, 3, 1, 1}), InputError);
}

}  // namespace
}  // namespace cnn
