// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>

namespace cnn {
// endregion

// region memory
/// Bytes that begin at a cache line, all 0. Floats and labels alike live in
/// such memory; how much there is, its owner knows.
struct FreeMemory {
  void operator()(std::byte* memory) const;
};
/// Owns such bytes.
using Memory = std::unique_ptr<std::byte[], FreeMemory>;

/// Throws InputError when `bytes` is negative, std::bad_alloc when memory is
/// short.
Memory make_memory(std::int64_t bytes);

}  // namespace cnn
// endregion
