#include "common/simt/alignment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "common/simt/block.hpp"
#include "common/simt/fault.hpp"

namespace cnn::simt {

void check_alignment(const void* address, std::size_t bytes, AccessKind kind,
                     const void* caller) {
  const auto place = reinterpret_cast<std::uintptr_t>(address);
  if (place % std::min<std::size_t>(bytes, 8) == 0) return;
  Block* block = Block::current();
  if (block == nullptr) return;  // host code
  const Thread* thread = block->running();
  if (thread == nullptr || thread->off_the_record) return;
  const OffTheRecord own_code;
  RawFault fault;
  fault.kind = static_cast<int>(FaultKind::kMisaligned);
  fault.thread = static_cast<int>(thread->number);
  fault.caller = caller;
  fault.what =
      fmt::format("{} {} bytes at once, {} bytes behind a multiple of {}",
                  kind == AccessKind::kRead ? "reads" : "writes", bytes,
                  place % bytes, bytes);
  fault.advice =
      "A vector's address has to be a multiple of its size: look for rows "
      "whose length is not, or an array that begins in between";
  block->fail(std::move(fault));
}

}  // namespace cnn::simt
