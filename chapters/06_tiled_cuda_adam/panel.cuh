// region quiet: includes
#pragma once

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
  kByFours  ///< the same, and four of them can be copied at once
};
// endregion

// region panel
/// Copies one factor's tiles into shared memory, where they lie term by term.
/// What a thread copies lies at fixed offsets from a pointer that moves on from
/// tile to tile. Lines beyond the last one are replaced by it: what comes of
/// them is never written, and nobody has to ask about them again.
template <int kWidth, int kTerms, int kThreads, Lies kLies>
class Panel {
 public:
  /// From one term to the next in shared memory. What is turned gets 4 more:
  /// the 4 lines of 8 terms that a warp writes lie in 32 banks.
  static constexpr int kPitch = kLies == Lies::kByLine ? kWidth + 4 : kWidth;
  static constexpr int kFloats = kTerms * kPitch;

  /// @param matrix the factor's first element
  /// @param step elements from one row to the next, as it lies in memory
  /// @param first the first line of the tile
  /// @param count how many lines there are
  /// @param term the first term
  __device__ Panel(const float* matrix, int step, int first, int count,
                   int term) {
    const int thread = static_cast<int>(threadIdx.x);
    if constexpr (kLies == Lies::kByLine) {
      term_ = thread % kRun;
      place_ = term_ * kPitch + thread / kRun;
      matrix_ = matrix + term;
      for (int i = 0; i < kLines; ++i) {
        const int line = first + thread / kRun + i * (kThreads / kRun);
        offsets_[i] = min(line, count - 1) * step + term_;
      }
      next_tile_ = kTerms;
    } else {
      term_ = thread / kPerTerm;
      const int column = thread % kPerTerm * kAtOnce;
      place_ = term_ * kPitch + column;
      matrix_ = matrix + static_cast<std::int64_t>(term) * step;
      offsets_[0] = term_ * step + min(first + column, count - kAtOnce);
      next_term_ = kThreads / kPerTerm * step;
      next_tile_ = kTerms * step;
    }
  }

  /// Sends for the next tile; terms from `left` on become 0.
  template <bool kWhole>
  __device__ void copy(float* to, int left) {
    if constexpr (kLies == Lies::kByLine) {
#pragma unroll
      for (int run = 0; run < kTerms; run += kRun)
#pragma unroll
        for (int i = 0; i < kLines; ++i) {
          float* const there =
              to + place_ + run * kPitch + i * (kThreads / kRun);
          send<1, kWhole>(there, matrix_ + offsets_[i] + run,
                          term_ + run < left);
        }
    } else {
      constexpr int kStep = kThreads / kPerTerm;
#pragma unroll
      for (int i = 0; i < kTerms / kStep; ++i) {
        send<kAtOnce, kWhole>(to + place_ + i * kStep * kPitch,
                              matrix_ + offsets_[0] + i * next_term_,
                              term_ + i * kStep < left);
      }
    }
    matrix_ += next_tile_;
  }

 private:
  template <int kFloatsAtOnce, bool kWhole>
  __device__ static void send(float* to, const float* from, bool inside) {
    constexpr int kBytes = kFloatsAtOnce * static_cast<int>(sizeof(float));
    if (kWhole || inside) {
      __pipeline_memcpy_async(to, from, kBytes);
    } else {
      __pipeline_memcpy_async(to, from, kBytes, kBytes);
    }
  }

  static constexpr int kRun = 8;  // terms side by side: 32 bytes, a sector
  static constexpr int kAtOnce = kLies == Lies::kByFours ? 4 : 1;
  static constexpr int kPerTerm = kWidth / kAtOnce;  // threads
  static constexpr int kLines =
      kLies == Lies::kByLine ? kWidth * kRun / kThreads : 1;
  static_assert(kTerms % kRun == 0);
  static_assert(kLies == Lies::kByLine
                    ? kWidth % (kThreads / kRun) == 0
                    : kThreads % kPerTerm == 0 &&
                          kTerms % (kThreads / kPerTerm) == 0);

  const float* matrix_;
  int term_;             // the first that this thread copies
  int place_;            // where to
  int offsets_[kLines];  // where from
  int next_term_ = 0;
  int next_tile_;
};
// endregion

}  // namespace CNN_GPU
}  // namespace cnn
