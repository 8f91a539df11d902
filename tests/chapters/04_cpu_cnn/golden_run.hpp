/// @file
/// One golden operation, run on a backend.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "tests/chapters/04_cpu_cnn/golden.hpp"

namespace cnn::test {

/// What came out, by the names of the golden outputs, NCHW.
using Outputs = std::map<std::string, std::vector<float>>;

/// Does what `golden` says with its inputs, forward and backward. Throws
/// std::invalid_argument for an operation that it does not know.
Outputs run_golden(const GoldenCase& golden, Backend& backend);

}  // namespace cnn::test
