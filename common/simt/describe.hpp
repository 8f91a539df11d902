/// @file
/// From the numbers that a stopped block leaves to words.
#pragma once

#include "common/simt/block.hpp"
#include "common/simt/fault.hpp"

namespace cnn::simt {

/// Kernel, block, thread, line, what happened, what to look for.
Fault describe(const RawFault& raw, const Block& block);

}  // namespace cnn::simt
