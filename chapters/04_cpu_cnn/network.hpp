// region quiet: includes
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "chapters/04_cpu_cnn/sequential.hpp"

namespace cnn {
// endregion

// region layer-summary
/// One line of a network's summary.
struct LayerSummary {
  std::string description;
  Shape output;  ///< for one picture
  std::int64_t parameters = 0;
  std::int64_t multiply_adds = 0;  ///< forward, for one picture
};

/// The lines of a summary, without allocating anything.
std::vector<LayerSummary> summarise(const Sequential& model,
                                    const Shape& input);
// endregion

// region network
/// Layers bound to a backend, a batch size, and memory. All of it is planned
/// and allocated by the constructor: parameters, gradients and buffers in one
/// arena each, activations and their gradients (those that nobody needs any
/// more share their room). Afterwards nothing is allocated.
class Network {
 public:
  /// The label of a picture that is not there: it costs no loss, sends no
  /// gradient and counts as no answer. Fills up a batch that is not full.
  static constexpr std::uint8_t kNoLabel = 255;

  /// @param input NCHW; its batch is the size of every batch
  /// @param seed decides initial parameters and dropout
  /// Throws InputError, naming the layer and both shapes, where one layer does
  /// not fit the next.
  Network(const Sequential& model, const Shape& input, Backend& backend,
          std::uint64_t seed);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  Backend& backend() const;
  const Shape& input_shape() const;
  std::int64_t classes() const;  ///< outputs of the last layer

  // --- one step: fill input() and labels(), then these in order -----------
  Array input() const;       ///< an activation of input_shape()
  ByteArray labels() const;  ///< one for each picture of the batch
  /// @param step which step of the training this is: chooses the dropout masks
  void forward(bool training, std::uint64_t step = 0);
  /// Adds to totals(): sum of losses, right answers. With `gradient`, also
  /// computes that of the logits, which backward() starts from.
  void loss(bool gradient);
  /// Throws std::logic_error unless forward() in training and loss() with
  /// gradient came before.
  void backward();

  ConstArray logits() const;  ///< batch x classes
  Array totals() const;       ///< 2 floats: sum of losses, right answers

  // --- what is learnt -------------------------------------------------------
  std::span<const Parameter> parameters() const;  ///< offsets in arena order
  std::span<const Parameter> buffers() const;     ///< running statistics
  /// Floats in the first two arenas: every parameter begins at a cache line,
  /// and the gaps before it stay 0.
  std::int64_t parameter_count() const;
  std::int64_t buffer_count() const;
  Array parameter_arena() const;
  Array gradient_arena() const;
  Array buffer_arena() const;
  /// Sets all parameters and buffers as the seed and the layers say.
  void initialise();

  // --- looking inside -------------------------------------------------------
  std::span<const LayerSummary> layers() const;
  /// NCHW output of layer `index` at the last forward pass, asked before any
  /// backward pass. Throws std::out_of_range, or InputError when nobody wrote
  /// it to memory, or somebody wrote over it: then ask for the layer after it.
  std::vector<float> output_of(std::int64_t index) const;
  /// Calls observer(layer, forward, seconds) after each layer, having waited
  /// for the backend: for a profile by layer, and slower. Layers that are done
  /// in one operation report as the first of them. Empty: none.
  void observe(
      std::function<void(std::int64_t layer, bool forward, double seconds)>
          observer);

 private:
  struct Plan;
  std::unique_ptr<Plan> plan_;
};

}  // namespace cnn
// endregion
