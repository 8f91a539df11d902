// What this folder's microscope looks at: small enough to be drawn.
#pragma once

#include <vector>

#include "common/simt/exhibit.hpp"

namespace cnn {

/// Throws SkipError for a GPU: these are for the emulator.
std::vector<Exhibit> small_exhibits(bool on_gpu);

}  // namespace cnn
