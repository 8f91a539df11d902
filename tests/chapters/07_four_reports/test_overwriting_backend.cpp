// A col2im that overwrites gives the gradient of one window for the sum of
// nine; and nobody who has but one convolution will ever find out.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <vector>

#include "chapters/07_four_reports/study.hpp"
#include "common/error_bound.hpp"
#include "common/errors.hpp"
#include "common/random.hpp"
#include "tests/chapters/04_cpu_cnn/training_fixture.hpp"

namespace cnn {
namespace {

std::vector<float> noise(const Shape& shape, std::uint64_t stream) {
  const Random random(3, stream);
  std::vector<float> values(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(random.uniform(i)) - 0.4F;
  }
  return values;
}

/// In float64: what the one window says that has the pixel in its middle.
struct Expected {
  std::vector<double> value;
  std::vector<double> magnitude;
};

Expected middle_windows(const ConvolutionGeometry& g,
                        const std::vector<float>& output_gradient,
                        const std::vector<float>& filter) {
  Expected expected;
  const std::int64_t middle = g.kernel_height / 2;
  for (std::int64_t n = 0; n < g.batch; ++n) {
    for (std::int64_t c = 0; c < g.input_channels; ++c) {
      for (std::int64_t pixel = 0; pixel < g.input_height * g.input_width;
           ++pixel) {
        const std::int64_t y = pixel / g.input_width;
        const std::int64_t x = pixel % g.input_width;
        double sum = 0;
        double magnitude = 0;
        for (std::int64_t o = 0; o < g.output_channels; ++o) {
          const double term =
              double{filter[offset(g.filter_shape(), o, c, middle, middle)]} *
              double{output_gradient[offset(g.output_shape(), n, o, y, x)]};
          sum += term;
          magnitude += std::abs(term);
        }
        expected.value.push_back(sum);
        expected.magnitude.push_back(magnitude);
      }
    }
  }
  return expected;
}

/// The input's gradient as a backend has it.
std::vector<float> input_gradient(Backend& backend,
                                  const ConvolutionGeometry& g,
                                  const std::vector<float>& output_gradient,
                                  const std::vector<float>& filter) {
  const ConvolutionBlock block{.geometry = g};
  backend.reserve_convolution(block);
  const auto array = [&](const Shape& shape) {
    return backend.allocate(backend.activation_size(shape));
  };
  const Array dy = array(g.output_shape());
  const Array dx = array(g.input_shape());
  const Array weights = backend.allocate(g.filter_shape().size());
  backend.upload_activation(g.output_shape(), output_gradient, dy);
  backend.upload(filter, weights);
  backend.convolution_backward_input(block, dy, nullptr, weights, dx);
  std::vector<float> result(static_cast<std::size_t>(g.input_shape().size()));
  backend.download_activation(g.input_shape(), dx, result);
  return result;
}

class Overwriting : public testing::TestWithParam<const char*> {};

TEST_P(Overwriting, LeavesOneWindowOfNine) {
  const Place place(GetParam(), 1);
  OverwritingBackend faulty(place.backend(), place.adam());
  const ConvolutionGeometry g{.batch = 3,
                              .input_channels = 5,
                              .input_height = 9,
                              .input_width = 7,
                              .output_channels = 6,
                              .kernel_height = 3,
                              .kernel_width = 3,
                              .stride = 1,
                              .padding = 1};
  const auto output_gradient = noise(g.output_shape(), 1);
  const auto filter = noise(g.filter_shape(), 2);
  const Expected expected = middle_windows(g, output_gradient, filter);
  const Reference reference{expected.value, expected.magnitude};
  const std::int64_t terms = g.output_channels * 9;
  const auto wrong = input_gradient(faulty, g, output_gradient, filter);
  EXPECT_TRUE(compare(wrong, reference, terms).passed());
  // And the right one is another one.
  const auto right =
      input_gradient(place.backend(), g, output_gradient, filter);
  EXPECT_FALSE(compare(right, reference, terms).passed());
}

/// The bits of all that an epoch of bars has taught.
std::vector<std::uint32_t> learnt(const char* where, const char* layers,
                                  bool overwrites) {
  const Experiment experiment{.id = "000/bars",
                              .title = "bars",
                              .data = "bars",
                              .layers = layers,
                              .schedule = {.rate = 0.01F},
                              .batch = 16,
                              .epochs = 1,
                              .validation = 0.2,
                              .faults = {.col2im_overwrites = overwrites}};
  const Place place(where, 1);
  Study study(experiment, {make_bars(100, 1), make_bars(40, 2)}, 1, place);
  study.trainer().run();
  std::vector<std::uint32_t> bits;
  for (const float weight : download_weights(study.network()).parameters) {
    bits.push_back(std::bit_cast<std::uint32_t>(weight));
  }
  return bits;
}

TEST_P(Overwriting, IsNotFeltByTheFirstConvolution) {
  const char* one = "4C3p1-R-P2-D0.3-10";
  EXPECT_EQ(learnt(GetParam(), one, true), learnt(GetParam(), one, false));
}

TEST_P(Overwriting, IsFeltBelowASecondOne) {
  const char* two = "4C3p1-R-P2-4C3p1-R-P2-10";
  EXPECT_NE(learnt(GetParam(), two, true), learnt(GetParam(), two, false));
}

INSTANTIATE_TEST_SUITE_P(Places, Overwriting,
                         testing::Values("cpu", "emulated"));

TEST(OverwritingBackend, HasARecipeOfItsOwn) {
  const Place place("cpu", 1);
  const auto recipe = [&](bool overwrites) {
    const Experiment experiment{.id = "000/bars",
                                .layers = "4C3p1-R-10",
                                .batch = 16,
                                .faults = {.col2im_overwrites = overwrites}};
    return Study(experiment, {make_bars(64, 1), make_bars(32, 2)}, 1, place)
        .recipe();
  };
  EXPECT_NE(recipe(true), recipe(false));
}

TEST(OverwritingBackend, RefusesWindowsWithoutAMiddle) {
  const Place place("cpu", 1);
  OverwritingBackend faulty(place.backend(), place.adam());
  for (const auto& [kernel, stride, padding] :
       {std::array{3, 1, 0}, std::array{3, 2, 1}, std::array{2, 1, 1}}) {
    const ConvolutionBlock block{.geometry = {.input_height = 8,
                                              .input_width = 8,
                                              .kernel_height = kernel,
                                              .kernel_width = kernel,
                                              .stride = stride,
                                              .padding = padding}};
    EXPECT_THROW(faulty.reserve_convolution(block), InputError);
  }
}

}  // namespace
}  // namespace cnn
