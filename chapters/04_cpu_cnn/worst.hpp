// region quiet: includes
#pragma once

#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/evaluate.hpp"
#include "common/data/dataset.hpp"
#include "common/data/picture.hpp"

namespace cnn {
// endregion

// region worst
/// The wrong answers, worst first: those where the truth was given the least
/// probability.
std::vector<Prediction> most_wrong(std::vector<Prediction> predictions,
                                   std::size_t how_many);

/// These pictures on one sheet, `columns` in a row, in order.
Picture picture_sheet(const Dataset& dataset,
                      std::span<const Prediction> predictions,
                      std::int64_t columns, std::int64_t scale);

}  // namespace cnn
// endregion
