// region quiet: includes
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chapters/01_naive_convolution/loop_orders.hpp"
#include "chapters/01_naive_convolution/problem.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region ladder-declarations
/// Times one loop order on one problem, as measurement `id`.
void time_order(Program& program, const std::string& id,
                const std::string& label, const std::string& group,
                const LoopOrder& order, const RandomProblem& problem);

/// Times this chapter's rungs; returns their measurements' ids, slowest first.
std::vector<std::string> time_first_rungs(Program& program,
                                          const RandomProblem& problem);

/// Checks and times cuDNN on the same convolution. Returns the measurement's
/// id, or nothing, having said why, when it is not to be had.
std::optional<std::string> time_cudnn(Program& program,
                                      const RandomProblem& problem);

}  // namespace cnn
// endregion
