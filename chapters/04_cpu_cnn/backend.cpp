// region quiet: includes
#include "chapters/04_cpu_cnn/backend.hpp"

#include <fmt/format.h>

#include "common/errors.hpp"

namespace cnn {
// endregion

// region pool-geometry
Shape PoolGeometry::output() const {
  return {input.batch, input.channels, (input.height - size) / stride + 1,
          (input.width - size) / stride + 1};
}

void PoolGeometry::validate() const {
  if (size < 1 || stride < 1) {
    throw InputError(fmt::format(
        "pooling: size {} and stride {} must be at least 1", size, stride));
  }
  if (size > input.height || size > input.width) {
    throw InputError(
        fmt::format("pooling: a window of {0}x{0} does not fit into {1}x{2}",
                    size, input.height, input.width));
  }
}
// endregion

// region block-outputs
namespace {

/// Windows that do not overlap; a window of one pixel is no pooling.
Shape pooled(const Shape& shape, std::int64_t pool) {
  return PoolGeometry{shape, pool, pool}.output();
}

}  // namespace

Shape ConvolutionBlock::output() const {
  return pooled(geometry.output_shape(), pool);
}

Shape BatchNormBlock::output() const {
  return pooled(input, pool);
}

void BatchNormBlock::validate() const {
  if (input.batch * input.height * input.width >= 2) return;
  throw InputError(fmt::format(
      "batch normalisation of {}: one number for each channel has no "
      "variance; at least 2 are needed",
      to_string(input)));
}

}  // namespace cnn
// endregion
