#pragma once

#include "chapters/07_four_reports/experiment.hpp"

namespace cnn {

/// A network for Fashion-MNIST within a budget. All but its layers, its
/// initial weights, its pixels and its rate are the test's business.
Experiment own_experiment();

}  // namespace cnn
