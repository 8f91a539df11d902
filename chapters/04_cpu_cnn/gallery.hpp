// region quiet: includes
#pragma once

#include "chapters/04_cpu_cnn/lesson.hpp"
#include "common/data/dataset.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region gallery
/// What the network looks like from inside and outside, in the terminal and as
/// pictures: filters and feature maps, which classes it confuses, and the test
/// pictures that it is most wrong about.
void show_gallery(Program& program, Lesson& lesson, const Dataset& test);

/// Time and speed of each layer, in training.
void show_layer_times(Program& program, Lesson& lesson);

}  // namespace cnn
// endregion
