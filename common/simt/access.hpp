/// @file
/// What the emulator hears of a kernel's memory accesses: every one, where the
/// kernel was compiled with hooks (course_simt(... TRACED)); otherwise only
/// atomics, which nobody looks at.
#pragma once

#include <cstddef>

namespace cnn::simt {

enum class AccessKind { kRead, kWrite, kAtomic };

/// An access of the GPU thread that runs on this CPU thread; nothing happens
/// when none does (host code), or when accesses are not traced.
/// @param caller where in the code, as a return address
void note_access(const void* address, std::size_t bytes, AccessKind kind,
                 const void* caller);
/// The same for a struct that is read or written as a whole, though not aligned
/// for that: to a GPU it is one instruction for each member.
void note_members(const void* address, std::size_t bytes, AccessKind kind,
                  const void* caller);
/// The same for what an asynchronous copy of 16 bytes reads, of which `to` is
/// the place in shared memory.
void note_wide_copy(const void* from, const void* to, std::size_t bytes,
                    const void* caller);
/// The same for what an asynchronous copy brings to shared memory.
void note_arrival(const void* address, std::size_t bytes, const void* caller);
/// The thread took a turn in the code: its accesses from here on may only be
/// grouped with those of threads that took it, too.
void note_turn(const void* caller);

/// While it lives, what the running GPU thread does is the emulator's own
/// business. The linker may have taken the kernels' copy of some std::string's
/// function, hooks and all, for the emulator's too.
class OffTheRecord {
 public:
  OffTheRecord();
  OffTheRecord(const OffTheRecord&) = delete;
  OffTheRecord& operator=(const OffTheRecord&) = delete;
  ~OffTheRecord();

 private:
  bool* flag_ = nullptr;  // of the running thread, unless it was set already
};

/// Whether this program has hooks. Then the blocks of a grid run one after the
/// other, which makes every trace the same.
bool tracing();
/// Called by the hooks themselves, before main().
void switch_tracing_on();

}  // namespace cnn::simt
