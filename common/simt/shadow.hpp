/// @file
/// For every word of traced memory: who touched it last, and when. Finds data
/// races and reads before the first write.
///
/// Time is counted in intervals: from one barrier of a block to the next. As
/// the blocks of a traced grid run one after the other, the number of an
/// interval tells its block and its launch, too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "common/simt/access.hpp"

namespace cnn::simt {

/// One access, as far as it is remembered.
struct Stamp {
  std::uint64_t interval = 0;       ///< 0: never
  std::uint32_t warp_interval = 0;  ///< from one __syncwarp() to the next
  std::uint16_t thread = 0;         ///< number in its block
  std::uint8_t bytes = 0;           ///< which of the word's, a bit each
  bool atomic = false;
  const void* caller = nullptr;
};

/// Two readers are kept, so that a write by one of them meets the other.
struct ShadowWord {
  Stamp write;
  Stamp read;
  Stamp other_read;
  std::uint64_t owner = 0;   ///< the block's first interval, for shared memory
  std::uint8_t written = 0;  ///< bytes that hold something
  // Bytes that this launch has touched, for the microscope.
  std::uint64_t launch = 0;
  std::uint8_t read_here = 0;
  std::uint8_t written_here = 0;
};

/// What `now` is compared with.
struct Era {
  std::uint64_t first_of_launch = 0;
  std::uint64_t first_of_block = 0;
};

/// What was found, if anything.
struct Suspicion {
  enum class Kind { kNone, kRace, kRaceBetweenBlocks, kUnwritten };
  Kind kind = Kind::kNone;
  Stamp other{};  ///< for a race: the earlier access
  bool other_wrote = false;
};

/// Compares an access with what the word remembers, then adds it.
Suspicion examine(ShadowWord& word, AccessKind kind, const Stamp& now,
                  const Era& era);

/// Marks bytes [offset, offset + bytes) as written.
void mark_written(std::span<ShadowWord> words, std::size_t offset,
                  std::size_t bytes);

}  // namespace cnn::simt
