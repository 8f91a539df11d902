// region quiet: includes
#pragma once

#include <string>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "common/program.hpp"
#include "common/work.hpp"

namespace cnn {
// endregion

// region stories-declarations
/// The steps from three loops to the limit, at one size; one instruction set
/// after the other; and the four transposed cases.
void time_steps(Program& program);

/// Products of many sizes, beside OpenBLAS.
void time_sizes(Program& program);

/// The reports' convolutions in three directions, each in several ways.
void time_convolutions(Program& program);

/// ReLU and pooling in the kernel against passes of their own.
void time_fusion(Program& program);

/// The course's ladder.
void climb_ladder(Program& program, const RandomProblem& problem);
// endregion

// region product-work
/// The work of a product of square matrices: a multiplication and an addition
/// for each of n x n x n terms, and three matrices moved once.
Work product_work(std::int64_t n);

}  // namespace cnn
// endregion
