/// @file
/// What this program's symbol table says about kernels and their shared
/// variables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace cnn::simt {

/// A `__shared__` variable.
struct SharedVariable {
  std::size_t offset = 0;  ///< from the beginning of a thread's variables
  std::size_t bytes = 0;
  std::string name;      ///< "tile"
  std::string function;  ///< mangled, the function that declares it
};

/// All of this program, in the order of their offsets. Empty when the program
/// was stripped.
std::span<const SharedVariable> shared_variables();
/// This CPU thread's copies of all variables of their kind, shared or not;
/// offsets count from here.
std::span<std::byte> thread_variables();

/// "transpose<32>", without parameters; "kernel at 0x..." when unknown.
std::string kernel_name(const void* kernel);
/// Bytes of the __shared__ variables that a kernel itself declares.
std::size_t static_shared_bytes(const void* kernel);

/// Where this program's code and constants lie.
struct Image {
  std::uintptr_t load_address = 0;  ///< what to subtract for the file's
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
};
const Image& image();

}  // namespace cnn::simt
