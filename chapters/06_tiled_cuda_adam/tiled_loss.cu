// region quiet: includes
#include <algorithm>
#include <cmath>

#include "chapters/06_tiled_cuda_adam/block_sum.cuh"
#include "chapters/06_tiled_cuda_adam/last_block.cuh"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region warp-largest
namespace {

constexpr int kNoPicture = 255;
constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;

/// A number and its place: of equals, the first is the larger.
struct Largest {
  float value;
  int place;
};

/// The largest of a warp's numbers, in all its lanes. What is not a number is
/// larger than nothing.
__device__ Largest warp_largest(Largest own) {
  for (int distance = 16; distance > 0; distance /= 2) {
    const Largest other{__shfl_xor_sync(kWholeWarp, own.value, distance),
                        __shfl_xor_sync(kWholeWarp, own.place, distance)};
    if (other.value > own.value ||
        (other.value == own.value && other.place < own.place)) {
      own = other;
    }
  }
  return own;
}
// endregion

// region tiled-outcome
/// Of a picture, or of many. A number of eight bytes to the compiler, which it
/// reads and writes at once.
struct alignas(8) Outcome {
  float loss;
  float right;
};

__device__ Outcome operator+(const Outcome& a, const Outcome& b) {
  return {a.loss + b.loss, a.right + b.right};
}

__device__ Outcome value_from(const Outcome& own, int lanes_on) {
  return {cnn::value_from(own.loss, lanes_on),
          cnn::value_from(own.right, lanes_on)};
}
// endregion

// region tiled-softmax
/// One picture, by a warp: a lane has every 32nd class. `gradient`, if any,
/// becomes (softmax - one-hot) * share. Lane 0 returns the outcome, the others
/// nothing.
__device__ Outcome softmax(int classes, const float* logits, int label,
                           float share, float* gradient) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  Largest largest{-INFINITY, lane};
  for (int i = lane; i < classes; i += 32) {
    if (logits[i] > largest.value) largest = {logits[i], i};
  }
  largest = warp_largest(largest);
  // expf() of a difference that is never positive cannot overflow.
  float own = 0;
  for (int i = lane; i < classes; i += 32) {
    own += expf(logits[i] - largest.value);
  }
  const float sum = __shfl_sync(kWholeWarp, warp_sum(own), 0);
  for (int i = lane; gradient && i < classes; i += 32) {
    const float hot = i == label ? 1.0F : 0.0F;
    gradient[i] = (expf(logits[i] - largest.value) / sum - hot) * share;
  }
  if (lane != 0) return {};
  return {logf(sum) - (logits[label] - largest.value),
          largest.place == label ? 1.0F : 0.0F};
}
// endregion

// region tiled-judge
/// A warp for each picture, until there are more of them than warps. A block's
/// outcome goes where only this block writes, and the last block to be done
/// adds them all up, in an order that is always the same.
__global__ void __launch_bounds__(kThreads)
    judge_by_warps(int batch, int classes, const float* logits,
                   const std::uint8_t* labels, float* gradient,
                   Outcome* of_block, unsigned* counter, float* totals) {
  const auto block = static_cast<int>(blockIdx.x);
  const int warp = block * kWarps + static_cast<int>(threadIdx.x) / 32;
  const int warps = static_cast<int>(gridDim.x) * kWarps;
  const float share = 1 / static_cast<float>(batch);
  Outcome total{};
  for (int n = warp; n < batch; n += warps) {
    float* own = gradient ? gradient + n * classes : nullptr;
    const int label = labels[n];
    if (label != kNoPicture) {
      total = total + softmax(classes, logits + n * classes, label, share, own);
      continue;
    }
    for (int i = static_cast<int>(threadIdx.x) % 32; own && i < classes;
         i += 32) {
      own[i] = 0;
    }
  }
  total = block_sum<kThreads>(total);
  if (threadIdx.x == 0) {
    hand_over(total.loss, &of_block[block].loss);
    hand_over(total.right, &of_block[block].right);
  }
  if (!last_to_come(counter)) return;
  total = {};
  for (int i = static_cast<int>(threadIdx.x); i < static_cast<int>(gridDim.x);
       i += kThreads) {
    Outcome& other = of_block[i];
    total = total + Outcome{take_over(&other.loss), take_over(&other.right)};
  }
  total = block_sum<kThreads>(total);
  if (threadIdx.x != 0) return;
  totals[0] += total.loss;
  totals[1] += total.right;
}

}  // namespace
// endregion

// region tiled-loss-launch
void TiledBackend::softmax_cross_entropy(std::int64_t batch,
                                         std::int64_t classes,
                                         ConstArray logits,
                                         ConstByteArray labels,
                                         Array logit_gradient, Array totals) {
  require_countable(batch * classes, "the logits of a batch");
  const std::int64_t blocks =
      std::min((batch + kWarps - 1) / kWarps, kMostLossBlocks);
  auto* const of_block = reinterpret_cast<Outcome*>(loss_parts_);
  launch(judge_by_warps, {dim3(static_cast<unsigned>(blocks)), dim3(kThreads)},
         stream(), static_cast<int>(batch), static_cast<int>(classes), logits,
         labels, logit_gradient, of_block,
         reinterpret_cast<unsigned*>(loss_counter_), totals);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
