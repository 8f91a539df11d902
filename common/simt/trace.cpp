#include "common/simt/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <numeric>

#include "common/simt/microscope.hpp"
#include "common/simt/recording.hpp"

namespace cnn::simt {
namespace {

std::uint64_t interval = 0;  // never the same number twice

constexpr std::size_t kWordBytes = 4;

std::string static_name(std::span<const SharedVariable> variables,
                        std::uintptr_t offset) {
  const auto after =
      std::ranges::upper_bound(variables, offset, {}, &SharedVariable::offset);
  const SharedVariable& variable = *std::prev(after);
  return fmt::format("shared memory, byte {} of {}", offset - variable.offset,
                     variable.name);
}

/// Which of the bytes of word number `word` an access touches.
unsigned bytes_of_word(std::size_t word, std::uintptr_t offset,
                       std::size_t bytes) {
  unsigned mask = 0;
  for (std::size_t byte = 0; byte < kWordBytes; ++byte) {
    const std::size_t at = word * kWordBytes + byte;
    if (at >= offset && at < offset + bytes) mask |= 1U << byte;
  }
  return mask;
}

/// What one instruction of a GPU reads or writes of a struct. The compiler
/// knows where it has put an array in shared memory, and takes up to 16 bytes
/// at once where the place allows; of an address in global memory it knows only
/// what the type says: here, that a float may lie there, or less.
std::size_t member_bytes(std::size_t bytes, std::uintptr_t place, bool shared) {
  return std::gcd(std::gcd(bytes, place), shared ? 16 : sizeof(float));
}

}  // namespace

std::unique_ptr<Trace> Trace::begin(const Grid& grid) {
  return std::unique_ptr<Trace>(tracing() ? new Trace(grid) : nullptr);
}

Trace::Trace(const Grid& grid)
    : grid_(grid),
      variables_(shared_variables()),
      thread_variables_(thread_variables()),
      recording_(Recording::of(grid)),
      counting_(Microscope::active() != nullptr) {
  era_.first_of_launch = ++interval;
  if (!variables_.empty()) {
    const SharedVariable& last = variables_.back();
    static_shadow_.resize((last.offset + last.bytes) / kWordBytes + 1);
  }
  dynamic_shadow_.resize((grid.shared_bytes + kWordBytes - 1) / kWordBytes);
}

void Trace::begin_block(const Block& block) {
  era_.first_of_block = ++interval;
  events_.resize(block.threads().size());
  for (auto& events : events_) events.clear();
}

void Trace::next_interval() {
  ++interval;
}

void Trace::end_block(const Block& block) {
  if (!listening()) return;
  replay(events_, counts_,
         [&](std::size_t warp, std::span<const Event* const> lanes) {
           if (recording_ != nullptr) recording_->add(block, warp, lanes);
         });
  if (recording_ != nullptr) recording_->end_block();
}

void Trace::end() {
  if (counting_) Microscope::active()->add(grid_, counts_);
}

Trace::Target Trace::locate_shared(std::uintptr_t address, std::size_t bytes) {
  const auto begin = reinterpret_cast<std::uintptr_t>(thread_variables_.data());
  const std::uintptr_t offset = address - begin;
  Target target;
  const auto after =
      std::ranges::upper_bound(variables_, offset, {}, &SharedVariable::offset);
  if (after == variables_.begin()) return target;
  const SharedVariable& variable = *std::prev(after);
  if (offset + bytes > variable.offset + variable.bytes) return target;
  target.space = Target::Space::kShared;
  target.offset = offset;
  target.in_array = offset - variable.offset;
  target.shadow = static_shadow_;
  target.name = [](const Trace& trace, std::uintptr_t at) {
    return static_name(trace.variables_, at);
  };
  return target;
}

Trace::Target Trace::locate(const Block& block, std::uintptr_t address,
                            std::size_t bytes) {
  const auto lies_in = [&](const void* begin, std::size_t size) {
    return address - reinterpret_cast<std::uintptr_t>(begin) < size;
  };
  if (block.stacks().contains(address)) return {};
  if (lies_in(thread_variables_.data(), thread_variables_.size())) {
    return locate_shared(address, bytes);
  }
  Target target;
  const auto zone = block.stacks().shared_zone();
  if (lies_in(zone.data(), zone.size())) {
    const auto shared = block.dynamic_shared();
    target.dynamic = true;
    target.offset = address - reinterpret_cast<std::uintptr_t>(shared.data());
    target.in_array = target.offset;
    const bool inside = target.offset + bytes <= shared.size() &&
                        lies_in(shared.data(), shared.size());
    target.space = inside ? Target::Space::kShared : Target::Space::kOutside;
    target.shadow = dynamic_shadow_;
    target.name = [](const Trace&, std::uintptr_t at) {
      return fmt::format("dynamic shared memory, byte {}", at);
    };
    return target;
  }
  if (last_allocation_ == nullptr ||
      address - last_allocation_->begin >= last_allocation_->bytes) {
    last_allocation_ = find_allocation(address);
  }
  if (last_allocation_ != nullptr) {
    target.offset = address - last_allocation_->begin;
    target.in_array = target.offset;
    target.space = target.offset + bytes <= last_allocation_->bytes
                       ? Target::Space::kGlobal
                       : Target::Space::kOutside;
    target.shadow = last_allocation_->shadow;
    target.name = [](const Trace& trace, std::uintptr_t at) {
      return fmt::format("global memory, byte {} of an allocation of {}", at,
                         trace.last_allocation_->bytes);
    };
    return target;
  }
  // Constants lie in the program; parameters where the launch put them.
  if (lies_in(grid_.arguments, grid_.argument_bytes) ||
      (address >= image().begin && address < image().end)) {
    return target;
  }
  target.space = Target::Space::kOutside;
  return target;
}

void Trace::note(Block& block, const Access& access) {
  const Target target = locate(block, access.address, access.bytes);
  if (target.space == Target::Space::kUntraced) return;
  if (target.space == Target::Space::kOutside) {
    outside(block, access.address, access.bytes, access.kind, access.caller);
  }
  check(block, target, access.bytes, access.kind, access.caller);
  if (listening()) keep(block, access, target);
}

void Trace::keep(Block& block, const Access& access, const Target& target) {
  const Thread& thread = *block.running();
  const bool shared = target.space == Target::Space::kShared;
  const auto space = !shared          ? Event::Space::kGlobal
                     : target.dynamic ? Event::Space::kDynamic
                                      : Event::Space::kShared;
  Event event;
  event.caller = access.caller;
  event.address = shared ? target.offset : access.address;
  event.meetings = thread.meetings;
  event.space = space;
  event.kind = access.kind;
  event.arrival = access.arrival;
  if (access.copied_to) {
    event.copied_to = locate(block, *access.copied_to, access.bytes).in_array;
  }
  std::size_t once = access.bytes;
  if (access.members) once = member_bytes(once, target.in_array, shared);
  event.bytes = static_cast<std::uint16_t>(once);
  for (std::size_t done = 0; done < access.bytes; done += once) {
    events_[thread.number].push_back(event);
    event.address += once;
  }
}

void Trace::note_turn(Block& block, const void* caller) {
  if (!listening()) return;
  const Thread& thread = *block.running();
  events_[thread.number].push_back(
      {caller, 0, thread.meetings, 0, Event::Space::kNone, AccessKind::kRead});
}

void Trace::check(Block& block, const Target& target, std::size_t bytes,
                  AccessKind kind, const void* caller) {
  const Thread& thread = *block.running();
  Stamp now;
  now.interval = interval;
  now.warp_interval = thread.warp_interval;
  now.thread = static_cast<std::uint16_t>(thread.number);
  now.atomic = kind == AccessKind::kAtomic;
  now.caller = caller;
  const bool shared = target.space == Target::Space::kShared;
  const std::size_t last = (target.offset + bytes - 1) / kWordBytes;
  for (std::size_t i = target.offset / kWordBytes; i <= last; ++i) {
    if (target.shadow.size() <= i) return;  // allocated before tracing began
    ShadowWord& word = target.shadow[i];
    if (shared && word.owner != era_.first_of_block) {
      word = {};
      word.owner = era_.first_of_block;
    }
    now.bytes =
        static_cast<std::uint8_t>(bytes_of_word(i, target.offset, bytes));
    const Suspicion suspicion = examine(word, kind, now, era_);
    if (suspicion.kind != Suspicion::Kind::kNone) {
      suspect(block, suspicion, target, kind, caller);
    }
    if (counting_ && !shared) count_distinct(word, now.bytes, kind);
  }
}

void Trace::count_distinct(ShadowWord& word, unsigned bytes, AccessKind kind) {
  if (word.launch != era_.first_of_launch) {
    word.launch = era_.first_of_launch;
    word.read_here = 0;
    word.written_here = 0;
  }
  const auto add = [&](std::uint8_t& seen, std::int64_t& count) {
    count += std::popcount(bytes & ~unsigned{seen});
    seen = static_cast<std::uint8_t>(seen | bytes);
  };
  if (kind != AccessKind::kWrite) {
    add(word.read_here, counts_.distinct_bytes_read);
  }
  if (kind != AccessKind::kRead) {
    add(word.written_here, counts_.distinct_bytes_written);
  }
}

}  // namespace cnn::simt
