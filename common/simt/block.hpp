/// @file
/// One block: its threads, each a fiber, and the places where they meet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/simt/fiber.hpp"
#include "common/simt/stacks.hpp"
#include "common/simt/synchronise.hpp"
#include "common/simt/vector_types.hpp"

namespace cnn::simt {

class Trace;

inline constexpr int kLanes = 32;

/// In which order the threads of a block take their turns. A kernel that lacks
/// a barrier may be right in one order by luck, hardly in both.
enum class Order { kForward, kBackward };

/// What a launch runs, the same for all blocks.
struct Grid {
  dim3 blocks;
  dim3 threads;
  std::size_t shared_bytes = 0;  ///< dynamic
  const void* kernel = nullptr;
  void (*call)(const void* arguments) = nullptr;
  const void* arguments = nullptr;
  std::size_t argument_bytes = 0;
  /// The arguments that are pointers, null for others.
  std::span<const void* const> pointers{};
  Order order = Order::kForward;
};

/// A copy to shared memory that has not been waited for.
struct PendingCopy {
  void* to = nullptr;
  std::size_t bytes = 0;
  unsigned char value[16] = {};
  const void* caller = nullptr;
  std::size_t group = 0;
};

/// A GPU thread.
struct Thread {
  enum class State { kReady, kWaiting, kEnded };
  State state = State::kReady;
  unsigned number = 0;  ///< in its block, x fastest
  uint3 index{};
  // What it waits for:
  Meeting meeting{};
  unsigned mask = 0;
  std::uint64_t value = 0;  ///< brought; taken away once all have met
  int source = 0;
  const char* function = "";
  Place place;
  std::uint32_t meetings = 0;       ///< that it has been at
  std::uint32_t warp_interval = 0;  ///< __syncwarp() it has been at
  std::vector<PendingCopy> pending;
  std::size_t committed_groups = 0;
  bool off_the_record = false;  ///< runs the emulator's own code
  Fiber fiber;
};

/// What went wrong, in numbers; put into words when all fibers are at rest.
struct RawFault {
  int kind = 0;  // FaultKind
  int thread = -1;
  Place place;
  const void* caller = nullptr;  ///< instead of a place
  int other_thread = -1;
  const void* other_caller = nullptr;
  std::string what;
  std::string advice;
};

/// Runs blocks, one after the other, on the CPU thread that it was made on.
class Block {
 public:
  explicit Block(const Grid& grid, Trace* trace);
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block();

  /// All threads of one block to their ends; or what went wrong.
  std::optional<RawFault> run(const dim3& index);

  /// The block that runs on this CPU thread, and its thread that does.
  static Block* current();
  Thread* running() { return running_; }
  const Grid& grid() const { return grid_; }
  const dim3& index() const { return index_; }
  Trace* trace() { return trace_; }
  std::span<Thread> threads() { return threads_; }
  std::span<const Thread> threads() const { return threads_; }
  const Stacks& stacks() const { return *stacks_; }
  std::span<std::byte> dynamic_shared() const;

  /// For the running thread: waits until all have come.
  std::uint64_t meet(Meeting meeting, unsigned mask, std::uint64_t value,
                     int source, const char* function, Place place);
  /// For the running thread: it will never go on.
  [[noreturn]] void fail(RawFault fault);

 private:
  static void run_thread(void* argument);
  void prepare(const dim3& index);
  bool take_turns();
  void resume(Thread& thread);
  void after_turn(Thread& thread);
  std::span<Thread> warp_of(const Thread& thread);
  void finish_warp_meetings(std::span<Thread> warp);
  void finish_block_meeting();
  RawFault divergence() const;

  const Grid& grid_;
  Trace* trace_;
  dim3 index_;
  std::unique_ptr<Stacks> stacks_;
  std::vector<Thread> threads_;
  Thread* running_ = nullptr;
  std::size_t at_barrier_ = 0;
  std::size_t ended_ = 0;
  std::optional<RawFault> fault_;
};

}  // namespace cnn::simt
