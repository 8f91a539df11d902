#include "common/simt/limits.hpp"

#include <map>
#include <mutex>

#include "common/simt/symbols.hpp"

namespace cnn::simt {
namespace {

std::mutex granted_mutex;

std::map<const void*, std::size_t>& granted() {
  static std::map<const void*, std::size_t> kernels;
  return kernels;
}

std::size_t allowed(const void* kernel) {
  const std::lock_guard lock(granted_mutex);
  const auto found = granted().find(kernel);
  return found == granted().end() ? kSharedForAll : found->second;
}

bool in_range(unsigned size, unsigned most) {
  return size >= 1 && size <= most;
}

}  // namespace

bool grant_shared(const void* kernel, int bytes) {
  if (bytes < 0 ||
      static_cast<std::size_t>(bytes) + static_shared_bytes(kernel) >
          kMostShared) {
    return false;
  }
  const std::lock_guard lock(granted_mutex);
  granted()[kernel] = static_cast<std::size_t>(bytes);
  return true;
}

cudaError_t check_limits(const void* kernel, const dim3& grid,
                         const dim3& block, std::size_t shared_bytes) {
  if (!in_range(grid.x, kMostColumns) || !in_range(grid.y, kMostRows) ||
      !in_range(grid.z, kMostRows) || !in_range(block.x, kMostThreads) ||
      !in_range(block.y, kMostThreads) || !in_range(block.z, kMostLayers) ||
      block.x * block.y * block.z > kMostThreads) {
    return cudaErrorInvalidConfiguration;
  }
  const std::size_t fixed = static_shared_bytes(kernel);
  if (fixed > kSharedForAll || shared_bytes > allowed(kernel) ||
      fixed + shared_bytes > kMostShared) {
    return cudaErrorInvalidValue;
  }
  return cudaSuccess;
}

}  // namespace cnn::simt
