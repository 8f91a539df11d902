// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/03_blocked_gemm/direct_kernels.hpp"
#include "chapters/03_blocked_gemm/direct_vectors.hpp"

namespace cnn::CNN_ISA {
// endregion

// region first-layer-window
/// Calls use(position, tap, number) for all products of one window of the pool:
/// four sums, their windows overlapping in a square of (size + 1)^2 numbers.
/// Each is loaded once, for all the lanes and for all the sums that want it.
template <int lanes, int size, class Use>
[[gnu::always_inline]] inline void for_each_product(const float* patch,
                                                    std::int64_t pitch,
                                                    const Use& use) {
#pragma GCC unroll 6
  for (int y = 0; y <= size; ++y) {
#pragma GCC unroll 6
    for (int x = 0; x <= size; ++x) {
      const auto number = patch[y * pitch + x] - typename Pack<lanes>::Floats{};
#pragma GCC unroll 4
      for (int position = 0; position < 4; ++position) {
        const int ky = y - position / 2;
        const int kx = x - position % 2;
        if (ky < 0 || kx < 0 || ky >= size || kx >= size) continue;
        use(position, ky * size + kx, number);
      }
    }
  }
}
// endregion

// region first-layer-forward
/// The taps never leave registers, and the sums never enter memory.
template <int lanes, int size>
void first_layer_forward(const FirstLayerForward& work) {
  using Floats = typename Pack<lanes>::Floats;
  const FirstLayer& layer = work.layer;
  for (std::int64_t c = 0; c < layer.channels; c += lanes) {
    Floats tap[size * size];
#pragma GCC unroll 25
    for (int k = 0; k < size * size; ++k) {
      tap[k] = floats_at<lanes>(work.filter + k * layer.channels + c);
    }
    const Floats bias = floats_at<lanes>(work.bias + c);
    std::int64_t at = c;
    for (std::int64_t y = 0; y < layer.height; ++y) {
      const float* patch = layer.image + 2 * y * layer.pitch;
      for (std::int64_t x = 0; x < layer.width; ++x) {
        Floats sum[4] = {bias, bias, bias, bias};
        for_each_product<lanes, size>(
            patch, layer.pitch,
            [&](int position, int k, Floats number) __attribute__((
                always_inline)) { sum[position] += number * tap[k]; });
        Maximum<lanes> maximum{sum[0]};
#pragma GCC unroll 4
        for (int i = 1; i < 4; ++i) maximum.meet(sum[i], i);
        if (work.relu) maximum.relu();
        store_floats<lanes>(work.to + at, maximum.best);
        if (work.winners != nullptr) {
          store_bytes<lanes>(work.winners + at, maximum.winner);
        }
        patch += 2;
        at += layer.channels;
      }
    }
  }
}
// endregion

// region first-layer-backward
/// Here the sums are those of the taps, and stay for the whole image. In each
/// lane at most one of four gradients is not 0: the winner's.
template <int lanes, int size>
void first_layer_backward(const FirstLayerBackward& work) {
  using Floats = typename Pack<lanes>::Floats;
  const FirstLayer& layer = work.layer;
  const Floats zero{};
  for (std::int64_t c = 0; c < layer.channels; c += lanes) {
    Floats sum[size * size];
#pragma GCC unroll 25
    for (int k = 0; k < size * size; ++k) {
      sum[k] = floats_at<lanes>(work.sums + k * layer.channels + c);
    }
    Floats bias{};
    std::int64_t at = c;
    for (std::int64_t y = 0; y < layer.height; ++y) {
      const float* patch = layer.image + 2 * y * layer.pitch;
      for (std::int64_t x = 0; x < layer.width; ++x) {
        const Floats gradient = floats_at<lanes>(work.gradient + at);
        const auto winner = ints_at<lanes>(work.winners + at);
        bias += winner == 255 ? zero : gradient;
        Floats won[4];
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) won[i] = winner == i ? gradient : zero;
        for_each_product<lanes, size>(
            patch, layer.pitch,
            [&](int position, int k, Floats number) __attribute__((
                always_inline)) { sum[k] += number * won[position]; });
        patch += 2;
        at += layer.channels;
      }
    }
#pragma GCC unroll 25
    for (int k = 0; k < size * size; ++k) {
      store_floats<lanes>(work.sums + k * layer.channels + c, sum[k]);
    }
    if (work.bias_sums != nullptr) {
      store_floats<lanes>(work.bias_sums + c,
                          floats_at<lanes>(work.bias_sums + c) + bias);
    }
  }
}
// endregion

// region first-layer-table
template <int size>
void run_first_forward(const FirstLayerForward& work) {
  if constexpr (kLanes > 8) {
    if (work.layer.channels % kLanes != 0) {
      return first_layer_forward<8, size>(work);
    }
  }
  first_layer_forward<kLanes, size>(work);
}

template <int size>
void run_first_backward(const FirstLayerBackward& work) {
  if constexpr (kLanes > 8) {
    if (work.layer.channels % kLanes != 0) {
      return first_layer_backward<8, size>(work);
    }
  }
  first_layer_backward<kLanes, size>(work);
}

/// Enters kernels of up to size x size, those whose taps fit in the registers
/// beside four sums, a number of the image and the bias.
template <int size = kMostFirstSize>
constexpr void enter_first_layers(DirectKernels& table) {
  if constexpr (size * size + 6 <= kRegisters) {
    table.first_forward[size - 1] = run_first_forward<size>;
    table.first_backward[size - 1] = run_first_backward<size>;
  }
  if constexpr (size > 1) enter_first_layers<size - 1>(table);
}

}  // namespace cnn::CNN_ISA
// endregion
