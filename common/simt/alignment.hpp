/// @file
/// Addresses that a GPU refuses: a float4 lies at a multiple of 16 bytes, and
/// so on. A host may read it from anywhere, or crash.
#pragma once

#include <cstddef>

#include "common/simt/access.hpp"

namespace cnn::simt {

/// Fails the running thread's kernel if the address is no multiple of `bytes`.
/// Of 16 bytes only that it is one of 8 can be asked for: a pair of doubles
/// need not be more.
void check_alignment(const void* address, std::size_t bytes, AccessKind kind,
                     const void* caller);

}  // namespace cnn::simt
