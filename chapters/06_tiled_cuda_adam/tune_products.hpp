// region quiet: includes
#pragma once

#include <span>
#include <string_view>

#include "chapters/06_tiled_cuda_adam/product.hpp"
#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region candidate
/// One shape of the tuned kernel, for one form.
struct Candidate {
  std::string_view name;  ///< the form, and the numbers of its TileShape
  ProductForm form;
  /// Puts the product into the stream.
  void (*run)(const Product& product, const Stream& stream);
};

/// Those that are compiled in.
std::span<const Candidate> tuned_candidates();

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
