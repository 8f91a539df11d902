// region quiet: includes
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/04_cpu_cnn/sequential.hpp"
// endregion

// region notation
namespace cnn {

/// A network from one line, as the reports and papers write it:
///
///     8C3p1-R-P2-D0.3-10
///
/// - `8C3` a convolution with 8 output channels and a 3x3 kernel, `s2` stride
///   2, `p1` padding 1
/// - `128` a dense layer of 128 outputs; the first one flattens what it gets
/// - `R` ReLU, `BN` batch normalisation, `P2` largest and `A2` mean of 2x2
///   windows, `D0.3` dropout
///
/// @param weight how the weights of convolutions and dense layers begin
/// Throws InputError that names the piece which is none, and its place.
Sequential network_from(std::string_view line, Initialiser weight);

/// The same line with another number of classes: of outputs of the last layer.
std::string with_classes(std::string_view line, std::int64_t classes);
// endregion

// region noted-layer
/// One layer as the line says it, for whoever wants something else than to
/// compute with it.
struct NotedLayer {
  /// What it does.
  enum class Kind {
    kConvolution,
    kDense,
    kFlatten,
    kBatchNorm,
    kRelu,
    kMaxPool,
    kAveragePool,
    kDropout
  };
  /// Of batch normalisation; PyTorch's, too.
  static constexpr float kMomentum = 0.1F;
  static constexpr float kEpsilon = 1e-5F;

  Kind kind = Kind::kRelu;
  std::int64_t outputs = 0;  ///< channels or features
  std::int64_t size = 0;     ///< side of the kernel, or of the window
  std::int64_t stride = 1;
  std::int64_t padding = 0;
  float probability = 0;  ///< of dropout
  /// Whether what comes in is features already, not pictures.
  bool features = false;
};

/// All layers of a line, with the flatten() that it leaves out: as many as
/// network_from() makes, in the same order. Outputs go up to 65,536, sizes up
/// to 1,024. Throws InputError likewise.
std::vector<NotedLayer> read_notation(std::string_view line);

}  // namespace cnn
// endregion
