/// @file
/// CUDA's asynchronous copies. Here the bytes arrive as late as they may: when
/// they are waited for. A wait that is missing shows every time.
#pragma once

#include <cstddef>

#include "common/simt/vector_types.hpp"

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming):
// these names are CUDA's
/// Copies `bytes` (4, 8 or 16, both sides aligned to them), the last
/// `zero_bytes` of which are not read but set to 0.
void __pipeline_memcpy_async(void* shared, const void* global,
                             std::size_t bytes, std::size_t zero_bytes = 0);
/// Ends a group of copies of this thread.
void __pipeline_commit();
/// Waits for all groups of this thread but the last `groups`.
void __pipeline_wait_prior(std::size_t groups);
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
