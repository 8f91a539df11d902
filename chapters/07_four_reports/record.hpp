// region quiet: includes
#pragma once

#include <span>

#include "chapters/07_four_reports/full_batch.hpp"
#include "chapters/07_four_reports/study.hpp"
#include "chapters/07_four_reports/tables.hpp"
#include "common/results.hpp"

namespace cnn {
// endregion

// region record
/// Puts an experiment on record: values ID.PLACE.accuracies (one for each
/// seed), .accuracy (their mean) and .confidence, .loss, .seconds, .epochs, the
/// first seed's curves under ID.PLACE.curve, and under ID.reported what the
/// report says.
void record(Results& results, const Summary& summary,
            std::span<const Outcome> outcomes);

/// Likewise under 000/full-batch.PLACE: seconds of an iteration and of its
/// parts, curves, accuracies.
void record(Results& results, const std::string& place,
            const FullBatchOutcome& outcome);

}  // namespace cnn
// endregion
