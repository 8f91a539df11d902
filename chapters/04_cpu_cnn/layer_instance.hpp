// region quiet: includes
#pragma once

#include <cstdint>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "chapters/04_cpu_cnn/sequential.hpp"

namespace cnn {
// endregion

// region layer-arrays
/// The arrays that a layer works with, in the backend's memory.
struct LayerArrays {
  Array input = nullptr;
  Array output = nullptr;
  Array output_gradient = nullptr;
  Array input_gradient = nullptr;  ///< null where nobody needs it
  std::vector<Array> parameters;   ///< in the order that the layer lists them
  std::vector<Array> gradients;    ///< likewise
  std::vector<Array> buffers;
};
// endregion

// region pass
/// What the layers of one forward pass have in common.
struct Pass {
  bool training = false;
  std::uint64_t step = 0;
  std::uint64_t seed = 0;
};

/// Streams of a network's random numbers: initial parameters count up from 0,
/// dropout layers from here.
inline constexpr std::uint64_t kDropoutStreams = std::uint64_t{1} << 32;
// endregion

// region memory-use
/// What a layer wants of the arrays that it is given: this decides which may
/// share their memory.
struct MemoryUse {
  bool keeps_input = false;   ///< the way back reads the input again
  bool keeps_output = false;  ///< the way back reads the output again
  bool in_place = false;      ///< output may overwrite input, and likewise back
  bool gradient_over_input = false;  ///< the way back may overwrite the input
};
// endregion

// region layer-instance
/// A layer at work: knows its shapes, calls the backend, owns what it needs
/// beside the arrays.
class LayerInstance {
 public:
  virtual ~LayerInstance() = default;
  /// Takes the next layer in, if one operation of the backend can do both.
  /// Asked before reserve(), until the answer is no.
  virtual bool absorb(const Layer& next, const Backend& backend);
  /// Asked once nothing more is taken in.
  virtual MemoryUse memory_use() const = 0;
  /// Allocates what forward() and backward() need. `layer` is its number.
  virtual void reserve(Backend& backend, std::int64_t layer) = 0;
  /// Reads the input, writes the output.
  virtual void forward(Backend& backend, const LayerArrays& arrays,
                       const Pass& pass) = 0;
  /// After a forward pass in training.
  virtual void backward(Backend& backend, const LayerArrays& arrays) = 0;
};
// endregion

// region features
/// Throws InputError, in the name of `layer`, unless the input is features:
/// channels of one pixel.
void require_features(const Layer& layer, const Shape& input);
/// "64x5x5": of one picture.
std::string to_string_of_one(const Shape& shape);

}  // namespace cnn
// endregion
