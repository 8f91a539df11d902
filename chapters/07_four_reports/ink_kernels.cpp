// region quiet: includes
#include "chapters/03_blocked_gemm/simd.hpp"
#include "chapters/07_four_reports/ink.hpp"

namespace cnn::CNN_ISA {
// endregion

// region ink-levels
constexpr int kVectors = kInkRow / kLanes;

/// A number in [0, 1] for each byte: to look it up is quicker than to convert.
struct Levels {
  float of[256];
};

constexpr Levels kLevels = [] {
  Levels levels{};
  for (int byte = 0; byte < 256; ++byte) {
    levels.of[byte] = static_cast<float>(byte) / 255;
  }
  return levels;
}();
// endregion

// region weigh-ink
/// A strip's weights stay in registers while its pictures' sums come and go.
void weigh(const InkGroup& group, const float* weights, float* sums) {
  const Ink* ink = group.ink;
  for (std::int64_t strip = 0; strip < group.strips; ++strip) {
    Vector weight[kStrip][kVectors];
    for (auto& pixel : weight) {
      for (Vector& part : pixel) {
        part = load(weights);
        weights += kLanes;
      }
    }
    const Ink* const end = group.ink + group.begins[strip + 1];
    for (; ink != end; ++ink) {
      float* const row = sums + ink->picture * kInkRow;
      for (int v = 0; v < kVectors; ++v) {
        Vector sum = load(row + v * kLanes);
        for (int i = 0; i < kStrip; ++i) {
          sum += kLevels.of[ink->brightness[i]] * weight[i][v];
        }
        store(row + v * kLanes, sum);
      }
    }
  }
}
// endregion

// region blame-ink
/// A strip's gradient stays in registers while its pictures' slopes go by.
void blame(const InkGroup& group, const float* slopes, float* gradient) {
  const Ink* ink = group.ink;
  for (std::int64_t strip = 0; strip < group.strips; ++strip) {
    Vector sums[kStrip][kVectors] = {};
    const Ink* const end = group.ink + group.begins[strip + 1];
    for (; ink != end; ++ink) {
      const float* const row = slopes + ink->picture * kInkRow;
      for (int v = 0; v < kVectors; ++v) {
        const Vector slope = load(row + v * kLanes);
        for (int i = 0; i < kStrip; ++i) {
          sums[i][v] += kLevels.of[ink->brightness[i]] * slope;
        }
      }
    }
    for (const auto& pixel : sums) {
      for (const Vector& sum : pixel) {
        store(gradient, load(gradient) + sum);
        gradient += kLanes;
      }
    }
  }
}
// endregion

// region gather-and-scatter
/// Two sums by turns: an addition has to wait for the one before it.
void gather(const float* factors, const float* ten_rows, float* row) {
  for (int v = 0; v < kVectors; ++v) {
    const float* from = ten_rows + v * kLanes;
    Vector even = load(row + v * kLanes);
    Vector odd{};
    for (int i = 0; i < kInkNumbers; i += 2) {
      even += factors[i] * load(from + i * kInkRow);
      odd += factors[i + 1] * load(from + (i + 1) * kInkRow);
    }
    store(row + v * kLanes, even + odd);
  }
}

void scatter(const float* factors, const float* row, float* ten_rows) {
  for (int v = 0; v < kVectors; ++v) {
    const Vector numbers = load(row + v * kLanes);
    for (int i = 0; i < kInkNumbers; ++i) {
      float* const to = ten_rows + i * kInkRow + v * kLanes;
      store(to, load(to) + factors[i] * numbers);
    }
  }
}

InkRoutines ink_routines() {
  return {weigh, blame, gather, scatter};
}

}  // namespace cnn::CNN_ISA
// endregion
