/// @file
/// What AddressSanitizer has to be told; nothing where it is not compiled in.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define COURSE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define COURSE_ASAN 1
#endif
#endif

#ifdef COURSE_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace cnn::simt {

#ifdef COURSE_ASAN
inline constexpr bool kAddressSanitizer = true;
inline void poison(const void* memory, std::size_t bytes) {
  __asan_poison_memory_region(memory, bytes);
}
inline void unpoison(const void* memory, std::size_t bytes) {
  __asan_unpoison_memory_region(memory, bytes);
}
#else
inline constexpr bool kAddressSanitizer = false;
inline void poison(const void*, std::size_t) {}
inline void unpoison(const void*, std::size_t) {}
#endif

}  // namespace cnn::simt
