/// @file
/// One convolution on the device, by one plan, with its float64 reference.
#pragma once

#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_kernels.hpp"
#include "chapters/06_tiled_cuda_adam/winograd_bound.hpp"
#include "common/cuda/buffer.hpp"
#include "common/error_bound.hpp"
#include "common/random.hpp"

namespace cnn::test {

/// Random numbers for a geometry, on the device, and room for a result.
class ConvolutionCase {
 public:
  ConvolutionCase(const ConvolutionGeometry& geometry, std::uint64_t seed)
      : problem_(geometry, seed),
        bias_(static_cast<std::size_t>(geometry.output_channels)),
        input_(problem_.input.values().size()),
        filter_(problem_.filter.values().size()),
        gradient_(problem_.output_gradient.values().size()),
        device_bias_(bias_.size()) {
    Random(seed, 10).fill_uniform(bias_, -1, 1);
    input_.upload(problem_.input.values(), stream_);
    filter_.upload(problem_.filter.values(), stream_);
    gradient_.upload(problem_.output_gradient.values(), stream_);
    device_bias_.upload(bias_, stream_);
    stream_.synchronize();
  }

  const ConvolutionGeometry& geometry() const { return problem_.geometry; }

  /// Makes one number of the input NaN.
  void poison_input(std::int64_t n, std::int64_t c, std::int64_t y,
                    std::int64_t x) {
    problem_.input(n, c, y, x) = NAN;
    input_.upload(problem_.input.values(), stream_);
    stream_.synchronize();
  }

  /// What `plan` computes. The result begins as NaN, the workspace too, and
  /// the room behind both must still be NaN afterwards.
  std::vector<float> run(ConvolutionPass pass, const ConvolutionPlan& plan,
                         bool with_bias = false, bool relu = false) {
    const auto size =
        static_cast<std::size_t>(result_shape(geometry(), pass).size());
    DeviceBuffer<float> result = nan(size + kBehind);
    const auto needed =
        static_cast<std::size_t>(workspace_size(geometry(), pass, plan));
    DeviceBuffer<float> workspace = nan(needed + kBehind);
    DeviceBuffer<float> of_bias = nan(bias_.size() + kBehind);
    switch (pass) {
      case ConvolutionPass::kForward:
        convolution_forward(geometry(), plan, input_.data(), filter_.data(),
                            with_bias ? device_bias_.data() : nullptr, relu,
                            result.data(), workspace.data(), stream_);
        break;
      case ConvolutionPass::kInputGradient:
        convolution_backward_input(geometry(), plan, gradient_.data(),
                                   filter_.data(), result.data(),
                                   workspace.data(), stream_);
        break;
      case ConvolutionPass::kFilterGradient:
        convolution_backward_filter(geometry(), plan, input_.data(),
                                    gradient_.data(), result.data(),
                                    of_bias.data(), workspace.data(), stream_);
        break;
    }
    std::vector<float> values = download(result);
    bias_gradient_ = download(of_bias);
    clean_behind_ = all_nan(values, size) &&
                    all_nan(download(workspace), needed) &&
                    all_nan(bias_gradient_, bias_.size());
    bias_gradient_.resize(bias_.size());
    values.resize(size);
    return values;
  }

  /// What the last run() of a filter gradient found for the bias.
  const std::vector<float>& bias_gradient() const { return bias_gradient_; }

  /// It against float64.
  Comparison check_bias() const {
    const Shape shape = geometry().output_shape();
    const std::size_t plane =
        static_cast<std::size_t>(shape.height * shape.width);
    const auto gradient = problem_.output_gradient.values();
    std::vector<double> sums(bias_.size());
    std::vector<double> magnitudes(bias_.size());
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      sums[i / plane % sums.size()] += gradient[i];
      magnitudes[i / plane % sums.size()] += std::abs(gradient[i]);
    }
    return compare(bias_gradient_, {sums, magnitudes},
                   backward_filter_terms(geometry()));
  }

  /// Whether the last run() left alone what lies behind results and workspace.
  bool clean_behind() const { return clean_behind_; }

  /// Against float64, by the bound of the plan's method.
  Comparison check(ConvolutionPass pass, const ConvolutionPlan& plan,
                   std::span<const float> actual, bool with_bias = false,
                   bool relu = false) const {
    const bool winograd = plan.method == ConvolutionAlgorithm::kWinograd;
    ReferenceResult reference = exact(pass);
    if (winograd) {
      std::vector<std::int64_t> places(reference.value.size());
      std::iota(places.begin(), places.end(), 0);
      reference.magnitude = winograd_magnitude(problem_, pass, places);
    }
    std::int64_t terms =
        winograd ? winograd_terms(geometry(), pass) : terms_of(pass);
    if (with_bias) {
      add_bias(reference);
      ++terms;
    }
    if (relu) {
      for (double& value : reference.value) value = std::fmax(value, 0.0);
    }
    return compare(actual, reference, terms);
  }

 private:
  static constexpr std::size_t kBehind = 64;

  ReferenceResult exact(ConvolutionPass pass) const {
    const auto input = problem_.input.values();
    const auto filter = problem_.filter.values();
    const auto gradient = problem_.output_gradient.values();
    switch (pass) {
      case ConvolutionPass::kForward:
        return reference_forward(geometry(), input, filter);
      case ConvolutionPass::kInputGradient:
        return reference_backward_input(geometry(), gradient, filter);
      case ConvolutionPass::kFilterGradient:
        break;
    }
    return reference_backward_filter(geometry(), input, gradient);
  }

  std::int64_t terms_of(ConvolutionPass pass) const {
    switch (pass) {
      case ConvolutionPass::kForward:
        return geometry().terms();
      case ConvolutionPass::kInputGradient:
        return backward_input_terms(geometry());
      case ConvolutionPass::kFilterGradient:
        break;
    }
    return backward_filter_terms(geometry());
  }

  void add_bias(ReferenceResult& reference) const {
    const Shape shape = geometry().output_shape();
    const auto plane = static_cast<std::size_t>(shape.height * shape.width);
    for (std::size_t i = 0; i < reference.value.size(); ++i) {
      const double bias = bias_[i / plane % bias_.size()];
      reference.value[i] += bias;
      reference.magnitude[i] += std::abs(bias);
    }
  }

  DeviceBuffer<float> nan(std::size_t size) {
    DeviceBuffer<float> buffer(size);
    const std::vector<float> values(size, NAN);
    buffer.upload(values, stream_);
    stream_.synchronize();
    return buffer;
  }

  std::vector<float> download(const DeviceBuffer<float>& buffer) {
    std::vector<float> values(buffer.size());
    buffer.download(values, stream_);
    stream_.synchronize();
    return values;
  }

  static bool all_nan(std::span<const float> values, std::size_t from) {
    for (std::size_t i = from; i < values.size(); ++i) {
      if (!std::isnan(values[i])) return false;
    }
    return true;
  }

  RandomProblem problem_;
  std::vector<float> bias_;
  Stream stream_;
  DeviceBuffer<float> input_;
  DeviceBuffer<float> filter_;
  DeviceBuffer<float> gradient_;
  DeviceBuffer<float> device_bias_;
  std::vector<float> bias_gradient_;
  bool clean_behind_ = false;
};

}  // namespace cnn::test
