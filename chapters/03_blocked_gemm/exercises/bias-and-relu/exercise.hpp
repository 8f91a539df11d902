#pragma once

#include <cstdint>
#include <span>

namespace cnn {

/// What follows a product in a dense layer, while a row of sums is still at
/// hand: c[j] = relu(sums[j] + bias[j]), where NaN stays NaN.
/// @param bias as many as sums, or empty: none
void finish_row(std::span<const float> sums, std::span<const float> bias,
                std::span<float> c);

/// How many bytes a rows x columns result moves between cache and processor
/// from the moment when its sums are known: stored once with everything fused,
/// or with the product, the bias and ReLU each a pass of its own, where a pass
/// reads what it changes. The bias itself is small, and not counted.
std::int64_t fused_bytes(std::int64_t rows, std::int64_t columns);
std::int64_t separate_bytes(std::int64_t rows, std::int64_t columns);

}  // namespace cnn
