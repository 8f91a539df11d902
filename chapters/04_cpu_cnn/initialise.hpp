// region quiet: includes
#pragma once

#include <cstdint>
#include <span>

#include "chapters/04_cpu_cnn/sequential.hpp"
#include "common/random.hpp"

namespace cnn {
// endregion

// region initialise-declarations
/// Element `index` of a sequence of normally distributed numbers, mean 0,
/// deviation 1. Source: Box and Muller, "A note on the generation of random
/// normal deviates", Annals of Mathematical Statistics 29, 1958.
double normal(const Random& random, std::uint64_t index);

/// The values that a parameter begins with, computed here on the host, so that
/// they are the same on every backend.
void initialise(const Parameter& parameter, const Random& random,
                std::span<float> values);

/// How the bias beside such weights begins: at 0, but as PyTorch has it when
/// the weights are as PyTorch has them.
Initialiser bias_beside(const Initialiser& weight);

}  // namespace cnn
// endregion
