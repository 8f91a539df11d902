// region quiet: includes
#pragma once

#include <stdexcept>

namespace cnn {
// endregion

// region plain-block
/// Whether a block, of a convolution or of batch normalisation, is nothing but
/// that: no ReLU, no pooling.
template <class Block>
bool is_plain(const Block& block) {
  return !block.relu && block.pool == 1;
}

/// Throws std::logic_error unless it is.
template <class Block>
void require_plain(const Block& block) {
  if (is_plain(block)) return;
  throw std::logic_error("this backend does not fuse: fuses() says so");
}

}  // namespace cnn
// endregion
