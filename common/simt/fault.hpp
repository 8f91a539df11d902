/// @file
/// What the emulator finds wrong with a kernel.
#pragma once

#include <stdexcept>
#include <string>

#include "common/simt/synchronise.hpp"

namespace cnn::simt {

/// What went wrong.
enum class FaultKind {
  kDivergentBarrier,   ///< not all threads came to where some wait
  kOutOfBounds,        ///< an index outside of its array
  kIllegalAddress,     ///< neither device nor shared memory
  kMisaligned,         ///< a vector at no multiple of its size
  kRace,               ///< two threads, one address, no barrier between
  kRaceBetweenBlocks,  ///< likewise, of two blocks
  kUninitialised,      ///< read before it was written
  kGuardZone,          ///< a write beyond an allocation, seen afterwards
  kStackOverflow,      ///< local arrays larger than a fiber's stack
  kException           ///< the kernel threw, which no GPU can
};

/// One finding. `text` is all of it, for people: kernel, block, thread, line,
/// what happened and what to look for.
struct Fault {
  FaultKind kind = FaultKind::kException;
  std::string kernel;
  dim3 block{0, 0, 0};
  dim3 thread{0, 0, 0};
  std::string file;  ///< empty when unknown
  int line = 0;
  std::string text;
};

/// A kernel did something wrong; thrown by the launch. On a GPU it might have
/// passed, have hung, or have failed at a later call.
class KernelFault : public std::runtime_error {
 public:
  explicit KernelFault(Fault fault)
      : std::runtime_error(fault.text), fault_(std::move(fault)) {}
  const Fault& fault() const { return fault_; }

 private:
  Fault fault_;
};

}  // namespace cnn::simt
