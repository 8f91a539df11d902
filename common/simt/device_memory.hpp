/// @file
/// The emulated GPU's memory: host memory that knows its own bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/simt/shadow.hpp"

namespace cnn::simt {

/// One cudaMalloc.
struct Allocation {
  std::uintptr_t begin = 0;
  unsigned char* memory = nullptr;  ///< the same, as a pointer
  std::size_t bytes = 0;
  std::vector<ShadowWord> shadow;  ///< only where accesses are traced
  std::string name;                ///< empty: nobody gave it one
};

/// Aligned to 256 bytes, each byte 0xff (a NaN in every float type), between
/// guard zones. Null when there is no memory.
void* allocate(std::size_t bytes);
/// False when this was not allocated here, or is already free.
bool release(void* memory);

/// Whether all of it lies in one allocation.
bool is_device_memory(const void* address, std::size_t bytes);
/// The allocation that holds this address, or null. It stays where it is until
/// it is released.
Allocation* find_allocation(std::uintptr_t address);
/// The allocation that lies nearest to this address, or null without any.
const Allocation* nearest_allocation(std::uintptr_t address);
/// Gives the allocation that begins here a name, for pictures.
void name_memory(const void* memory, std::string name);
/// For the search of reads before the first write.
void note_written_by_host(const void* address, std::size_t bytes);

/// Bytes handed out, and the physical memory that they come from.
std::size_t allocated_bytes();
std::size_t device_bytes();

/// An allocation some of whose guard bytes were written, or null. Without
/// AddressSanitizer, which speaks at once, this is how an overrun shows.
const Allocation* overrun_allocation();

}  // namespace cnn::simt
