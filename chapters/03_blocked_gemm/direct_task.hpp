// region quiet: includes
#pragma once

#include <cstdint>
#include <span>

#include "chapters/03_blocked_gemm/direct_plan.hpp"

namespace cnn {
// endregion

// region require-size
/// Throws std::invalid_argument when an array has another size than expected.
void require_size(const char* what, std::size_t found, std::int64_t expected);
/// The same for one that may be left out.
void require_size_or_none(const char* what, std::size_t found,
                          std::int64_t expected);
// endregion

// region band
/// Rows [first, first + rows) of the output of image `image`.
struct Band {
  std::int64_t image = 0;
  std::int64_t first = 0;
  std::int64_t rows = 0;
};

/// Which of them task number `task` is.
Band band_of(const Bands& bands, std::int64_t height, std::int64_t task);
// endregion

// region canvas-under
/// The canvas under `rows` rows of output from `first` on: painted to
/// `scratch`, or where the image itself lies.
CanvasRows canvas_under(const Sweep& sweep, const DirectKernels& kernels,
                        const CanvasSource& source, std::int64_t first,
                        std::int64_t rows, float* scratch);

}  // namespace cnn
// endregion
