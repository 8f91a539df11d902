// region quiet: includes
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chapters/05_naive_cuda/operations.hpp"

namespace cnn {
// endregion

// region layer-operations
/// In the order of a training step.
using Operations = std::vector<Operation>;

/// Forward, and the way back; nobody needs the gradient of pictures, which is
/// to say, of one channel.
Operations convolution_operations(const std::string& id,
                                  const std::string& label,
                                  const ConvolutionGeometry& g);
/// Forward and back.
Operations relu_operations(const std::string& id, const std::string& label,
                           const Shape& shape);
/// Forward and back, windows of 2 x 2.
Operations max_pool_operations(const std::string& id, const std::string& label,
                               const Shape& shape);
/// Forward, back to the input, back to the weight.
Operations dense_operations(const std::string& id, const std::string& label,
                            const DenseGeometry& g);
/// Forward, in training, and back.
Operations batch_norm_operations(const std::string& id,
                                 const std::string& label, const Shape& shape);
/// Forward only: the way back is the same copy, or the same mask.
Operations flatten_operations(const std::string& id, const Shape& shape);
/// See above.
Operations dropout_operations(const std::string& id, const Shape& shape);
/// The loss with its gradient.
Operations loss_operations(const std::string& id, std::int64_t batch);
/// One step of SGD.
Operations sgd_operations(const std::string& id, std::int64_t parameters);

}  // namespace cnn
// endregion
