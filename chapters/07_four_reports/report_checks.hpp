// region quiet: includes
#pragma once

#include <string>

#include "common/data/dataset.hpp"
#include "common/program.hpp"
// endregion

// region report-checks
namespace cnn {

/// Weights and multiply-adds of every network for which report 002 gives them,
/// to the digit, and where the report says two things. No picture is needed.
void check_counts(Program& program);

/// Networks by their line against those that chapter 4 wrote by hand, layer by
/// layer.
void check_notation(Program& program);

/// The first ten steps of one study of each report: in this place against
/// chapter 4's CPU (there: against its other ways to convolve), and once more,
/// where not one bit may differ.
void check_studies(Program& program, const std::string& place);

}  // namespace cnn
// endregion
