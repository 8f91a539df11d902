#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/02_im2col_strided_views/windows.hpp"
#include "common/timing.hpp"
#include "exercise.hpp"

namespace {

using namespace cnn;

TEST(StripForward, IsTheConvolutionForEveryStrip) {
  for (const ConvolutionGeometry& geometry : check_geometries()) {
    const RandomProblem problem(geometry, 29);
    const Tensor padded = pad(geometry, problem.input.values());
    const auto expected = reference_forward(geometry, problem.input.values(),
                                            problem.filter.values());
    for (std::int64_t strip = 1; strip <= geometry.output_height(); ++strip) {
      Tensor output(geometry.output_shape());
      output.fill(NAN);
      strip_forward(geometry, padded.values(), problem.filter.values(),
                    output.values(), strip);
      const auto outcome = compare(output.values(), expected, geometry.terms());
      ASSERT_TRUE(outcome.passed()) << to_string(geometry) << ", strip "
                                    << strip << ": " << describe(outcome);
    }
  }
}

TEST(StripForward, ShowsWhatStripsAreWorth) {
  const ConvolutionGeometry geometry{.input_channels = 8,
                                     .input_height = 212,
                                     .input_width = 212,
                                     .output_channels = 16,
                                     .kernel_height = 3,
                                     .kernel_width = 3,
                                     .padding = 1};
  const RandomProblem problem(geometry, 31);
  const Tensor padded = pad(geometry, problem.input.values());
  Tensor output(geometry.output_shape());
  for (const std::int64_t strip : {1, 2, 4, 8, 16, 53, 212}) {
    const Timing timing = time_repeated(
        [&] {
          strip_forward(geometry, padded.values(), problem.filter.values(),
                        output.values(), strip);
        },
        TimingPlan::quick());
    fmt::print("  strip of {:3}: columns {:8.1f} kB, {:6.2f} ms\n", strip,
               4e-3 * static_cast<double>(geometry.terms() * strip *
                                          geometry.output_width()),
               1e3 * timing.median_s);
  }
}

}  // namespace
