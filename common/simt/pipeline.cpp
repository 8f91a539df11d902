#include "common/simt/pipeline.hpp"

#include <cstdint>
#include <cstring>
#include <stdexcept>

#include "common/simt/access.hpp"
#include "common/simt/block.hpp"

namespace cnn::simt {
namespace {

Thread& self() {
  return *Block::current()->running();
}

bool aligned(const void* address, std::size_t bytes) {
  return reinterpret_cast<std::uintptr_t>(address) % bytes == 0;
}

}  // namespace
}  // namespace cnn::simt

using cnn::simt::AccessKind;
using cnn::simt::PendingCopy;

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming):
// these names are CUDA's
void __pipeline_memcpy_async(void* shared, const void* global,
                             std::size_t bytes, std::size_t zero_bytes) {
  if ((bytes != 4 && bytes != 8 && bytes != 16) || zero_bytes > bytes ||
      !cnn::simt::aligned(shared, bytes) ||
      !cnn::simt::aligned(global, bytes)) {
    throw std::invalid_argument(
        "__pipeline_memcpy_async: it copies 4, 8 or 16 bytes, between "
        "addresses that are multiples of that");
  }
  PendingCopy copy;
  copy.to = shared;
  copy.bytes = bytes;
  copy.caller = __builtin_return_address(0);
  copy.group = cnn::simt::self().committed_groups;
  const std::size_t read = bytes - zero_bytes;
  if (read > 0) {
    if (bytes == 16) {
      cnn::simt::note_wide_copy(global, shared, read, copy.caller);
    } else {
      cnn::simt::note_access(global, read, AccessKind::kRead, copy.caller);
    }
    std::memcpy(copy.value, global, read);
  }
  cnn::simt::self().pending.push_back(copy);
}

void __pipeline_commit() {
  ++cnn::simt::self().committed_groups;
}

void __pipeline_wait_prior(std::size_t groups) {
  cnn::simt::Thread& thread = cnn::simt::self();
  std::erase_if(thread.pending, [&](const PendingCopy& copy) {
    if (copy.group + groups >= thread.committed_groups) return false;
    cnn::simt::note_arrival(copy.to, copy.bytes, copy.caller);
    std::memcpy(copy.to, copy.value, copy.bytes);
    return true;
  });
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
