// region quiet: includes
#pragma once

#include <cstdint>
#include <span>

#include "chapters/01_naive_convolution/geometry.hpp"
#include "chapters/03_blocked_gemm/direct_sweep.hpp"

namespace cnn {
// endregion

// region pack-declarations
/// Filters (OIHW) as the tiles of a sweep read them: for each group of vectors
/// a matrix of taps x output channels.
/// @param packed tap_count() * floats numbers
void pack_filter(const Sweep& sweep, int lanes, const Shape& shape,
                 std::span<const float> filter, int threads, float* packed);

/// The same for the sweep that takes a gradient back to the input: input and
/// output channels exchanged, and turned by 180 degrees.
void pack_turned_filter(const Sweep& sweep, int lanes, const Shape& shape,
                        std::span<const float> filter, int threads,
                        float* packed);

/// `bias`, or 0 where it is empty, for each lane: `floats` numbers.
void pack_bias(const Sweep& sweep, std::span<const float> bias, float* packed);
// endregion

// region unpack-declarations
/// The filter gradient (OIHW) from the partial sums of `chunks` parts of the
/// batch, added in order.
/// @param sums chunks x tap_count() x floats
/// @param scratch one pixel for each thread
void unpack_filter(const Sweep& sweep, const Shape& shape, const float* sums,
                   std::int64_t chunks, int threads, float* scratch,
                   std::span<float> gradient);

/// Likewise for the bias.
/// @param sums chunks x floats
void unpack_bias(const Sweep& sweep, const float* sums, std::int64_t chunks,
                 std::span<float> gradient);

}  // namespace cnn
// endregion
