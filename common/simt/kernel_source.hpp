/// @file
/// Kernels as they are written: the source beside the counts.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cnn::simt {

/// A file of the course as people know it: from the top of the repository.
std::string shown_path(const std::string& file);

/// A file's lines; empty when it cannot be read.
std::vector<std::string> read_lines(const std::string& file);

/// First and last line, counted from 1, of the function around line `line`:
/// from its comment and signature to the brace that closes it. Goes by layout:
/// only what begins or ends a function stands at the left margin.
std::pair<int, int> function_around(std::span<const std::string> lines,
                                    int line);

/// The names of a function's parameters, given its lines; of `const float* a`
/// it is "a".
std::vector<std::string> parameter_names(std::span<const std::string> function,
                                         const std::string& name);

}  // namespace cnn::simt
