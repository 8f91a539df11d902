// region quiet: includes
#pragma once

#include <string>
#include <vector>

#include "chapters/07_four_reports/full_batch.hpp"
#include "common/timing.hpp"
#include "common/work.hpp"

namespace cnn {
// endregion

// region full-batch-operations
/// One of the operations that an iteration of report 000 is made of.
struct OperationTime {
  std::string id;     ///< "weigh-pixels"
  std::string label;  ///< "pictures x weights"
  Work work;
  Timing timing;
};

/// Times each of them by itself, in the order of an iteration, waited for. ReLU
/// is one of its own here; the network does it while it writes the product.
std::vector<OperationTime> time_full_batch_operations(const Dataset& pictures,
                                                      std::uint64_t seed,
                                                      const Place& place,
                                                      const TimingPlan& plan);

/// Of one of so many steps that were timed together.
Timing per_step(Timing timing, std::int64_t steps);

}  // namespace cnn
// endregion
