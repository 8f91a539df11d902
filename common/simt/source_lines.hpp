/// @file
/// From a place in the machine code back to a line of the source.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace cnn::simt {

/// What the debug information says; empty and 0 when there is none.
struct SourceLine {
  std::string file;
  int line = 0;
  std::string function;
};

/// The lines of these calls, given their return addresses; of an inlined
/// function, its own line. Asks addr2line (binutils), once for all of them;
/// where that is missing all are unknown.
std::vector<SourceLine> source_lines(std::span<const void* const> callers);
SourceLine source_line(const void* caller);

}  // namespace cnn::simt
