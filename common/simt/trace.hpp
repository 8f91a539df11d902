/// @file
/// Every memory access of a launch, as the hooks report it: checked at once,
/// and kept until its block is done for the microscope.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "common/simt/access.hpp"
#include "common/simt/block.hpp"
#include "common/simt/device_memory.hpp"
#include "common/simt/shadow.hpp"
#include "common/simt/symbols.hpp"
#include "common/simt/warp_replay.hpp"

namespace cnn::simt {

class Recording;

/// An access, as a hook reports it.
struct Access {
  std::uintptr_t address = 0;
  std::size_t bytes = 0;
  AccessKind kind = AccessKind::kRead;
  const void* caller = nullptr;
  bool arrival = false;  ///< what an asynchronous copy brings
  bool members = false;  ///< of a struct, one after the other
  /// Where in shared memory an asynchronous copy of 16 bytes goes.
  std::optional<std::uintptr_t> copied_to = {};
};

class Trace {
 public:
  /// Null where accesses are not traced.
  static std::unique_ptr<Trace> begin(const Grid& grid);

  void begin_block(const Block& block);
  /// All have met at a barrier.
  void next_interval();
  void end_block(const Block& block);
  /// Hands the counts to the microscope, if there is one.
  void end();

  /// An access by the running thread; does not return when it is a fault.
  void note(Block& block, const Access& access);
  void note_turn(Block& block, const void* caller);

 private:
  /// Somebody wants to know more than whether all is well.
  bool listening() const { return counting_ || recording_ != nullptr; }

  /// Where an access goes, and the memory of what happened there.
  struct Target {
    enum class Space { kUntraced, kShared, kGlobal, kOutside };
    Space space = Space::kUntraced;
    bool dynamic = false;       ///< shared memory that the launch asked for
    std::uintptr_t offset = 0;  ///< from where `shadow` begins
    /// From where its array begins: the emulator need not put that where a GPU
    /// would.
    std::uintptr_t in_array = 0;
    std::span<ShadowWord> shadow;
    std::string (*name)(const Trace&, std::uintptr_t offset) = nullptr;
  };

  explicit Trace(const Grid& grid);
  Target locate(const Block& block, std::uintptr_t address, std::size_t bytes);
  void keep(Block& block, const Access& access, const Target& target);
  Target locate_shared(std::uintptr_t address, std::size_t bytes);
  void check(Block& block, const Target& target, std::size_t bytes,
             AccessKind kind, const void* caller);
  void count_distinct(ShadowWord& word, unsigned bytes, AccessKind kind);
  [[noreturn]] void suspect(Block& block, const Suspicion& suspicion,
                            const Target& target, AccessKind kind,
                            const void* caller) const;
  [[noreturn]] void outside(Block& block, std::uintptr_t address,
                            std::size_t bytes, AccessKind kind,
                            const void* caller) const;

  const Grid& grid_;
  Era era_;
  std::span<const SharedVariable> variables_;
  std::span<std::byte> thread_variables_;
  std::vector<ShadowWord> static_shadow_;
  std::vector<ShadowWord> dynamic_shadow_;
  Allocation* last_allocation_ = nullptr;
  Recording* recording_ = nullptr;
  bool counting_ = false;
  std::vector<std::vector<Event>> events_;  // of each thread
  LaunchCounts counts_;
};

}  // namespace cnn::simt
