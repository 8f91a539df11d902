// region quiet: includes
#include <cmath>

#include "chapters/05_naive_cuda/naive_backend.hpp"
#include "chapters/05_naive_cuda/one_thread_each.cuh"
#include "common/philox.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region naive-dropout-numbers
namespace {

/// DropoutNumbers as the kernel wants them.
struct DropoutRule {
  std::uint64_t seed;
  std::uint64_t stream;
  std::uint64_t first;  ///< number of element 0 in the stream
  std::uint32_t least;  ///< random bits below this drop the element
  float scale;          ///< what is kept is multiplied by
};

DropoutRule rule_for(const DropoutNumbers& numbers, std::int64_t size) {
  // uniform() is (bits >> 8) / 2^24, and both are exact: so is the comparison
  // of the bits themselves with the probability times 2^24, shifted back.
  const double steps = std::ceil(double{numbers.probability} * 0x1.0p24);
  return {.seed = numbers.seed,
          .stream = numbers.stream,
          .first = numbers.step * static_cast<std::uint64_t>(size),
          .least = static_cast<std::uint32_t>(steps) << 8,
          .scale = 1 / (1 - numbers.probability)};
}
// endregion

// region naive-dropout
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
