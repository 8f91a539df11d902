// region quiet: includes
#include "chapters/05_naive_cuda/dropout_rule.hpp"
#include "chapters/05_naive_cuda/naive_backend.hpp"
#include "chapters/05_naive_cuda/one_thread_each.cuh"
#include "common/philox.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region naive-dropout
namespace {

/// Philox has no state: every thread works out its own element's number. It
/// makes four at once, of which we use one.
__global__ void drop(int size, DropoutRule rule, const float* input,
                     float* output) {
  const int i = this_output();
  if (i >= size) return;
  const std::uint32_t bits = random_bits(
      rule.seed, rule.stream, rule.first + static_cast<std::uint64_t>(i));
  output[i] = input[i] * (bits >= rule.least ? rule.scale : 0);
}

}  // namespace

void NaiveBackend::dropout_forward(const Shape& shape,
                                   const DropoutNumbers& numbers,
                                   ConstArray input, Array output) {
  // With nothing to drop, there is nothing to do but a copy.
  if (numbers.probability == 0 && input == output) return;
  launch_for_each(shape.size(), stream(), drop, rule_for(numbers, shape.size()),
                  input, output);
}

void NaiveBackend::dropout_backward(const Shape& shape,
                                    const DropoutNumbers& numbers,
                                    ConstArray output_gradient,
                                    Array input_gradient) {
  // Each element was multiplied by 0 or by the scale, and so is its gradient.
  dropout_forward(shape, numbers, output_gradient, input_gradient);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
