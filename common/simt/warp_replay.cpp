#include "common/simt/warp_replay.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <span>
#include <tuple>

namespace cnn::simt {
namespace {

constexpr std::size_t kLanesOfWarp = 32;
constexpr std::uintptr_t kSectorBytes = 32;
constexpr std::uintptr_t kLineBytes = 128;
constexpr std::uintptr_t kWordBytes = 4;
constexpr std::size_t kBanks = 32;

using Request = std::vector<const Event*>;  // of the lanes that take part

/// How many different ones there are.
std::int64_t distinct(std::vector<std::uintptr_t>& values) {
  std::ranges::sort(values);
  return std::unique(values.begin(), values.end()) - values.begin();
}

/// Numbers of the `size`-byte pieces that an access touches.
void add_pieces(const Event& event, std::uintptr_t size,
                std::vector<std::uintptr_t>& pieces) {
  const std::uintptr_t last = (event.address + event.bytes - 1) / size;
  for (auto piece = event.address / size; piece <= last; ++piece) {
    pieces.push_back(piece);
  }
}

std::int64_t sectors(std::span<const Event* const> request) {
  std::vector<std::uintptr_t> touched;
  for (const Event* event : request) {
    add_pieces(*event, kSectorBytes, touched);
  }
  return distinct(touched);
}

/// An asynchronous copy of 16 bytes a lane passes by the first-level cache, and
/// is served a line of 128 bytes at a time: as many sectors as the line's lanes
/// touch, on the side where they touch more. A line that goes to shared memory
/// 16 bytes behind a multiple of 32 counts as five, not four. NVIDIA does not
/// say so: it is what an H200's counters show.
std::int64_t copied_sectors(std::span<const Event* const> request) {
  struct Line {
    std::vector<std::uintptr_t> from;
    std::vector<std::uintptr_t> to;
  };
  std::map<std::uintptr_t, Line> lines;
  for (const Event* event : request) {
    Line& line = lines[event->address / kLineBytes];
    Event arrival = *event;
    arrival.address = *event->copied_to;
    add_pieces(*event, kSectorBytes, line.from);
    add_pieces(arrival, kSectorBytes, line.to);
  }
  std::int64_t sum = 0;
  for (auto& [number, line] : lines) {
    sum += std::max(distinct(line.from), distinct(line.to));
  }
  return sum;
}

/// The most different words that one bank has to give.
std::int64_t wavefronts(std::span<const Event* const> request) {
  std::vector<std::uintptr_t> words;
  for (const Event* event : request) add_pieces(*event, kWordBytes, words);
  words.resize(static_cast<std::size_t>(distinct(words)));
  std::array<std::int64_t, kBanks> load{};
  for (const std::uintptr_t word : words) ++load[word % kBanks];
  return *std::ranges::max_element(load);
}

/// Whether all lanes want the same as those so far away from them.
bool paired(std::span<const Event* const> lanes, std::size_t away) {
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    const Event* one = lanes[lane];
    const Event* other = lanes[lane ^ away];
    if (one == nullptr || other == nullptr) continue;
    if (one->address != other->address) return false;
  }
  return true;
}

/// Passes of each part of a warp that is served at once.
using Passes = std::vector<std::int64_t>;

Passes passes_by(std::size_t step, std::span<const Event* const> lanes) {
  Passes passes;
  for (std::size_t lane = 0; lane < lanes.size(); lane += step) {
    Request part;
    for (const Event* event : lanes.subspan(lane, step)) {
      if (event != nullptr) part.push_back(event);
    }
    if (!part.empty()) passes.push_back(wavefronts(part));
  }
  return passes;
}

/// 4 bytes a lane are served for the whole warp at once, 8 for half of it, 16
/// for a quarter; or for half of it, where lanes share what they load and that
/// is faster. NVIDIA does not say so: it is what an H200's counters show.
Passes passes_of(const Event& event, std::span<const Event* const> lanes) {
  constexpr std::size_t kHalf = kLanesOfWarp / 2;
  if (event.bytes <= 4) return passes_by(kLanesOfWarp, lanes);
  if (event.bytes <= 8) return passes_by(kHalf, lanes);
  Passes all;
  for (std::size_t first = 0; first < kLanesOfWarp; first += kHalf) {
    const auto half = lanes.subspan(first, kHalf);
    Passes passes = passes_by(kHalf / 2, half);
    const bool load = event.kind == AccessKind::kRead;
    if (load && (paired(half, 1) || paired(half, 2))) {
      const Passes together = passes_by(kHalf, half);
      if (std::reduce(together.begin(), together.end()) <
          std::reduce(passes.begin(), passes.end())) {
        passes = together;
      }
    }
    all.insert(all.end(), passes.begin(), passes.end());
  }
  return all;
}

AccessCounts& kind_of(MemoryCounts& counts, const Event& event) {
  const bool shared = event.space != Event::Space::kGlobal;
  switch (event.kind) {
    case AccessKind::kRead:
      return shared ? counts.shared_load : counts.global_load;
    case AccessKind::kWrite:
      return shared ? counts.shared_store : counts.global_store;
    case AccessKind::kAtomic:
      break;
  }
  return shared ? counts.shared_atomic : counts.global_atomic;
}

void count(std::span<const Event* const> lanes, LaunchCounts& counts) {
  Request request;
  for (const Event* event : lanes) {
    if (event != nullptr) request.push_back(event);
  }
  const Event& first = *request.front();
  AccessCounts& kind = kind_of(counts.by_caller[first.caller], first);
  ++kind.requests;
  if (first.arrival) ++kind.arrivals;
  for (const Event* event : request) kind.bytes += event->bytes;
  if (first.space == Event::Space::kGlobal) {
    kind.sectors +=
        first.copied_to ? copied_sectors(request) : sectors(request);
    return;
  }
  for (const std::int64_t passes : passes_of(first, lanes)) {
    kind.wavefronts += passes;
    kind.conflicts += passes - 1;
    if (!first.arrival) continue;
    kind.arrival_wavefronts += passes;
    kind.arrival_conflicts += passes - 1;
  }
}

/// Which instruction comes first: before a meeting all come before what comes
/// after it; otherwise the one that lies first in the code, so that lanes which
/// left a branch early wait for those still in it.
auto order(const Event& event) {
  return std::tuple(event.meetings,
                    reinterpret_cast<std::uintptr_t>(event.caller), event.space,
                    event.kind, event.bytes);
}

void replay_warp(
    std::span<const std::vector<Event>> threads,
    const std::function<void(std::span<const Event* const>)>& request) {
  std::array<std::size_t, kLanesOfWarp> next{};
  for (;;) {
    const Event* first = nullptr;
    for (std::size_t lane = 0; lane < threads.size(); ++lane) {
      if (next[lane] == threads[lane].size()) continue;
      const Event& event = threads[lane][next[lane]];
      if (first == nullptr || order(event) < order(*first)) first = &event;
    }
    if (first == nullptr) return;
    std::array<const Event*, kLanesOfWarp> lanes{};
    for (std::size_t lane = 0; lane < threads.size(); ++lane) {
      if (next[lane] == threads[lane].size()) continue;
      const Event& event = threads[lane][next[lane]];
      if (order(event) != order(*first)) continue;
      lanes[lane] = &event;
      ++next[lane];
    }
    if (first->space != Event::Space::kNone) request(lanes);
  }
}

}  // namespace

void replay(const std::vector<std::vector<Event>>& events, LaunchCounts& counts,
            const RequestListener& listener) {
  const std::span<const std::vector<Event>> all = events;
  for (std::size_t first = 0; first < all.size(); first += kLanesOfWarp) {
    replay_warp(all.subspan(first, std::min(kLanesOfWarp, all.size() - first)),
                [&](std::span<const Event* const> lanes) {
                  count(lanes, counts);
                  if (listener) listener(first / kLanesOfWarp, lanes);
                });
  }
}

}  // namespace cnn::simt
