// region quiet: includes
#include "chapters/03_blocked_gemm/simd.hpp"
#include "chapters/07_four_reports/ink.hpp"

namespace cnn::CNN_ISA {
// endregion

// region weigh-ink
constexpr int kVectors = kInkRow / kLanes;

/// Four sums by turns: an addition has to wait for the one before it, and so
/// four can overlap.
void weigh(const Ink* ink, std::int64_t count, const float* weights,
           float* sums) {
  constexpr int kTurns = 4;
  Vector own[kTurns][kVectors] = {};
  const auto add = [&](const Ink& pixel, Vector* to) {
    const float* row = weights + pixel.place * kInkRow;
    for (int v = 0; v < kVectors; ++v) {
      to[v] += pixel.brightness * load(row + v * kLanes);
    }
  };
  std::int64_t i = 0;
  for (; i + kTurns <= count; i += kTurns) {
    for (int turn = 0; turn < kTurns; ++turn) add(ink[i + turn], own[turn]);
  }
  for (; i < count; ++i) add(ink[i], own[0]);
  for (int v = 0; v < kVectors; ++v) {
    const Vector sum = (own[0][v] + own[1][v]) + (own[2][v] + own[3][v]);
    store(sums + v * kLanes, load(sums + v * kLanes) + sum);
  }
}
// endregion

// region blame-ink
void blame(const Ink* ink, std::int64_t count, const float* slopes,
           float* gradient) {
  Vector slope[kVectors];
  for (int v = 0; v < kVectors; ++v) slope[v] = load(slopes + v * kLanes);
  for (std::int64_t i = 0; i < count; ++i) {
    float* const row = gradient + ink[i].place * kInkRow;
    for (int v = 0; v < kVectors; ++v) {
      float* const to = row + v * kLanes;
      store(to, load(to) + ink[i].brightness * slope[v]);
    }
  }
}

InkRoutines ink_routines() {
  return {weigh, blame};
}

}  // namespace cnn::CNN_ISA
// endregion
