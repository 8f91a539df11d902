/// @file
/// A kernel's source with what its lines ask of the memory, and tables.
#pragma once

#include <span>
#include <string>

#include "common/simt/examination.hpp"

namespace cnn::simt {

/// The source of one kernel and of what it calls; below each line that touches
/// memory, what it asks for; at the end, the sums and what stands out.
std::string annotated_listing(const KernelCounts& kernel);

/// A row for each kernel of each exhibit, and below it what stands out.
std::string table(std::span<const Examined> all);

}  // namespace cnn::simt
