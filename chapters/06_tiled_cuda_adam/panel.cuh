// region quiet: includes
#pragma once

#include <cstdint>
#include <type_traits>

#include "chapters/06_tiled_cuda_adam/tiles.cuh"
#include "common/cuda/async_copy.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region lies
/// How a factor lies in memory. Its lines are the rows of a, the columns of b.
enum class Lies {
  kByLine,  ///< the terms of one line side by side: they have to be turned
  kByTerm,  ///< one term of all lines side by side
  kByTermInFours  ///< the same, and four of them can be copied at once
};
// endregion

// region send
/// Sends for `kFloats` floats, or makes them 0.
template <int kFloats>
__device__ void send(float* to, const float* from, bool inside) {
  constexpr int kBytes = kFloats * static_cast<int>(sizeof(float));
  if (inside) {
    __pipeline_memcpy_async(to, from, kBytes);
  } else {
    __pipeline_memcpy_async(to, from, kBytes, kBytes);
  }
}
// endregion

// region turning-panel
/// Copies one factor's tiles, one after the other, into shared memory, where
/// they lie term by term; here, from where they lie line by line. 8 terms of a
/// line are a sector of 32 bytes: so many lanes copy side by side.
///
/// What a thread copies lies at fixed offsets from a pointer that moves on from
/// tile to tile. Lines beyond the last one are replaced by it: what comes of
/// them is never written, and nobody has to ask about them again.
template <int kWidth, int kTerms, int kThreads>
class TurningPanel {
  static constexpr int kAcross = 8;
  static constexpr int kDown = kThreads / kAcross;  // lines at once
  static constexpr int kRounds = kWidth / kDown;
  static_assert(kTerms % kAcross == 0 && kWidth % kDown == 0);

 public:
  /// From one term to the next in shared memory: with 4 more than there are
  /// lines, the 4 lines of 8 terms that a warp writes lie in 32 banks.
  static constexpr int kPitch = kWidth + 4;

  /// @param matrix the factor's first element
  /// @param step elements from one row to the next, as it lies in memory
  /// @param first the first line of the tile
  /// @param count how many lines there are
  /// @param term the first term
  __device__ TurningPanel(const float* matrix, int step, int first, int count,
                          int term)
      : from_(matrix + term), term_(static_cast<int>(threadIdx.x) % kAcross) {
    const int line = static_cast<int>(threadIdx.x) / kAcross;
    to_ = term_ * kPitch + line;
    for (int i = 0; i < kRounds; ++i) {
      offsets_[i] = min(first + line + i * kDown, count - 1) * step + term_;
    }
  }

  /// Sends for the next tile; terms from `left` on become 0.
  template <bool kWhole>
  __device__ void copy(float* tile, int left) {
#pragma unroll
    for (int run = 0; run < kTerms; run += kAcross)
#pragma unroll
      for (int i = 0; i < kRounds; ++i) {
        send<1>(tile + to_ + run * kPitch + i * kDown,
                from_ + offsets_[i] + run, kWhole || term_ + run < left);
      }
    from_ += kTerms;
  }

 private:
  const float* from_;
  int term_;  // the first of a tile that this thread copies
  int to_;
  int offsets_[kRounds];
};
// endregion

// region straight-panel
/// The same from where they lie term by term, kAtOnce lines by one instruction.
template <int kWidth, int kTerms, int kThreads, int kAtOnce>
class StraightPanel {
  static constexpr int kPieces = kWidth / kAtOnce;  // of a term
  static constexpr int kAcross = kPieces < kThreads ? kPieces : kThreads;
  static constexpr int kWide = kPieces / kAcross;
  static constexpr int kDown = kThreads / kAcross;  // terms at once
  static_assert(kThreads % kAcross == 0 && kTerms % kDown == 0);

 public:
  static constexpr int kPitch = kWidth;

  __device__ StraightPanel(const float* matrix, int step, int first, int count,
                           int term)
      : from_(matrix + static_cast<std::int64_t>(term) * step),
        step_(step),
        term_(static_cast<int>(threadIdx.x) / kAcross) {
    const int line = static_cast<int>(threadIdx.x) % kAcross * kAtOnce;
    to_ = term_ * kPitch + line;
    for (int i = 0; i < kWide; ++i) {
      offsets_[i] = term_ * step +
                    min(first + line + i * kAcross * kAtOnce, count - kAtOnce);
    }
  }

  /// As TurningPanel::copy().
  template <bool kWhole>
  __device__ void copy(float* tile, int left) {
#pragma unroll
    for (int down = 0; down < kTerms; down += kDown)
#pragma unroll
      for (int i = 0; i < kWide; ++i) {
        send<kAtOnce>(tile + to_ + down * kPitch + i * kAcross * kAtOnce,
                      from_ + offsets_[i] + down * step_,
                      kWhole || term_ + down < left);
      }
    from_ += kTerms * step_;
  }

 private:
  const float* from_;
  int step_;
  int term_;
  int to_;
  int offsets_[kWide];
};
// endregion

// region panel
/// The one for how a factor lies.
template <int kWidth, int kTerms, int kThreads, Lies kLies>
using Panel =
    std::conditional_t<kLies == Lies::kByLine,
                       TurningPanel<kWidth, kTerms, kThreads>,
                       StraightPanel<kWidth, kTerms, kThreads,
                                     kLies == Lies::kByTermInFours ? 4 : 1>>;

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
