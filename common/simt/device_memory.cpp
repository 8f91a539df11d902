#include "common/simt/device_memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <map>
#include <mutex>
#include <span>
#include <utility>

#include "common/machine.hpp"
#include "common/simt/access.hpp"
#include "common/simt/sanitizer.hpp"

namespace cnn::simt {
namespace {

constexpr std::size_t kGuardBytes = 256;
constexpr std::size_t kAlignment = 256;
constexpr unsigned char kGuard = 0xa5;
constexpr unsigned char kUnwritten = 0xff;

struct Memory {
  std::mutex mutex;
  std::map<std::uintptr_t, std::unique_ptr<Allocation>> allocations;
  std::size_t used = 0;
};

Memory& device() {
  static Memory all;
  return all;
}

std::size_t rounded(std::size_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

/// From the last byte to the end of the guard zone behind it.
std::span<unsigned char> guard_behind(const Allocation& allocation) {
  const std::size_t end = rounded(allocation.bytes) + kGuardBytes;
  return {allocation.memory + allocation.bytes, end - allocation.bytes};
}

std::span<unsigned char> guard_before(const Allocation& allocation) {
  return {allocation.memory - kGuardBytes, kGuardBytes};
}

bool untouched(std::span<const unsigned char> guard) {
  return std::ranges::all_of(guard,
                             [](unsigned char byte) { return byte == kGuard; });
}

Allocation* find(Memory& all, std::uintptr_t address) {
  auto after = all.allocations.upper_bound(address);
  if (after == all.allocations.begin()) return nullptr;
  Allocation& found = *std::prev(after)->second;
  return address - found.begin < found.bytes ? &found : nullptr;
}

}  // namespace

void* allocate(std::size_t bytes) {
  Memory& all = device();
  const std::lock_guard lock(all.mutex);
  if (bytes > device_bytes() || all.used + bytes > device_bytes()) {
    return nullptr;
  }
  void* block =
      std::aligned_alloc(kAlignment, rounded(bytes) + 2 * kGuardBytes);
  if (block == nullptr) return nullptr;
  auto allocation = std::make_unique<Allocation>();
  unsigned char* const begin = static_cast<unsigned char*>(block) + kGuardBytes;
  allocation->memory = begin;
  allocation->begin = reinterpret_cast<std::uintptr_t>(begin);
  allocation->bytes = bytes;
  if (tracing()) allocation->shadow.resize((bytes + 3) / 4);
  for (const auto guard :
       {guard_before(*allocation), guard_behind(*allocation)}) {
    std::ranges::fill(guard, kGuard);
    poison(guard.data(), guard.size());
  }
  std::memset(begin, kUnwritten, bytes);
  all.allocations.emplace(allocation->begin, std::move(allocation));
  all.used += bytes;
  return begin;
}

bool release(void* memory) {
  Memory& all = device();
  const std::lock_guard lock(all.mutex);
  const auto found =
      all.allocations.find(reinterpret_cast<std::uintptr_t>(memory));
  if (found == all.allocations.end()) return false;
  const Allocation& allocation = *found->second;
  const auto before = guard_before(allocation);
  unpoison(before.data(), 2 * kGuardBytes + rounded(allocation.bytes));
  all.used -= allocation.bytes;
  all.allocations.erase(found);
  std::free(before.data());
  return true;
}

bool is_device_memory(const void* address, std::size_t bytes) {
  Memory& all = device();
  const std::lock_guard lock(all.mutex);
  const auto begin = reinterpret_cast<std::uintptr_t>(address);
  const Allocation* found = find(all, begin);
  return found != nullptr && bytes <= found->begin + found->bytes - begin;
}

Allocation* find_allocation(std::uintptr_t address) {
  Memory& all = device();
  const std::lock_guard lock(all.mutex);
  return find(all, address);
}

const Allocation* nearest_allocation(std::uintptr_t address) {
  Memory& all = device();
  const std::lock_guard lock(all.mutex);
  const auto after = all.allocations.upper_bound(address);
  const Allocation* nearest =
      after == all.allocations.end() ? nullptr : after->second.get();
  if (after == all.allocations.begin()) return nearest;
  const Allocation* before = std::prev(after)->second.get();
  const std::uintptr_t end = before->begin + before->bytes;
  const std::uintptr_t from_end = address < end ? 0 : address - end;
  return nearest == nullptr || from_end < nearest->begin - address ? before
                                                                   : nearest;
}

void name_memory(const void* memory, std::string name) {
  Allocation* found = find_allocation(reinterpret_cast<std::uintptr_t>(memory));
  if (found != nullptr) found->name = std::move(name);
}

void note_written_by_host(const void* address, std::size_t bytes) {
  const auto begin = reinterpret_cast<std::uintptr_t>(address);
  Allocation* found = find_allocation(begin);
  if (found == nullptr || found->shadow.empty()) return;
  mark_written(found->shadow, begin - found->begin, bytes);
}

std::size_t allocated_bytes() {
  Memory& all = device();
  const std::lock_guard lock(all.mutex);
  return all.used;
}

std::size_t device_bytes() {
  static const auto bytes =
      static_cast<std::size_t>(describe_machine(true).memory_bytes);
  return bytes;
}

const Allocation* overrun_allocation() {
  if (kAddressSanitizer) return nullptr;
  Memory& all = device();
  const std::lock_guard lock(all.mutex);
  for (const auto& [begin, allocation] : all.allocations) {
    if (!untouched(guard_before(*allocation)) ||
        !untouched(guard_behind(*allocation))) {
      std::ranges::fill(guard_before(*allocation), kGuard);  // said once
      std::ranges::fill(guard_behind(*allocation), kGuard);
      return allocation.get();
    }
  }
  return nullptr;
}

}  // namespace cnn::simt
