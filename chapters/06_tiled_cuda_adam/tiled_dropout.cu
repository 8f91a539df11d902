// region quiet: includes
#include "chapters/05_naive_cuda/dropout_rule.hpp"
#include "chapters/06_tiled_cuda_adam/fours.cuh"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"
#include "common/philox.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tiled-dropout
namespace {

/// One thread for each call of Philox, and all four of its numbers used. They
/// belong to neighbours; to aligned ones if the stream's numbers before ours
/// are whole calls, which `aligned` says. Otherwise the first thread begins
/// before element 0.
__global__ void drop_in_fours(int calls, int size, DropoutRule rule,
                              bool aligned, const float* input, float* output) {
  const int i = this_output();
  if (i >= calls) return;
  const PhiloxWords words = random_words(
      rule.seed, rule.stream, rule.first / 4 + static_cast<std::uint64_t>(i));
  // The order in which random_bits() counts them.
  const std::uint32_t bits[4] = {words.word0, words.word1, words.word2,
                                 words.word3};
  float factor[4];
  for (int k = 0; k < 4; ++k) {
    factor[k] = bits[k] >= rule.least ? rule.scale : 0;
  }
  const int first = 4 * i - static_cast<int>(rule.first % 4);
  if (aligned) {
    float four[4];
    read_up_to_4(input + first, size - first, four);
    for (int k = 0; k < 4; ++k) four[k] *= factor[k];
    return write_up_to_4(four, size - first, output + first);
  }
  for (int k = 0; k < 4; ++k) {
    const int at = first + k;
    if (at >= 0 && at < size) output[at] = input[at] * factor[k];
  }
}

}  // namespace
// endregion

// region tiled-dropout-launch
void TiledBackend::dropout_forward(const Shape& shape,
                                   const DropoutNumbers& numbers,
                                   ConstArray input, Array output) {
  if (numbers.probability == 0 && input == output) return;
  const DropoutRule rule = rule_for(numbers, shape.size());
  const auto before = static_cast<std::int64_t>(rule.first % 4);
  const std::int64_t calls = (before + shape.size() + 3) / 4;
  launch_for_each(calls, stream(), drop_in_fours,
                  static_cast<int>(shape.size()), rule,
                  before == 0 && all_in_fours(input, output), input, output);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
