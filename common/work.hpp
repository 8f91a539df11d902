/// @file
/// What a computation has to do, counted where it is written.
#pragma once

namespace cnn {

/// Work and traffic of one call. `flop` counts additions and multiplications
/// separately; `bytes` is the least traffic with main memory: every input read
/// once, every output written once.
struct Work {
  double flop = 0;
  double bytes = 0;

  /// FLOP per byte.
  double intensity() const { return bytes > 0 ? flop / bytes : 0; }
};

}  // namespace cnn
