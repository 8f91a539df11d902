#include "common/simt/access.hpp"

#include "common/simt/block.hpp"
#include "common/simt/trace.hpp"

namespace cnn::simt {
namespace {

bool is_tracing = false;

/// The one whose kernel is running its own code, or null.
Block* traced_block() {
  Block* block = Block::current();
  if (block == nullptr || block->trace() == nullptr) return nullptr;
  const Thread* thread = block->running();
  return thread == nullptr || thread->off_the_record ? nullptr : block;
}

std::uintptr_t address_of(const void* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer);
}

void note(const Access& access) {
  Block* block = traced_block();
  if (block == nullptr) return;
  const OffTheRecord own_code;
  block->trace()->note(*block, access);
}

}  // namespace

bool tracing() {
  return is_tracing;
}
void switch_tracing_on() {
  is_tracing = true;
}

void note_access(const void* address, std::size_t bytes, AccessKind kind,
                 const void* caller) {
  note({address_of(address), bytes, kind, caller});
}

void note_members(const void* address, std::size_t bytes, AccessKind kind,
                  const void* caller) {
  Access access{address_of(address), bytes, kind, caller};
  access.members = true;
  note(access);
}

void note_wide_copy(const void* from, const void* to, std::size_t bytes,
                    const void* caller) {
  Access access{address_of(from), bytes, AccessKind::kRead, caller};
  access.copied_to = address_of(to);
  note(access);
}

void note_arrival(const void* address, std::size_t bytes, const void* caller) {
  Access access{address_of(address), bytes, AccessKind::kWrite, caller};
  access.arrival = true;
  note(access);
}

void note_turn(const void* caller) {
  Block* block = traced_block();
  if (block == nullptr) return;
  const OffTheRecord own_code;
  block->trace()->note_turn(*block, caller);
}

OffTheRecord::OffTheRecord() {
  Block* block = Block::current();
  if (block == nullptr || block->running() == nullptr) return;
  bool& flag = block->running()->off_the_record;
  if (!flag) flag_ = &flag;
  flag = true;
}

OffTheRecord::~OffTheRecord() {
  if (flag_ != nullptr) *flag_ = false;
}

}  // namespace cnn::simt
