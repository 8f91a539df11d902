// region quiet: includes
#pragma once

#include <cstdint>

#include "chapters/04_cpu_cnn/sequential.hpp"

namespace cnn {
// endregion

// region layers-that-fuse
/// Layers that others may take in, which therefore must be known by name.
class Relu : public Layer {
 public:
  std::string description(const Shape& input) const override;
  Shape output_shape(const Shape& input) const override;
  std::unique_ptr<LayerInstance> instantiate(const Shape& input) const override;
};

/// Likewise.
class MaxPool2d : public Layer {
 public:
  MaxPool2d(std::int64_t size, std::int64_t stride)
      : size_(size), stride_(stride) {}

  std::int64_t size() const { return size_; }
  std::int64_t stride() const { return stride_; }

  std::string description(const Shape& input) const override;
  Shape output_shape(const Shape& input) const override;
  std::unique_ptr<LayerInstance> instantiate(const Shape& input) const override;

 private:
  std::int64_t size_;
  std::int64_t stride_;
};
// endregion

// region absorb-into
/// Takes ReLU or a max pool without overlap into `block`, which is a
/// ConvolutionBlock or a BatchNormBlock, if the backend can do all of it at
/// once. The two commute: either order gives the same numbers.
template <class Block>
bool absorb_into(Block& block, const Layer& next, const Backend& backend) {
  Block wider = block;
  if (dynamic_cast<const Relu*>(&next)) {
    wider.relu = true;
  } else if (const auto* pool = dynamic_cast<const MaxPool2d*>(&next);
             pool && pool->size() == pool->stride() && block.pool == 1) {
    wider.pool = pool->size();
  } else {
    return false;
  }
  if (!backend.fuses(wider)) return false;
  block = wider;
  return true;
}

}  // namespace cnn
// endregion
