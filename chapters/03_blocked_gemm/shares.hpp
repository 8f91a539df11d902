// region quiet: includes
#pragma once

#include <algorithm>
#include <cstdint>

namespace cnn {
// endregion

// region shares
/// Rounded up; neither may be negative.
inline std::int64_t divide_up(std::int64_t number, std::int64_t by) {
  return (number + by - 1) / by;
}

/// Splits `count` into `parts` parts that differ by at most 1; where part
/// `part` begins.
inline std::int64_t share(std::int64_t count, std::int64_t parts,
                          std::int64_t part) {
  return part * (count / parts) + std::min(part, count % parts);
}

}  // namespace cnn
// endregion
