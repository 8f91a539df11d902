#include "common/simt/stacks.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <new>
#include <vector>

#include "common/simt/limits.hpp"
#include "common/simt/sanitizer.hpp"

namespace cnn::simt {
namespace {

// AddressSanitizer's frames are several times as large.
constexpr std::size_t kStackBytes = (kAddressSanitizer ? 256 : 64) * 1024;
constexpr std::size_t kAllStacks = kStackBytes * kMostThreads;
constexpr std::size_t kGuardBytes = 4096;
constexpr std::size_t kSharedZone = kMostShared + 2 * kGuardBytes;
constexpr std::uint64_t kCanary = 0x7ab1e5ca4a21e5ca;
constexpr std::byte kGuard{0xa5};
constexpr std::byte kUnwritten{0xff};

std::mutex pool_mutex;

std::vector<std::unique_ptr<Stacks>>& pool() {
  static std::vector<std::unique_ptr<Stacks>> idle;
  return idle;
}

}  // namespace

Stacks::Stacks() {
  void* memory = mmap(nullptr, kAllStacks + kSharedZone, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  memory_ = static_cast<std::byte*>(memory);
  shared_ = memory_ + kAllStacks + kGuardBytes;
}

Stacks::~Stacks() {
  unpoison(memory_, kAllStacks + kSharedZone);
  munmap(memory_, kAllStacks + kSharedZone);
}

std::unique_ptr<Stacks> Stacks::borrow() {
  const std::lock_guard lock(pool_mutex);
  if (pool().empty()) return std::make_unique<Stacks>();
  std::unique_ptr<Stacks> stacks = std::move(pool().back());
  pool().pop_back();
  return stacks;
}

void Stacks::give_back(std::unique_ptr<Stacks> stacks) {
  const std::lock_guard lock(pool_mutex);
  pool().push_back(std::move(stacks));
}

std::span<std::byte> Stacks::stack(unsigned thread) const {
  std::byte* begin = memory_ + thread * kStackBytes;
  std::memcpy(begin, &kCanary, sizeof(kCanary));
  return {begin + sizeof(kCanary) * 2, kStackBytes - sizeof(kCanary) * 2};
}

bool Stacks::overflowed(unsigned thread) const {
  return std::memcmp(memory_ + thread * kStackBytes, &kCanary,
                     sizeof(kCanary)) != 0;
}

bool Stacks::contains(std::uintptr_t address) const {
  return address - reinterpret_cast<std::uintptr_t>(memory_) < kAllStacks;
}

void Stacks::prepare_shared(std::size_t bytes) {
  const std::span<std::byte> zone = shared_zone();
  unpoison(zone.data(), zone.size());
  shared_bytes_ = bytes;
  std::ranges::fill(shared(), kUnwritten);
  std::fill_n(shared_ + bytes, kGuardBytes, kGuard);
  poison(zone.data(), kGuardBytes);
  poison(shared_ + bytes, zone.size() - kGuardBytes - bytes);
}

std::span<std::byte> Stacks::shared_zone() const {
  return {shared_ - kGuardBytes, kSharedZone};
}

bool Stacks::shared_overrun() const {
  return !kAddressSanitizer &&
         !std::all_of(shared_ + shared_bytes_,
                      shared_ + shared_bytes_ + kGuardBytes,
                      [](std::byte byte) { return byte == kGuard; });
}

}  // namespace cnn::simt
