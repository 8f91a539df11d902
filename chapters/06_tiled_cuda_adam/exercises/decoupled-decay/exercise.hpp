#pragma once

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// Adam with decoupled weight decay.
/// Source: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR
/// 2019, algorithm 2.
struct AdamW {
  float rate = 1e-3F;
  float beta1 = 0.9F;
  float beta2 = 0.999F;
  float epsilon = 1e-8F;
  float decay = 1e-2F;
};

/// Step number t, which counts from 1. For each of `count` parameters w with
/// gradient g:
///   m = beta1 m + (1 - beta1) g
///   v = beta2 v + (1 - beta2) g g
///   w = w - rate (m' / (sqrt(v') + epsilon) + decay w)
/// where m' = m / (1 - beta1^t), v' = v / (1 - beta2^t).
void adamw_step(const Stream& stream, const AdamW& options, int t, int count,
                const float* gradients, float* first_moments,
                float* second_moments, float* parameters);

}  // namespace CNN_GPU
}  // namespace cnn
