// Nobody in a block can go on: who waits where, in words.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "common/simt/block.hpp"
#include "common/simt/fault.hpp"

namespace cnn::simt {
namespace {

/// Threads in the same situation.
struct Group {
  const Thread* first = nullptr;
  int count = 0;
};

bool alike(const Thread& a, const Thread& b) {
  if (a.state != b.state) return false;
  if (a.state == Thread::State::kEnded) return true;
  return a.place.line == b.place.line && a.mask == b.mask &&
         std::strcmp(a.place.file, b.place.file) == 0;
}

std::vector<Group> groups(std::span<const Thread> threads) {
  std::vector<Group> found;
  for (const Thread& thread : threads) {
    const auto group = std::ranges::find_if(
        found, [&](const Group& known) { return alike(*known.first, thread); });
    if (group == found.end()) {
      found.push_back({&thread, 1});
    } else {
      ++group->count;
    }
  }
  return found;
}

std::string situation(const Group& group, std::size_t all) {
  const Thread& thread = *group.first;
  const std::string who =
      fmt::format("{} of {} threads (the first is ({},{},{}))", group.count,
                  all, thread.index.x, thread.index.y, thread.index.z);
  if (thread.state == Thread::State::kEnded) {
    return who + (group.count == 1 ? " has ended" : " have ended");
  }
  std::string where = fmt::format(
      "{}{} at {} in {}:{}", who, group.count == 1 ? " waits" : " wait",
      thread.function, thread.place.file, thread.place.line);
  if (thread.meeting != Meeting::kBlockBarrier) {
    where += fmt::format(" with mask 0x{:08x}", thread.mask);
    if ((thread.mask >> thread.number % kLanes & 1U) == 0) {
      where += ", which leaves out the thread itself";
    }
  }
  return where;
}

}  // namespace

RawFault Block::divergence() const {
  RawFault fault;
  fault.kind = static_cast<int>(FaultKind::kDivergentBarrier);
  bool of_block = false;
  for (const Group& group : groups(threads_)) {
    if (!fault.what.empty()) fault.what += "; ";
    fault.what += situation(group, threads_.size());
    if (group.first->state != Thread::State::kWaiting) continue;
    of_block |= group.first->meeting == Meeting::kBlockBarrier;
    if (fault.thread >= 0) continue;
    fault.thread = static_cast<int>(group.first->number);
    fault.place = group.first->place;
  }
  fault.advice =
      of_block
          ? "Every thread of a block has to come to the same __syncthreads(): "
            "look for a return, or a condition that depends on the thread, "
            "around it"
          : "All lanes that the mask names have to make the same call with the "
            "same mask: look for a condition around it";
  return fault;
}

}  // namespace cnn::simt
