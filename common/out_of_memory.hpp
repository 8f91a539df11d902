/// @file
/// When a GPU's memory is too small.
#pragma once

#include "common/errors.hpp"

namespace cnn {

/// The sentence says how much was asked for and how much is free. Whoever knows
/// what for may catch it, and try with less.
class OutOfMemory : public InputError {
 public:
  using InputError::InputError;
};

}  // namespace cnn
