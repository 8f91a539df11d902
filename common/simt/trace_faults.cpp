// What a trace finds wrong with an access, in words.
#include <fmt/format.h>

#include <cstddef>

#include "common/simt/fault.hpp"
#include "common/simt/trace.hpp"

namespace cnn::simt {
namespace {

const char* verb(AccessKind kind) {
  switch (kind) {
    case AccessKind::kRead:
      return "reads";
    case AccessKind::kWrite:
      return "writes";
    case AccessKind::kAtomic:
      break;
  }
  return "updates";
}

}  // namespace

void Trace::suspect(Block& block, const Suspicion& suspicion,
                    const Target& target, AccessKind kind,
                    const void* caller) const {
  RawFault fault;
  fault.thread = static_cast<int>(block.running()->number);
  fault.caller = caller;
  const std::string what =
      fmt::format("{} {}", verb(kind), target.name(*this, target.offset));
  if (suspicion.kind == Suspicion::Kind::kUnwritten) {
    fault.kind = static_cast<int>(FaultKind::kUninitialised);
    fault.what = what + ", where nothing has been written yet";
    fault.advice =
        "Look for elements that no thread fills, such as the edge of a tile, "
        "or for a copy that was not waited for";
    block.fail(std::move(fault));
  }
  fault.other_caller = suspicion.other.caller;
  const char* before = suspicion.other_wrote ? "written" : "read";
  if (suspicion.kind == Suspicion::Kind::kRaceBetweenBlocks) {
    fault.kind = static_cast<int>(FaultKind::kRaceBetweenBlocks);
    fault.what = fmt::format("{}, which another block has {}", what, before);
    fault.advice =
        "Blocks run in any order, also at the same time: give each its own "
        "elements, use an atomic, or a second launch";
  } else {
    fault.kind = static_cast<int>(FaultKind::kRace);
    fault.other_thread = suspicion.other.thread;
    fault.what =
        fmt::format("{}, which was {} since the last barrier", what, before);
    fault.advice =
        "Threads run in any order between two barriers: is a __syncthreads() "
        "missing between the two lines, or do two threads get the same index?";
  }
  block.fail(std::move(fault));
}

void Trace::outside(Block& block, std::uintptr_t address, std::size_t bytes,
                    AccessKind kind, const void* caller) const {
  RawFault fault;
  fault.thread = static_cast<int>(block.running()->number);
  fault.caller = caller;
  fault.kind = static_cast<int>(FaultKind::kOutOfBounds);
  const auto signed_distance = [&](const void* begin) {
    return static_cast<std::ptrdiff_t>(address -
                                       reinterpret_cast<std::uintptr_t>(begin));
  };
  const auto zone = block.stacks().shared_zone();
  const auto shared = block.dynamic_shared();
  constexpr std::ptrdiff_t kNear = 256;
  const Allocation* near = nearest_allocation(address);
  if (signed_distance(zone.data()) >= 0 &&
      signed_distance(zone.data()) < std::ssize(zone)) {
    fault.what = fmt::format(
        "{} {} bytes from byte {} of dynamic shared memory, which has {}",
        verb(kind), bytes, signed_distance(shared.data()), shared.size());
    fault.advice = "Compare the launch's shared_bytes with the largest index";
    block.fail(std::move(fault));
  }
  const std::ptrdiff_t from =
      near == nullptr ? kNear
                      : static_cast<std::ptrdiff_t>(address - near->begin);
  if (from > -kNear &&
      from < static_cast<std::ptrdiff_t>(near ? near->bytes : 0) + kNear) {
    fault.what = fmt::format("{} {} bytes from byte {} of an allocation of {}",
                             verb(kind), bytes, from, near->bytes);
    fault.advice =
        "Look for an index that is not compared with the size, as in the last "
        "block or at the edge of a picture";
  } else {
    fault.kind = static_cast<int>(FaultKind::kIllegalAddress);
    fault.what = fmt::format("{} {} bytes at 0x{:x}, which is no device memory",
                             verb(kind), bytes, address);
    fault.advice =
        "Look for a pointer to host memory, or a buffer that is already freed";
  }
  block.fail(std::move(fault));
}

}  // namespace cnn::simt
