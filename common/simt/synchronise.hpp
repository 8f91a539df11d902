/// @file
/// Where the threads of a block or a warp meet. The last two parameters are the
/// place in the source, for the report when not all of them come.
#pragma once

#include <cstdint>
#include <cstring>

#include "common/simt/language.hpp"

namespace cnn::simt {

/// A place in a source file.
struct Place {
  const char* file = "";
  int line = 0;
};

/// What threads meet for.
enum class Meeting {
  kBlockBarrier,  ///< __syncthreads() and those that count
  kWarpBarrier,   ///< __syncwarp()
  kVote,          ///< __ballot_sync() and its kind
  kShuffle        ///< __shfl_sync() and its kind
};

/// Waits for all threads of the block; returns for how many of them `predicate`
/// holds.
int meet_block(bool predicate, const char* function, Place place);

/// Waits for the lanes of `mask` that have not ended. Returns `value` of lane
/// `source` for a shuffle (all ones when that lane is not among them), the set
/// of lanes with a value other than 0 for a vote.
std::uint64_t meet_warp(Meeting meeting, unsigned mask, std::uint64_t value,
                        int source, const char* function, Place place);

/// This thread's number in its warp.
int lane();

/// A shuffle of any type of up to 8 bytes.
template <class T>
T shuffle(unsigned mask, T value, int source, const char* function,
          Place place) {
  static_assert(sizeof(T) <= sizeof(std::uint64_t));
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(T));
  bits = meet_warp(Meeting::kShuffle, mask, bits, source, function, place);
  std::memcpy(&value, &bits, sizeof(T));
  return value;
}

/// The lane that a shuffle reads when the warp is cut into groups of `width`,
/// or this lane itself when `wanted` lies outside of its group. `wanted` counts
/// from the group's first lane.
inline int lane_in_group(int wanted, int width) {
  const int first = lane() & ~(width - 1);
  return wanted >= 0 && wanted < width ? first + wanted : lane();
}

}  // namespace cnn::simt

// NOLINTBEGIN(bugprone-reserved-identifier): these names are CUDA's
// NOLINTBEGIN(readability-identifier-naming)
inline void __syncthreads(const char* file = __builtin_FILE(),
                          int line = __builtin_LINE()) {
  cnn::simt::meet_block(false, "__syncthreads()", {file, line});
}
inline int __syncthreads_count(int predicate,
                               const char* file = __builtin_FILE(),
                               int line = __builtin_LINE()) {
  return cnn::simt::meet_block(predicate != 0, "__syncthreads_count()",
                               {file, line});
}
inline int __syncthreads_or(int predicate, const char* file = __builtin_FILE(),
                            int line = __builtin_LINE()) {
  return cnn::simt::meet_block(predicate != 0, "__syncthreads_or()",
                               {file, line}) > 0;
}
inline int __syncthreads_and(int predicate, const char* file = __builtin_FILE(),
                             int line = __builtin_LINE()) {
  return cnn::simt::meet_block(predicate == 0, "__syncthreads_and()",
                               {file, line}) == 0;
}
inline void __syncwarp(unsigned mask = 0xffffffffU,
                       const char* file = __builtin_FILE(),
                       int line = __builtin_LINE()) {
  cnn::simt::meet_warp(cnn::simt::Meeting::kWarpBarrier, mask, 0, 0,
                       "__syncwarp()", {file, line});
}

/// What is running together here: only this thread, which CUDA allows; a mask
/// from it is no mask of those that took a branch.
inline unsigned __activemask() {
  return 1U << cnn::simt::lane();
}

inline unsigned __ballot_sync(unsigned mask, int predicate,
                              const char* file = __builtin_FILE(),
                              int line = __builtin_LINE()) {
  return static_cast<unsigned>(cnn::simt::meet_warp(
      cnn::simt::Meeting::kVote, mask, predicate != 0 ? 1 : 0, 0,
      "__ballot_sync()", {file, line}));
}
inline int __any_sync(unsigned mask, int predicate,
                      const char* file = __builtin_FILE(),
                      int line = __builtin_LINE()) {
  return cnn::simt::meet_warp(cnn::simt::Meeting::kVote, mask,
                              predicate != 0 ? 1 : 0, 0, "__any_sync()",
                              {file, line}) != 0;
}
inline int __all_sync(unsigned mask, int predicate,
                      const char* file = __builtin_FILE(),
                      int line = __builtin_LINE()) {
  return cnn::simt::meet_warp(cnn::simt::Meeting::kVote, mask,
                              predicate == 0 ? 1 : 0, 0, "__all_sync()",
                              {file, line}) == 0;
}

template <class T>
T __shfl_sync(unsigned mask, T value, int source, int width = warpSize,
              const char* file = __builtin_FILE(),
              int line = __builtin_LINE()) {
  const int wrapped = source & (width - 1);  // as the hardware does it
  return cnn::simt::shuffle(mask, value,
                            cnn::simt::lane_in_group(wrapped, width),
                            "__shfl_sync()", {file, line});
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                 const char* file = __builtin_FILE(),
                 int line = __builtin_LINE()) {
  const int wanted =
      (cnn::simt::lane() & (width - 1)) - static_cast<int>(delta);
  return cnn::simt::shuffle(mask, value,
                            cnn::simt::lane_in_group(wanted, width),
                            "__shfl_up_sync()", {file, line});
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = warpSize,
                   const char* file = __builtin_FILE(),
                   int line = __builtin_LINE()) {
  const int wanted =
      (cnn::simt::lane() & (width - 1)) + static_cast<int>(delta);
  return cnn::simt::shuffle(mask, value,
                            cnn::simt::lane_in_group(wanted, width),
                            "__shfl_down_sync()", {file, line});
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = warpSize,
                  const char* file = __builtin_FILE(),
                  int line = __builtin_LINE()) {
  const int own = cnn::simt::lane();
  const int wanted = own ^ lane_mask;
  // Earlier groups may be read, later ones may not: so says the PTX manual.
  const int end = (own & ~(width - 1)) + width;
  return cnn::simt::shuffle(mask, value, wanted < end ? wanted : own,
                            "__shfl_xor_sync()", {file, line});
}
// NOLINTEND(readability-identifier-naming)
// NOLINTEND(bugprone-reserved-identifier)
