#include "common/simt/atomics.hpp"

#include <algorithm>
#include <atomic>

#include "common/simt/access.hpp"
#include "common/simt/intrinsics.hpp"

namespace cnn::simt {
namespace {

/// Replaces what lies at `address` by change(of it); returns what it was.
template <class T, class Change>
T update(T* address, const void* caller, const Change& change) {
  note_access(address, sizeof(T), AccessKind::kAtomic, caller);
  const std::atomic_ref<T> shared(*address);
  T before = shared.load(std::memory_order_relaxed);
  while (!shared.compare_exchange_weak(before, change(before),
                                       std::memory_order_relaxed)) {
  }
  return before;
}

}  // namespace
}  // namespace cnn::simt

// NOLINTBEGIN(readability-identifier-naming): these names are CUDA's
using cnn::simt::update;

#define CALLER __builtin_return_address(0)

int atomicAdd(int* address, int value) {
  return update(address, CALLER, [&](int old) {
    return static_cast<int>(static_cast<unsigned>(old) +
                            static_cast<unsigned>(value));  // wraps around
  });
}
unsigned atomicAdd(unsigned* address, unsigned value) {
  return update(address, CALLER, [&](unsigned old) { return old + value; });
}
unsigned long long atomicAdd(unsigned long long* address,
                             unsigned long long value) {
  return update(address, CALLER,
                [&](unsigned long long old) { return old + value; });
}
float atomicAdd(float* address, float value) {
  return update(address, CALLER, [&](float old) { return old + value; });
}
double atomicAdd(double* address, double value) {
  return update(address, CALLER, [&](double old) { return old + value; });
}

int atomicSub(int* address, int value) {
  return update(address, CALLER, [&](int old) {
    return static_cast<int>(static_cast<unsigned>(old) -
                            static_cast<unsigned>(value));
  });
}
unsigned atomicSub(unsigned* address, unsigned value) {
  return update(address, CALLER, [&](unsigned old) { return old - value; });
}

int atomicMax(int* address, int value) {
  return update(address, CALLER, [&](int old) { return std::max(old, value); });
}
unsigned atomicMax(unsigned* address, unsigned value) {
  return update(address, CALLER,
                [&](unsigned old) { return std::max(old, value); });
}
int atomicMin(int* address, int value) {
  return update(address, CALLER, [&](int old) { return std::min(old, value); });
}
unsigned atomicMin(unsigned* address, unsigned value) {
  return update(address, CALLER,
                [&](unsigned old) { return std::min(old, value); });
}

int atomicExch(int* address, int value) {
  return update(address, CALLER, [&](int) { return value; });
}
unsigned atomicExch(unsigned* address, unsigned value) {
  return update(address, CALLER, [&](unsigned) { return value; });
}
float atomicExch(float* address, float value) {
  return update(address, CALLER, [&](float) { return value; });
}

int atomicCAS(int* address, int expected, int value) {
  return update(address, CALLER,
                [&](int old) { return old == expected ? value : old; });
}
unsigned atomicCAS(unsigned* address, unsigned expected, unsigned value) {
  return update(address, CALLER,
                [&](unsigned old) { return old == expected ? value : old; });
}
unsigned long long atomicCAS(unsigned long long* address,
                             unsigned long long expected,
                             unsigned long long value) {
  return update(address, CALLER, [&](unsigned long long old) {
    return old == expected ? value : old;
  });
}

unsigned atomicOr(unsigned* address, unsigned value) {
  return update(address, CALLER, [&](unsigned old) { return old | value; });
}
unsigned atomicAnd(unsigned* address, unsigned value) {
  return update(address, CALLER, [&](unsigned old) { return old & value; });
}
unsigned atomicInc(unsigned* address, unsigned last) {
  return update(address, CALLER,
                [&](unsigned old) { return old >= last ? 0 : old + 1; });
}

// NOLINTBEGIN(bugprone-reserved-identifier)
void __threadfence() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
}
void __threadfence_block() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
}
// NOLINTEND(bugprone-reserved-identifier)
// NOLINTEND(readability-identifier-naming)
