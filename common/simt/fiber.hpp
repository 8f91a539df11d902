/// @file
/// A function that can pause in the middle: what a GPU thread runs on.
///
/// Built on the two functions beneath Boost.Context's classes. Those classes
/// unwind a fiber that is given up; here a kernel that went wrong is simply
/// never resumed, also from places that no exception may pass.
/// AddressSanitizer is told of every switch (__sanitizer_start_switch_fiber):
/// the distributions' Boost is built without its own support for that.
#pragma once

#include <cstddef>
#include <span>

namespace cnn::simt {

class Fiber {
 public:
  using Body = void (*)(void* argument);

  /// Makes it ready to run body(argument) from the beginning, on this stack.
  /// Whatever ran on it before is given up.
  void start(std::span<std::byte> stack, Body body, void* argument);
  /// Runs it until it pauses or ends.
  void resume();
  /// Called by the fiber: goes back to where it was resumed.
  void pause();

 private:
  struct Entry;

  void leave(bool for_good);

  std::span<std::byte> stack_;
  Body body_ = nullptr;
  void* argument_ = nullptr;
  void* inside_ = nullptr;       // where the fiber goes on
  void* outside_ = nullptr;      // where its caller goes on
  void* fake_inside_ = nullptr;  // AddressSanitizer's, like the next three
  void* fake_outside_ = nullptr;
  const void* outside_bottom_ = nullptr;
  std::size_t outside_bytes_ = 0;
};

}  // namespace cnn::simt
