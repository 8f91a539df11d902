/// @file
/// What stands out among counts, in words.
#pragma once

#include <string>

#include "common/simt/microscope.hpp"

namespace cnn::simt {

/// Sectors that would hold the bytes of these requests, lanes side by side; a
/// request takes one at least.
double sectors_needed(const AccessCounts& counts);
/// True when half as many sectors again are touched as are needed, and more
/// than the one that a request may touch because it begins amid a sector.
bool scattered(const AccessCounts& counts);
/// True when a tenth of all passes come from bank conflicts.
bool conflicting(const AccessCounts& counts);

/// One sentence about the place where most is lost, or that nothing is.
std::string remark(const KernelCounts& kernel);

}  // namespace cnn::simt
