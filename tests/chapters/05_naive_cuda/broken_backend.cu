#include "tests/chapters/05_naive_cuda/broken_backend.hpp"

#include <cmath>

#include "chapters/05_naive_cuda/convolution_sizes.hpp"
#include "chapters/05_naive_cuda/naive_backend.hpp"
#include "chapters/05_naive_cuda/one_thread_each.cuh"

namespace cnn::test {
inline namespace CNN_GPU {
namespace {

/// The chapter's kernel, with room for mistakes.
template <Mistake mistake>
__global__ void convolve(int outputs, ConvolutionSizes s, const float* input,
                         const float* filter, const float* bias,
                         float* output) {
  const int i = this_output();
  if (i >= outputs) return;
  constexpr bool kSwapped = mistake == Mistake::kSwappedSides;
  const int width = kSwapped ? s.output_height : s.output_width;
  const int height = kSwapped ? s.output_width : s.output_height;
  const int x = i % width;
  const int y = i / width % height;
  const int plane = i / (width * height);
  const int o = plane % s.output_channels;
  const int n = plane / s.output_channels;
  const int stride = mistake == Mistake::kForgottenStride ? 1 : s.stride;
  const int first_row = mistake == Mistake::kHaloOffByOne ? 1 : 0;
  float sum = 0;
  for (int c = 0; c < s.input_channels; ++c) {
    for (int ky = 0; ky < s.kernel_height; ++ky) {
      for (int kx = 0; kx < s.kernel_width; ++kx) {
        const int iy = y * stride + ky - s.padding;
        const int ix = x * stride + kx - s.padding;
        if (iy < first_row || iy >= s.input_height) continue;
        if (ix < 0 || ix >= s.input_width) continue;
        const int from =
            ((n * s.input_channels + c) * s.input_height + iy) * s.input_width +
            ix;
        const int weight = ((o * s.input_channels + c) * s.kernel_height + ky) *
                               s.kernel_width +
                           kx;
        sum += input[from] * filter[weight];
      }
    }
  }
  const bool unlucky = mistake == Mistake::kNan && i == outputs / 2;
  output[i] = unlucky ? sum * NAN : sum + bias[o];
}

/// One thread for each window hands the gradient out, as on the CPU: that is no
/// race while windows do not overlap.
template <Mistake mistake>
__global__ void max_pool_gradient(int windows, int height, int width, int size,
                                  const float* input, const float* output,
                                  const float* output_gradient,
                                  float* input_gradient) {
  const int i = this_output();
  if (i >= windows) return;
  const int x = i % (width / size);
  const int y = i / (width / size) % (height / size);
  const int plane = i / (width / size) / (height / size);
  const int corner = (plane * height + y * size) * width + x * size;
  int winner = -1;
  for (int k = 0; k < size * size; ++k) {
    const int at = corner + k / size * width + k % size;
    if (input[at] != output[i]) continue;
    if (winner < 0 || mistake == Mistake::kLastMaximumWins) winner = at;
  }
  if (winner >= 0) input_gradient[winner] = output_gradient[i];
}

template <Mistake mistake>
class BrokenBackend : public NaiveBackend {
 public:
  void convolution_forward(const ConvolutionBlock& block, ConstArray input,
                           ConstArray filter, ConstArray bias, Array output,
                           ByteArray) override {
    std::int64_t outputs = block.geometry.output_shape().size();
    if (mistake == Mistake::kRaggedBlockMissing) outputs -= outputs % 32;
    if (mistake == Mistake::kAllZeros) outputs = 0;
    launch_for_each(outputs, stream(), convolve<mistake>,
                    sizes_of(block.geometry), input, filter, bias, output);
  }

  void convolution_backward_filter(const ConvolutionBlock& block,
                                   ConstArray input, ConstArray output_gradient,
                                   ConstByteArray winners,
                                   Array filter_gradient,
                                   Array bias_gradient) override {
    NaiveBackend::convolution_backward_filter(
        block, input, output_gradient, winners, filter_gradient, bias_gradient);
    if (mistake != Mistake::kNoBiasGradient) return;
    clear(bias_gradient, block.geometry.output_channels);
  }

  void max_pool_backward(const PoolGeometry& pool, ConstArray input,
                         ConstArray output, ConstArray output_gradient,
                         Array input_gradient) override {
    clear(input_gradient, pool.input.size());
    launch_for_each(pool.output().size(), stream(), max_pool_gradient<mistake>,
                    pool.input.height, pool.input.width, pool.size, input,
                    output, output_gradient, input_gradient);
  }

  void batch_norm_forward(const BatchNormBlock& block,
                          const BatchNormArrays& arrays, float momentum,
                          float epsilon, ConstArray input, Array output,
                          ByteArray winners) override {
    const bool wrong = mistake == Mistake::kMomentumOtherWay;
    NaiveBackend::batch_norm_forward(block, arrays,
                                     wrong ? 1 - momentum : momentum, epsilon,
                                     input, output, winners);
  }
};

template <Mistake mistake>
std::unique_ptr<Backend> broken() {
  return std::make_unique<BrokenBackend<mistake>>();
}

std::unique_ptr<Backend> make_broken_backend(Mistake mistake) {
  switch (mistake) {
    case Mistake::kNone:
      return broken<Mistake::kNone>();
    case Mistake::kHaloOffByOne:
      return broken<Mistake::kHaloOffByOne>();
    case Mistake::kSwappedSides:
      return broken<Mistake::kSwappedSides>();
    case Mistake::kForgottenStride:
      return broken<Mistake::kForgottenStride>();
    case Mistake::kRaggedBlockMissing:
      return broken<Mistake::kRaggedBlockMissing>();
    case Mistake::kNoBiasGradient:
      return broken<Mistake::kNoBiasGradient>();
    case Mistake::kLastMaximumWins:
      return broken<Mistake::kLastMaximumWins>();
    case Mistake::kMomentumOtherWay:
      return broken<Mistake::kMomentumOtherWay>();
    case Mistake::kAllZeros:
      return broken<Mistake::kAllZeros>();
    case Mistake::kNan:
      return broken<Mistake::kNan>();
  }
  return nullptr;
}

}  // namespace
}  // namespace CNN_GPU

#ifdef COURSE_SIMT
std::unique_ptr<Backend> make_broken_backend_emulated(Mistake mistake) {
  return make_broken_backend(mistake);
}
#else
std::unique_ptr<Backend> make_broken_backend_on_gpu(Mistake mistake) {
  return make_broken_backend(mistake);
}
#endif

}  // namespace cnn::test
