// region quiet: includes
#pragma once

#include <cstdint>
#include <vector>

#include "chapters/04_cpu_cnn/sequential.hpp"

namespace cnn {
// endregion

// region arena
/// What all layers learn (or keep), one after another in one array.
struct Arena {
  std::vector<Parameter> entries;
  std::vector<std::int64_t> layers;  ///< which layer each belongs to
  std::int64_t size = 0;             ///< floats

  /// Adds a layer's entries, each at the beginning of a cache line.
  void add(std::int64_t layer, std::vector<Parameter> parameters);
  /// Where a layer's entries lie, in their order.
  std::vector<Array> of(std::int64_t layer, Array memory) const;
};

}  // namespace cnn
// endregion
