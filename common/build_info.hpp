/// @file
/// How this program was built.
#pragma once

#include <string>

namespace cnn {

/// Fixed when the program is built, so that a program carried to another
/// machine still knows where it came from.
struct BuildInfo {
  std::string commit;     ///< abbreviated to 12 digits, or "unknown"
  bool modified = false;  ///< tracked files differed from that commit
  std::string compiler;   ///< "g++ 12.2.0"
  std::string flags;      ///< "-O3 -DNDEBUG -march=native"
  std::string march;      ///< as given to -march, or empty
  std::string isa;        ///< widest vectors this allows: "AVX-512"
};

/// How this program was compiled.
const BuildInfo& build_info();

}  // namespace cnn
