/// @file
/// A zoo of kernels with one mistake each that people really make.
#pragma once

#include <memory>

#include "chapters/04_cpu_cnn/backend.hpp"

namespace cnn::test {

enum class Mistake {
  kNone,                ///< the zoo's own copies of the kernels, unbroken
  kHaloOffByOne,        ///< row 0 of the input is taken for padding
  kSwappedSides,        ///< rows are counted as columns
  kForgottenStride,     ///< neighbours' windows begin at neighbouring pixels
  kRaggedBlockMissing,  ///< outputs that fill no block have no thread
  kNoBiasGradient,      ///< nobody computes it
  kLastMaximumWins,     ///< of equals
  kMomentumOtherWay,    ///< as other libraries define it
  kAllZeros,            ///< nothing was launched
  kNan                  ///< one thread's result
};

/// The zoo in each world there is.
std::unique_ptr<Backend> make_broken_backend_on_gpu(Mistake mistake);
std::unique_ptr<Backend> make_broken_backend_emulated(Mistake mistake);

}  // namespace cnn::test
