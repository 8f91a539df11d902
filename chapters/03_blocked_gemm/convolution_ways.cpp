// region quiet: includes
#include "chapters/03_blocked_gemm/convolution_ways.hpp"

#include <cmath>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>

#include "chapters/02_im2col_strided_views/convolution_gemm.hpp"
#include "chapters/03_blocked_gemm/channels_last.hpp"
#include "chapters/03_blocked_gemm/direct_convolution.hpp"
#include "chapters/03_blocked_gemm/implicit_gemm.hpp"

namespace cnn {
// endregion

// region way-results
namespace {

/// Where a way writes. An element that it forgets stays NaN, and no comparison
/// accepts that.
Tensor unwritten(const Shape& shape) {
  Tensor tensor(shape);
  tensor.fill(NAN);
  return tensor;
}

/// The three results in NCHW and OIHW.
struct Results3 {
  Tensor output;
  Tensor input_gradient;
  Tensor filter_gradient;

  explicit Results3(const ConvolutionGeometry& geometry)
      : output(unwritten(geometry.output_shape())),
        input_gradient(unwritten(geometry.input_shape())),
        filter_gradient(unwritten(geometry.filter_shape())) {}
};

}  // namespace
// endregion

// region im2col-way
ConvolutionWay im2col_way(const RandomProblem& problem,
                          const MatrixProduct& product, std::string id,
                          std::string label, int threads) {
  const ConvolutionGeometry& geometry = problem.geometry;
  struct State : Results3 {
    ImageScratch scratch;
    explicit State(const ConvolutionGeometry& g) : Results3(g), scratch(g) {}
  };
  const auto state = std::make_shared<State>(geometry);
  const ImageScratch& scratch = state->scratch;
  const std::int64_t floats = scratch.padded.size() + scratch.columns.size() +
                              scratch.gradient.size() +
                              scratch.filter_gradient.size();
  const auto input = problem.input.values();
  const auto filter = problem.filter.values();
  const auto gradient = problem.output_gradient.values();
  return {.id = std::move(id),
          .label = std::move(label),
          .threads = threads,
          .scratch_bytes = floats * std::int64_t{sizeof(float)},
          .run = {[=] {
                    gemm_forward(geometry, input, filter,
                                 state->output.values(), state->scratch,
                                 product);
                  },
                  [=] {
                    gemm_backward_input(geometry, gradient, filter,
                                        state->input_gradient.values(),
                                        state->scratch, product);
                  },
                  [=] {
                    gemm_backward_filter(geometry, input, gradient,
                                         state->filter_gradient.values(),
                                         state->scratch, product);
                  }},
          .result = {[=] { return state->output; },
                     [=] { return state->input_gradient; },
                     [=] { return state->filter_gradient; }}};
}
// endregion

// region implicit-way
ConvolutionWay implicit_way(const RandomProblem& problem, Isa isa,
                            int threads) {
  const ConvolutionGeometry& geometry = problem.geometry;
  struct State : Results3 {
    GemmScratch scratch;
    State(const ConvolutionGeometry& g, int t) : Results3(g), scratch(t) {}
  };
  const auto state = std::make_shared<State>(geometry, threads);
  const GemmOptions options{.threads = threads, .isa = isa};
  const auto input = problem.input.values();
  const auto filter = problem.filter.values();
  const auto gradient = problem.output_gradient.values();
  return {.id = "implicit",
          .label = "03 implicit GEMM",
          .threads = threads,
          .scratch_bytes = state->scratch.bytes(),
          .run = {[=] {
                    implicit_forward(geometry, input, filter,
                                     state->output.values(), options,
                                     state->scratch);
                  },
                  [=] {
                    implicit_backward_input(geometry, gradient, filter,
                                            state->input_gradient.values(),
                                            options, state->scratch);
                  },
                  [=] {
                    implicit_backward_filter(geometry, input, gradient,
                                             state->filter_gradient.values(),
                                             options, state->scratch);
                  }},
          .result = {[=] { return state->output; },
                     [=] { return state->input_gradient; },
                     [=] { return state->filter_gradient; }}};
}
// endregion

// region direct-state
namespace {

/// A tensor of as many floats as an array with its channels last has.
Tensor floats(const ChannelsLast& layout) {
  return unwritten({1, 1, 1, layout.size()});
}

Tensor put_channels_last(const ChannelsLast& layout, const Tensor& nchw) {
  Tensor tensor = floats(layout);
  to_channels_last(layout, nchw.values(), tensor.values());
  return tensor;
}

Tensor take_nchw(const ChannelsLast& layout, const Tensor& channels_last) {
  Tensor nchw({layout.batch, layout.channels, layout.height, layout.width});
  from_channels_last(layout, channels_last.values(), nchw.values());
  return nchw;
}

/// A direct convolution and its arrays, all with their channels last.
struct DirectState {
  DirectConvolution convolution;
  Tensor input, filter, output_gradient;
  Tensor output, input_gradient, filter_gradient;

  DirectState(const RandomProblem& problem, const DirectOptions& options)
      : convolution(problem.geometry, options),
        input(put_channels_last(convolution.input_layout(), problem.input)),
        filter(problem.filter),
        output_gradient(put_channels_last(convolution.output_layout(),
                                          problem.output_gradient)),
        output(floats(convolution.output_layout())),
        input_gradient(floats(convolution.input_layout())),
        filter_gradient(unwritten(problem.geometry.filter_shape())) {}
};

}  // namespace
// endregion

// region direct-way
ConvolutionWay direct_way(const RandomProblem& problem, Isa isa, int threads) {
  const auto state = std::make_shared<DirectState>(
      problem, DirectOptions{.threads = threads, .isa = isa});
  return {.id = "direct",
          .label = "03 direct",
          .threads = threads,
          .scratch_bytes = state->convolution.scratch_bytes(),
          .run = {[=] {
                    state->convolution.forward(state->input.values(),
                                               state->filter.values(), {},
                                               state->output.values(), {});
                  },
                  [=] {
                    state->convolution.backward_input(
                        state->output_gradient.values(), {},
                        state->filter.values(), state->input_gradient.values());
                  },
                  [=] {
                    state->convolution.backward_filter(
                        state->input.values(), state->output_gradient.values(),
                        {}, state->filter_gradient.values(), {});
                  }},
          .result = {[=] {
                       return take_nchw(state->convolution.output_layout(),
                                        state->output);
                     },
                     [=] {
                       return take_nchw(state->convolution.input_layout(),
                                        state->input_gradient);
                     },
                     [=] { return state->filter_gradient; }}};
}
// endregion

// region expected-convolution
ExpectedConvolution expected_convolution(const RandomProblem& problem,
                                         Direction direction) {
  const ConvolutionGeometry& geometry = problem.geometry;
  const auto input = problem.input.values();
  const auto filter = problem.filter.values();
  const auto gradient = problem.output_gradient.values();
  switch (direction) {
    case kForward:
      return {reference_forward(geometry, input, filter), geometry.terms()};
    case kInputGradient:
      return {reference_backward_input(geometry, gradient, filter),
              backward_input_terms(geometry)};
    case kFilterGradient:
      return {reference_backward_filter(geometry, input, gradient),
              backward_filter_terms(geometry)};
  }
  throw std::invalid_argument("there are three convolutions");
}

}  // namespace cnn
// endregion
