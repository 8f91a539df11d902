/// @file
/// What a launch may ask for: the limits of compute capability 9.0.
#pragma once

#include <cstddef>

#include "common/simt/runtime.hpp"

namespace cnn::simt {

inline constexpr unsigned kMostThreads = 1024;  ///< in a block
inline constexpr unsigned kMostLayers = 64;     ///< blockDim.z
inline constexpr unsigned kMostRows = 65535;    ///< gridDim.y and gridDim.z
inline constexpr unsigned kMostColumns = 2147483647;
/// Bytes of shared memory that every kernel may have, and those that take
/// cudaFuncSetAttribute.
inline constexpr std::size_t kSharedForAll = 48 * 1024;
inline constexpr std::size_t kMostShared = 227 * 1024;

/// Lets a kernel have this much dynamic shared memory. False, when that is more
/// than there is.
bool grant_shared(const void* kernel, int bytes);

/// What a GPU would say to this launch: cudaErrorInvalidConfiguration for a
/// grid or block out of range, cudaErrorInvalidValue for more shared memory
/// than it has or was granted.
cudaError_t check_limits(const void* kernel, const dim3& grid,
                         const dim3& block, std::size_t shared_bytes);

/// Makes this the error that cudaGetLastError() returns, unless it is none.
cudaError_t set_last_error(cudaError_t error);

}  // namespace cnn::simt
