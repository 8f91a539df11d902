// region quiet: includes
#include <algorithm>
#include <cmath>

#include "chapters/05_naive_cuda/naive_backend.hpp"
#include "chapters/05_naive_cuda/one_thread_each.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region naive-softmax
namespace {

constexpr int kNoPicture = 255;

struct Outcome {
  float loss;
  float right;
};

/// One picture. `gradient`, if any, becomes (softmax - one-hot) * share.
__device__ Outcome softmax(int classes, const float* logits, int label,
                           float share, float* gradient) {
  int largest = 0;
  for (int i = 1; i < classes; ++i) {
    if (logits[i] > logits[largest]) largest = i;
  }
  // expf() of a difference that is never positive cannot overflow.
  const float highest = logits[largest];
  float sum = 0;
  for (int i = 0; i < classes; ++i) sum += expf(logits[i] - highest);
  if (gradient) {
    for (int i = 0; i < classes; ++i) {
      const float hot = i == label ? 1.0F : 0.0F;
      gradient[i] = (expf(logits[i] - highest) / sum - hot) * share;
    }
  }
  return {logf(sum) - (logits[label] - highest),
          largest == label ? 1.0F : 0.0F};
}
// endregion

// region naive-loss
/// Threads that share out the pictures of a batch, at most: their partial
/// totals have their room from the start.
constexpr std::int64_t kMostThreads = 1024;

/// One thread for each picture, until there are more pictures than threads:
/// then for every so-many-th.
__global__ void judge(int threads, int batch, int classes, const float* logits,
                      const std::uint8_t* labels, float* gradient,
                      float* partial_totals) {
  const int thread = this_output();
  if (thread >= threads) return;
  const float share = 1 / static_cast<float>(batch);
  Outcome total{0, 0};
  for (int n = thread; n < batch; n += threads) {
    float* own = gradient ? gradient + n * classes : nullptr;
    const int label = labels[n];
    if (label == kNoPicture) {
      for (int i = 0; own && i < classes; ++i) own[i] = 0;
      continue;
    }
    const Outcome one =
        softmax(classes, logits + n * classes, label, share, own);
    total.loss += one.loss;
    total.right += one.right;
  }
  partial_totals[thread] = total.loss;
  partial_totals[kMostThreads + thread] = total.right;
}

/// One thread for each of the two totals, in an order that is always the same.
__global__ void add_totals(int totals_count, int threads,
                           const float* partial_totals, float* totals) {
  const int i = this_output();
  if (i >= totals_count) return;
  float sum = 0;
  for (int thread = 0; thread < threads; ++thread) {
    sum += partial_totals[i * kMostThreads + thread];
  }
  totals[i] += sum;
}

}  // namespace
// endregion

// region naive-loss-launch
NaiveBackend::NaiveBackend() : partial_totals_(allocate(2 * kMostThreads)) {}

void NaiveBackend::softmax_cross_entropy(std::int64_t batch,
                                         std::int64_t classes,
                                         ConstArray logits,
                                         ConstByteArray labels,
                                         Array logit_gradient, Array totals) {
  const std::int64_t threads = std::min(batch, kMostThreads);
  launch_for_each(threads, stream(), judge, batch, classes, logits, labels,
                  logit_gradient, partial_totals_);
  launch_for_each(2, stream(), add_totals, threads, partial_totals_, totals);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
