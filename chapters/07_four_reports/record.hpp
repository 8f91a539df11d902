// region quiet: includes
#pragma once

#include <span>

#include "chapters/07_four_reports/full_batch.hpp"
#include "chapters/07_four_reports/study.hpp"
#include "chapters/07_four_reports/tables.hpp"
#include "chapters/07_four_reports/train_one_pass.hpp"
#include "common/program.hpp"
// endregion

// region record
namespace cnn {

/// Puts an experiment on record: values ID.PLACE.accuracies (one for each
/// seed), .accuracy (their mean) and .confidence, .loss, .seconds, .epochs, the
/// first seed's curves under ID.PLACE.curve and its .confusion (counts, a row
/// for each truth), .fair_accuracy (where a fault of the evaluation is left
/// out), and under ID.reported what the report says.
void record(Results& results, const Summary& summary,
            std::span<const Outcome> outcomes);

/// What it took: a measurement epoch/ID/PLACE, of the median epoch of all
/// seeds, printed as a row; values ID.parameters, .multiply_adds and .step_flop
/// as this course counts, .counted_weights and .counted_multiply_adds as report
/// 002 does; and in its place ID.PLACE.epoch_seconds, .flop_per_s,
/// .share_of_peak, and .bytes of memory.
/// @param pictures the training part
void record_effort(Program& program, const Experiment& experiment,
                   const Dataset& pictures, std::span<const Outcome> outcomes);

/// Likewise under 000/full-batch.PLACE: seconds of an iteration and of its
/// parts, curves, accuracies.
void record(Results& results, const std::string& place,
            const FullBatchOutcome& outcome);
/// Likewise under 000/one-pass.PLACE.
void record(Results& results, const std::string& place,
            const OnePassOutcome& outcome);

}  // namespace cnn
// endregion
