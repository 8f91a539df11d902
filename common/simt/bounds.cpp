// What -fsanitize=bounds makes the compiler call for an index outside of an
// array whose size it knows, here without UBSan's runtime behind it.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>

#include "common/simt/access.hpp"
#include "common/simt/block.hpp"
#include "common/simt/fault.hpp"

namespace {

// As the compilers lay them out; see UBSan's ubsan_value.h.
struct SourceLocation {
  const char* file;
  std::uint32_t line;
  std::uint32_t column;
};
struct TypeDescriptor {
  std::uint16_t kind;
  std::uint16_t info;
  char name[1];
};
struct OutOfBoundsData {
  SourceLocation location;
  const TypeDescriptor* array_type;
  const TypeDescriptor* index_type;
};

/// Indices of up to 64 bits are handed over as they are.
std::int64_t index_value(const TypeDescriptor& type, std::uintptr_t handle) {
  const unsigned bits = 1U << (type.info >> 1U);
  const bool is_signed = (type.info & 1U) != 0;
  if (bits >= 64 || !is_signed) return static_cast<std::int64_t>(handle);
  const unsigned unused = 64 - bits;
  return static_cast<std::int64_t>(handle << unused) >> unused;
}

[[noreturn]] void out_of_bounds(const OutOfBoundsData& data,
                                std::uintptr_t index) {
  using cnn::simt::Block;
  const cnn::simt::OffTheRecord own_code;
  const std::string what = fmt::format(
      "index {} is outside of an array of type {}",
      index_value(*data.index_type, index), &data.array_type->name[0]);
  Block* block = Block::current();
  if (block == nullptr || block->running() == nullptr) {  // host code
    fmt::print(stderr, "{}:{}: {}\n", data.location.file, data.location.line,
               what);
    std::abort();
  }
  cnn::simt::RawFault fault;
  fault.kind = static_cast<int>(cnn::simt::FaultKind::kOutOfBounds);
  fault.thread = static_cast<int>(block->running()->number);
  fault.place = {data.location.file, static_cast<int>(data.location.line)};
  fault.what = what;
  fault.advice =
      "Compare the index's largest value with the array's size, halo and "
      "padding included";
  block->fail(std::move(fault));
}

}  // namespace

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming):
// these names are UBSan's
extern "C" {
void __ubsan_handle_out_of_bounds(void* data, std::uintptr_t index) {
  out_of_bounds(*static_cast<const OutOfBoundsData*>(data), index);
}
void __ubsan_handle_out_of_bounds_abort(void* data, std::uintptr_t index) {
  out_of_bounds(*static_cast<const OutOfBoundsData*>(data), index);
}
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
