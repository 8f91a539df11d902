#include "common/simt/block.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <string>

#include "common/simt/access.hpp"
#include "common/simt/fault.hpp"
#include "common/simt/symbols.hpp"
#include "common/simt/trace.hpp"

// NOLINTBEGIN(readability-identifier-naming): these names are CUDA's
constinit thread_local uint3 threadIdx{};
constinit thread_local uint3 blockIdx{};
constinit thread_local dim3 blockDim{};
constinit thread_local dim3 gridDim{};
// NOLINTEND(readability-identifier-naming)

namespace cnn::simt {
namespace {

thread_local Block* current_block = nullptr;

unsigned bit(const Thread& thread) {
  return 1U << thread.number % kLanes;
}

bool same_place(const Thread& a, const Thread& b) {
  return a.meeting == b.meeting && a.mask == b.mask &&
         a.place.line == b.place.line &&
         std::strcmp(a.place.file, b.place.file) == 0 &&
         std::strcmp(a.function, b.function) == 0;
}

/// So that nobody takes what the block before left behind for its own.
void spoil_shared_variables() {
  std::byte* const begin = thread_variables().data();
  for (const SharedVariable& variable : shared_variables()) {
    std::memset(begin + variable.offset, 0xff, variable.bytes);
  }
}

}  // namespace

Block::Block(const Grid& grid, Trace* trace)
    : grid_(grid),
      trace_(trace),
      stacks_(Stacks::borrow()),
      threads_(std::size_t{grid.threads.x} * grid.threads.y * grid.threads.z) {
  const dim3& size = grid.threads;
  for (unsigned i = 0; i < threads_.size(); ++i) {
    threads_[i].number = i;
    threads_[i].index = {i % size.x, i / size.x % size.y, i / size.x / size.y};
  }
  current_block = this;
}

Block::~Block() {
  current_block = nullptr;
  Stacks::give_back(std::move(stacks_));
}

Block* Block::current() {
  return current_block;
}

std::span<std::byte> Block::dynamic_shared() const {
  return stacks_->shared();
}

void Block::prepare(const dim3& index) {
  index_ = index;
  at_barrier_ = 0;
  ended_ = 0;
  spoil_shared_variables();
  stacks_->prepare_shared(grid_.shared_bytes);
  for (Thread& thread : threads_) {
    thread.state = Thread::State::kReady;
    thread.meetings = 0;
    thread.warp_interval = 0;
    thread.pending.clear();
    thread.committed_groups = 0;
    thread.off_the_record = false;
    thread.fiber.start(stacks_->stack(thread.number), &run_thread, &thread);
  }
  blockIdx = {index.x, index.y, index.z};
  blockDim = grid_.threads;
  gridDim = grid_.blocks;
  if (trace_ != nullptr) trace_->begin_block(*this);
}

std::optional<RawFault> Block::run(const dim3& index) {
  prepare(index);
  while (!fault_ && ended_ < threads_.size()) {
    if (take_turns() || fault_) continue;
    fault_ = divergence();
  }
  if (!fault_ && stacks_->shared_overrun()) {
    fault_.emplace();
    fault_->kind = static_cast<int>(FaultKind::kGuardZone);
    fault_->what =
        "something was written beyond the end of dynamic shared "
        "memory, which has " +
        std::to_string(grid_.shared_bytes) + " bytes";
    fault_->advice = "Compare the launch's shared_bytes with the largest index";
  }
  if (trace_ != nullptr && !fault_) trace_->end_block(*this);
  return fault_;
}

/// False when nobody could go on.
bool Block::take_turns() {
  bool somebody = false;
  const std::size_t count = threads_.size();
  for (std::size_t turn = 0; turn < count && !fault_; ++turn) {
    Thread& thread =
        threads_[grid_.order == Order::kForward ? turn : count - 1 - turn];
    if (thread.state != Thread::State::kReady) continue;
    somebody = true;
    resume(thread);
    if (!fault_) after_turn(thread);
  }
  return somebody;
}

void Block::resume(Thread& thread) {
  running_ = &thread;
  threadIdx = thread.index;
  thread.fiber.resume();
  running_ = nullptr;
}

/// Somebody who came, or who ended, may be the last that others waited for.
void Block::after_turn(Thread& thread) {
  if (stacks_->overflowed(thread.number)) {
    fault_.emplace();
    fault_->kind = static_cast<int>(FaultKind::kStackOverflow);
    fault_->thread = static_cast<int>(thread.number);
    fault_->what = "its local variables are too large for the emulator";
    fault_->advice = "Look for large local arrays, or for a recursion";
  } else if (thread.state == Thread::State::kEnded) {
    ++ended_;
    finish_warp_meetings(warp_of(thread));
  } else if (at_barrier_ == threads_.size()) {
    finish_block_meeting();
  }
}

void Block::run_thread(void* argument) {
  Block& block = *current_block;
  Thread& thread = *static_cast<Thread*>(argument);
  try {
    block.grid_.call(block.grid_.arguments);
  } catch (const std::exception& error) {
    const OffTheRecord own_code;
    block.fault_.emplace();
    block.fault_->kind = static_cast<int>(FaultKind::kException);
    block.fault_->thread = static_cast<int>(thread.number);
    block.fault_->what = std::string("it threw: ") + error.what();
    block.fault_->advice = "There are no exceptions on a GPU";
  }
  thread.state = Thread::State::kEnded;
}

std::uint64_t Block::meet(Meeting meeting, unsigned mask, std::uint64_t value,
                          int source, const char* function, Place place) {
  Thread& thread = *running_;
  thread.meeting = meeting;
  thread.mask = mask;
  thread.value = value;
  thread.source = source;
  thread.function = function;
  thread.place = place;
  thread.state = Thread::State::kWaiting;
  ++thread.meetings;
  if (meeting == Meeting::kBlockBarrier) {
    ++at_barrier_;
    thread.fiber.pause();
  } else {
    finish_warp_meetings(warp_of(thread));
    if (thread.state == Thread::State::kWaiting) thread.fiber.pause();
  }
  return thread.value;
}

void Block::fail(RawFault fault) {
  const OffTheRecord own_code;
  fault_ = std::move(fault);
  for (;;) running_->fiber.pause();
}

std::span<Thread> Block::warp_of(const Thread& thread) {
  const std::size_t first = thread.number / kLanes * kLanes;
  const std::size_t count =
      std::min<std::size_t>(kLanes, threads_.size() - first);
  return std::span(threads_).subspan(first, count);
}

/// Lets those lanes go on who wait for nobody any more.
void Block::finish_warp_meetings(std::span<Thread> warp) {
  unsigned alive = 0;
  unsigned waiting = 0;
  for (const Thread& lane : warp) {
    if (lane.state != Thread::State::kEnded) alive |= bit(lane);
    if (lane.state == Thread::State::kWaiting &&
        lane.meeting != Meeting::kBlockBarrier) {
      waiting |= bit(lane);
    }
  }
  for (const Thread& first : warp) {
    const unsigned wanted = first.mask & alive;
    if ((waiting & bit(first)) == 0 || (wanted & ~waiting) != 0) continue;
    const bool all = std::ranges::all_of(warp, [&](const Thread& lane) {
      return (wanted & bit(lane)) == 0 || same_place(first, lane);
    });
    if (!all) continue;

    unsigned votes = 0;
    std::array<std::uint64_t, kLanes> brought{};
    brought.fill(~std::uint64_t{0});
    for (const Thread& lane : warp) {
      if ((wanted & bit(lane)) == 0) continue;
      brought.at(lane.number % kLanes) = lane.value;
      if (lane.value != 0) votes |= bit(lane);
    }
    for (Thread& lane : warp) {
      if ((wanted & bit(lane)) == 0) continue;
      lane.value = lane.meeting == Meeting::kShuffle
                       ? brought.at(static_cast<unsigned>(lane.source) % kLanes)
                       : votes;
      if (lane.meeting == Meeting::kWarpBarrier) ++lane.warp_interval;
      lane.state = Thread::State::kReady;
    }
    waiting &= ~wanted;
  }
}

/// All are at a barrier; if it is the same one, they may go on.
void Block::finish_block_meeting() {
  const Thread& first = threads_.front();
  std::uint64_t count = 0;
  for (const Thread& thread : threads_) {
    if (!same_place(first, thread)) return;
    count += thread.value;
  }
  for (Thread& thread : threads_) {
    thread.value = count;
    thread.state = Thread::State::kReady;
  }
  at_barrier_ = 0;
  if (trace_ != nullptr) trace_->next_interval();
}

// ---------------------------------------------------------------------------

int meet_block(bool predicate, const char* function, Place place) {
  return static_cast<int>(Block::current()->meet(
      Meeting::kBlockBarrier, 0, predicate ? 1 : 0, 0, function, place));
}

std::uint64_t meet_warp(Meeting meeting, unsigned mask, std::uint64_t value,
                        int source, const char* function, Place place) {
  return Block::current()->meet(meeting, mask, value, source, function, place);
}

void* dynamic_shared() {
  return Block::current()->dynamic_shared().data();
}

int lane() {
  return static_cast<int>(Block::current()->running()->number % kLanes);
}

}  // namespace cnn::simt
