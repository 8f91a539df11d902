/// @file
/// Memory for a block: stacks for its threads, and dynamic shared memory. Kept
/// for the next launch when given back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace cnn::simt {

/// For up to kMostThreads threads; pages that nobody touches cost nothing.
class Stacks {
 public:
  Stacks();
  Stacks(const Stacks&) = delete;
  Stacks& operator=(const Stacks&) = delete;
  ~Stacks();

  /// One from the pool, or a new one.
  static std::unique_ptr<Stacks> borrow();
  /// Back to the pool.
  static void give_back(std::unique_ptr<Stacks> stacks);

  std::span<std::byte> stack(unsigned thread) const;
  bool overflowed(unsigned thread) const;
  bool contains(std::uintptr_t address) const;

  /// Makes `bytes` of dynamic shared memory, filled with 0xff.
  void prepare_shared(std::size_t bytes);
  std::span<std::byte> shared() const { return {shared_, shared_bytes_}; }
  /// Dynamic shared memory and what lies around it.
  std::span<std::byte> shared_zone() const;
  /// Whether somebody wrote beyond the end of dynamic shared memory.
  bool shared_overrun() const;

 private:
  std::byte* memory_ = nullptr;
  std::byte* shared_ = nullptr;
  std::size_t shared_bytes_ = 0;
};

}  // namespace cnn::simt
