// region quiet: includes
#pragma once

#include <span>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/confusion.hpp"
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

/// The part about classes: a table, confusion.png, value confusion.counts.
void show_confusion(Program& program, const ConfusionMatrix& matrix);
/// The part about pictures: the most wrong answers in words, and as worst.png.
/// @param files what the pictures are called; empty: by their numbers
void show_worst(Program& program, const Dataset& test,
                const std::vector<Prediction>& predictions,
                std::span<const std::string> files = {});

/// Time and speed of each layer, in training.
void show_layer_times(Program& program, Lesson& lesson);

}  // namespace cnn
// endregion
