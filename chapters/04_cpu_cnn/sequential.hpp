// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "common/tensor.hpp"

namespace cnn {
// endregion

// region initialiser
/// How a parameter begins. Fans are counted as PyTorch counts them: inputs (or
/// outputs) of one unit times the kernel area.
struct Initialiser {
  /// Which distribution.
  enum class Kind {
    kConstant,       ///< value
    kNormal,         ///< mean 0, deviation `value`
    kHeNormal,       ///< deviation sqrt(2 / fan_in)
    kHeUniform,      ///< in +-sqrt(6 / fan_in)
    kXavierNormal,   ///< deviation sqrt(2 / (fan_in + fan_out))
    kXavierUniform,  ///< in +-sqrt(6 / (fan_in + fan_out))
    kFanInUniform    ///< in +-sqrt(1 / fan_in): PyTorch's default
  };
  Kind kind = Kind::kHeUniform;
  float value = 0;
};
// endregion

// region parameter
/// One array that a layer learns (a parameter) or keeps (a buffer: running
/// statistics), and where it lies in the network's arena.
struct Parameter {
  std::string name;  ///< as PyTorch's Sequential names it: "0.weight"
  std::vector<std::int64_t> shape;
  Initialiser initialiser;
  std::int64_t fan_in = 1;
  std::int64_t fan_out = 1;
  std::int64_t offset = 0;  ///< floats from the arena's beginning
  std::int64_t size() const;
};
// endregion

// region layer
class LayerInstance;

/// A layer as it is written down: no memory, no input size. A network asks it
/// for what it needs once the input is known.
class Layer {
 public:
  virtual ~Layer() = default;
  /// "Conv2d(1 -> 32, kernel 3x3)".
  virtual std::string description(const Shape& input) const = 0;
  /// NCHW; features are channels of one pixel. Throws InputError, naming the
  /// layer and both shapes, when the input does not fit.
  virtual Shape output_shape(const Shape& input) const = 0;
  /// Without offsets; names without the layer's number ("weight").
  virtual std::vector<Parameter> parameters(const Shape& input) const;
  /// Likewise: what is kept, and not learnt.
  virtual std::vector<Parameter> buffers(const Shape& input) const;
  /// Multiply-adds of one forward pass for this input.
  virtual std::int64_t multiply_adds(const Shape& input) const;
  /// The layer at work on inputs of this shape: layer_instance.hpp.
  virtual std::unique_ptr<LayerInstance> instantiate(
      const Shape& input) const = 0;
};

/// Layers, one after another. Shared, because a description never changes.
struct Sequential {
  std::vector<std::shared_ptr<const Layer>> layers;
};

/// The shape of every layer's output. Throws InputError, naming the layer, its
/// number and both shapes, where one does not fit the next.
std::vector<Shape> output_shapes(const Sequential& model, const Shape& input);
// endregion

// region layer-makers
/// A convolution with a square kernel, and a bias.
std::shared_ptr<const Layer> conv2d(
    std::int64_t output_channels, std::int64_t kernel, std::int64_t stride = 1,
    std::int64_t padding = 0,
    Initialiser weight = {Initialiser::Kind::kHeUniform});
/// Every output a sum over every input, and a bias.
std::shared_ptr<const Layer> dense(std::int64_t outputs,
                                   Initialiser weight = {
                                       Initialiser::Kind::kHeUniform});
/// max(0, x).
std::shared_ptr<const Layer> relu();
/// The largest number of each window.
std::shared_ptr<const Layer> max_pool2d(std::int64_t size,
                                        std::int64_t stride = 0);  // 0: size
/// The mean of each window.
std::shared_ptr<const Layer> average_pool2d(std::int64_t size,
                                            std::int64_t stride = 0);
/// Channels, rows and columns to features.
std::shared_ptr<const Layer> flatten();
/// Drops numbers with this probability while training.
std::shared_ptr<const Layer> dropout(float probability);
/// Batch normalisation of features. `momentum` is the share of each new batch
/// in the running statistics.
std::shared_ptr<const Layer> batch_norm1d(float momentum = 0.1F,
                                          float epsilon = 1e-5F);
/// Batch normalisation of channels, over rows and columns, too.
std::shared_ptr<const Layer> batch_norm2d(float momentum = 0.1F,
                                          float epsilon = 1e-5F);

}  // namespace cnn
// endregion
