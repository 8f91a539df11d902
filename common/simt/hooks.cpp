// What -fsanitize=thread makes the compiler call at every memory access, here
// without ThreadSanitizer behind it; and -fsanitize-coverage=trace-pc, at every
// turn in the code. Linked into programs whose kernels are traced.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "common/simt/access.hpp"
#include "common/simt/alignment.hpp"

using cnn::simt::AccessKind;
using cnn::simt::check_alignment;
using cnn::simt::note_access;
using cnn::simt::note_members;

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming,bugprone-macro-parentheses)
#define CALLER __builtin_return_address(0)

#define HOOKS(bytes)                                             \
  void __tsan_read##bytes(void* address) {                       \
    check_alignment(address, bytes, AccessKind::kRead, CALLER);  \
    note_access(address, bytes, AccessKind::kRead, CALLER);      \
  }                                                              \
  void __tsan_write##bytes(void* address) {                      \
    check_alignment(address, bytes, AccessKind::kWrite, CALLER); \
    note_access(address, bytes, AccessKind::kWrite, CALLER);     \
  }                                                              \
  void __tsan_unaligned_read##bytes(void* address) {             \
    note_access(address, bytes, AccessKind::kRead, CALLER);      \
  }                                                              \
  void __tsan_unaligned_write##bytes(void* address) {            \
    note_access(address, bytes, AccessKind::kWrite, CALLER);     \
  }                                                              \
  void __tsan_volatile_read##bytes(void* address) {              \
    note_access(address, bytes, AccessKind::kRead, CALLER);      \
  }                                                              \
  void __tsan_volatile_write##bytes(void* address) {             \
    note_access(address, bytes, AccessKind::kWrite, CALLER);     \
  }                                                              \
  void __tsan_read_write##bytes(void* address) {                 \
    note_access(address, bytes, AccessKind::kRead, CALLER);      \
    note_access(address, bytes, AccessKind::kWrite, CALLER);     \
  }

// Host code in the same file may use atomics: a static variable's first use, a
// shared pointer's count.
#define ATOMIC_HOOKS(bits)                                                     \
  std::uint##bits##_t __tsan_atomic##bits##_load(const std::uint##bits##_t* a, \
                                                 int) {                        \
    return __atomic_load_n(a, __ATOMIC_SEQ_CST);                               \
  }                                                                            \
  void __tsan_atomic##bits##_store(std::uint##bits##_t* a,                     \
                                   std::uint##bits##_t v, int) {               \
    __atomic_store_n(a, v, __ATOMIC_SEQ_CST);                                  \
  }                                                                            \
  std::uint##bits##_t __tsan_atomic##bits##_exchange(                          \
      std::uint##bits##_t* a, std::uint##bits##_t v, int) {                    \
    return __atomic_exchange_n(a, v, __ATOMIC_SEQ_CST);                        \
  }                                                                            \
  std::uint##bits##_t __tsan_atomic##bits##_fetch_add(                         \
      std::uint##bits##_t* a, std::uint##bits##_t v, int) {                    \
    return __atomic_fetch_add(a, v, __ATOMIC_SEQ_CST);                         \
  }                                                                            \
  std::uint##bits##_t __tsan_atomic##bits##_fetch_sub(                         \
      std::uint##bits##_t* a, std::uint##bits##_t v, int) {                    \
    return __atomic_fetch_sub(a, v, __ATOMIC_SEQ_CST);                         \
  }                                                                            \
  int __tsan_atomic##bits##_compare_exchange_strong(                           \
      std::uint##bits##_t* a, std::uint##bits##_t* e, std::uint##bits##_t v,   \
      int, int) {                                                              \
    return __atomic_compare_exchange_n(a, e, v, false, __ATOMIC_SEQ_CST,       \
                                       __ATOMIC_SEQ_CST);                      \
  }                                                                            \
  int __tsan_atomic##bits##_compare_exchange_weak(                             \
      std::uint##bits##_t* a, std::uint##bits##_t* e, std::uint##bits##_t v,   \
      int, int) {                                                              \
    return __atomic_compare_exchange_n(a, e, v, true, __ATOMIC_SEQ_CST,        \
                                       __ATOMIC_SEQ_CST);                      \
  }

extern "C" {
void __tsan_init() {
  cnn::simt::switch_tracing_on();
}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_vptr_update(void**, void*) {}
void __tsan_vptr_read(void**) {}
void __sanitizer_cov_trace_pc() {
  cnn::simt::note_turn(CALLER);
}

// g++ says "range" where the type is aligned for no single access of its size.
void __tsan_read_range(void* address, std::size_t bytes) {
  note_members(address, bytes, AccessKind::kRead, CALLER);
}
void __tsan_write_range(void* address, std::size_t bytes) {
  note_members(address, bytes, AccessKind::kWrite, CALLER);
}

HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)

ATOMIC_HOOKS(8)
ATOMIC_HOOKS(16)
ATOMIC_HOOKS(32)
ATOMIC_HOOKS(64)

void __tsan_atomic_thread_fence(int) {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
}
void __tsan_atomic_signal_fence(int) {}
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming,bugprone-macro-parentheses)
