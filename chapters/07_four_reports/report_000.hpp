// region quiet: includes
#pragma once

#include <string>
#include <vector>

#include "common/data/dataset.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region report-000-story
/// The pictures of report 000. Of a table as Kaggle's, which is what its README
/// has, all are to learn from, but for those set aside, and none to test with.
/// @param name as load_dataset() takes it
DatasetPair pictures_of_report_000(const std::string& name);

/// Report 000 in these places, as it did it and in one pass over the pictures:
/// checks 000/WAY/PLACE, then measurements 000/operations/PLACE/OPERATION and
/// 000/one-pass/PLACE, and values 000/full-batch.PLACE and 000/one-pass.PLACE:
/// .seconds, .iteration_seconds, .losses and others; 000/blank: how much of the
/// pictures is blank.
void repeat_report_000(Program& program, const std::vector<std::string>& places,
                       const DatasetPair& data);

}  // namespace cnn
// endregion
