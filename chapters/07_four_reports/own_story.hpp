// region quiet: includes
#pragma once

#include "chapters/07_four_reports/report_flags.hpp"
#include "common/program.hpp"
// endregion

// region own-story
namespace cnn {

/// A network for the pictures that --data names: trains it, shows which classes
/// it confuses and which pictures it is most wrong about (their files by name,
/// OUT/07/worst.png, OUT/07/confusion.png), and saves it for ./course predict.
/// Values own.test_accuracy, .test_loss, .recipe, confusion.counts, and the
/// curves own.curve.
void learn_own_pictures(Program& program, const ReportFlags& flags);

}  // namespace cnn
// endregion
