/// @file
/// From what each thread did to what each warp asked of the memory: the 32
/// lanes of a warp step through the code together, and one instruction of all
/// of them is one request.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "common/simt/access.hpp"
#include "common/simt/microscope.hpp"

namespace cnn::simt {

/// What one thread did: an access, or a turn in the code.
struct Event {
  enum class Space : std::uint8_t { kNone, kGlobal, kShared, kDynamic };
  const void* caller = nullptr;
  std::uintptr_t address = 0;  ///< in shared memory, from some begin
  std::uint32_t meetings = 0;  ///< that the thread had been at
  std::uint16_t bytes = 0;
  Space space = Space::kNone;
  AccessKind kind = AccessKind::kRead;
  bool arrival = false;  ///< what an asynchronous copy brings
  /// Where in shared memory an asynchronous copy of 16 bytes takes what it
  /// reads.
  std::optional<std::uintptr_t> copied_to = {};
};

/// Of one launch, by place in the code.
struct LaunchCounts {
  std::map<const void*, MemoryCounts> by_caller;
  std::int64_t distinct_bytes_read = 0;
  std::int64_t distinct_bytes_written = 0;
};

/// Hears of each request: which warp's, and the event of each of its lanes,
/// null for those that take no part.
using RequestListener =
    std::function<void(std::size_t warp, std::span<const Event* const> lanes)>;

/// Adds the requests of a block; `events` holds those of each of its threads.
void replay(const std::vector<std::vector<Event>>& events, LaunchCounts& counts,
            const RequestListener& listener = {});

}  // namespace cnn::simt
