// region quiet: includes
#include <cmath>
#include <string>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/02_im2col_strided_views/checks.hpp"
#include "chapters/05_naive_cuda/checks.hpp"

namespace cnn {
// endregion

// region three-convolutions
namespace {

/// Forward and both gradients of one problem, NCHW.
struct ThreeConvolutions {
  std::vector<float> output;
  std::vector<float> input_gradient;
  std::vector<float> filter_gradient;
};

/// Memory of a backend, with an activation in it.
Array upload_activation(Backend& backend, const Tensor& tensor) {
  const Array array = backend.allocate(backend.activation_size(tensor.shape()));
  backend.upload_activation(tensor.shape(), tensor.values(), array);
  return array;
}

/// What is never written must not pass: it stays NaN.
Array nan_activation(Backend& backend, const Shape& shape) {
  Tensor nan(shape);
  nan.fill(NAN);
  return upload_activation(backend, nan);
}

std::vector<float> download_activation(Backend& backend, const Shape& shape,
                                       ConstArray array) {
  std::vector<float> values(static_cast<std::size_t>(shape.size()));
  backend.download_activation(shape, array, values);
  return values;
}
// endregion

// region convolve-on-backend
ThreeConvolutions convolve(Backend& backend, const RandomProblem& problem) {
  const ConvolutionBlock block{problem.geometry};
  const ConvolutionGeometry& geometry = problem.geometry;
  backend.reserve_convolution(block);
  const Array input = upload_activation(backend, problem.input);
  const Array gradient = upload_activation(backend, problem.output_gradient);
  const Array filter = backend.allocate(problem.filter.size());
  backend.upload(problem.filter.values(), filter);
  const Array bias = backend.allocate(geometry.output_channels);  // zeros

  const Array output = nan_activation(backend, geometry.output_shape());
  backend.convolution_forward(block, input, filter, bias, output, nullptr);
  const Array dx = nan_activation(backend, geometry.input_shape());
  backend.convolution_backward_input(block, gradient, nullptr, filter, dx);
  ThreeConvolutions results;
  results.filter_gradient.assign(
      static_cast<std::size_t>(problem.filter.size()), NAN);
  const Array dw = backend.allocate(problem.filter.size());
  backend.upload(results.filter_gradient, dw);
  backend.convolution_backward_filter(block, input, gradient, nullptr, dw,
                                      bias);
  backend.download(dw, results.filter_gradient);
  results.output =
      download_activation(backend, geometry.output_shape(), output);
  results.input_gradient =
      download_activation(backend, geometry.input_shape(), dx);
  return results;
}

}  // namespace
// endregion

// region check-convolutions
void check_convolutions(Program& program, Device device, MakeBackend make) {
  const std::string on = device == Device::kGpu ? "gpu/" : "emulator/";
  const std::string where = ", " + to_string(device);
  Verdict forward{on + "forward", "convolution" + where};
  Verdict inputs{on + "backward-input", "input gradient" + where};
  Verdict filters{on + "backward-filter", "filter gradient" + where};
  for (const ConvolutionGeometry& geometry : check_geometries()) {
    const RandomProblem p(geometry, program.options().seed);
    const auto ours = convolve(*make(device), p);
    const auto before = convolve(*make_cpu_backend(program.threads()), p);
    const auto x = p.input.values();
    const auto w = p.filter.values();
    const auto dy = p.output_gradient.values();
    judge(forward, ours.output, before.output,
          reference_forward(geometry, x, w), geometry.terms());
    judge(inputs, ours.input_gradient, before.input_gradient,
          reference_backward_input(geometry, dy, w),
          backward_input_terms(geometry));
    judge(filters, ours.filter_gradient, before.filter_gradient,
          reference_backward_filter(geometry, x, dy),
          backward_filter_terms(geometry));
  }
  report_verdicts(program, {forward, inputs, filters}, 4);
}

}  // namespace cnn
// endregion
