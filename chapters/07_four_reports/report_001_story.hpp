// region quiet: includes
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chapters/07_four_reports/patient_backend.hpp"
#include "chapters/07_four_reports/place.hpp"
#include "common/data/dataset.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region explain-report-001
/// Why a GPU may be no faster than a CPU, in five parts; checks first. Without
/// a GPU, each says what it leaves out.
void explain_report_001(Program& program, const DatasetPair& data);
// endregion

// region slow-ways
/// One way to train report 001's network on a GPU.
struct SlowWay {
  std::string id;     ///< "waits"
  std::string label;  ///< "waits after every operation"
  std::int64_t batch;
  Habits habits;
};

/// From none to all habits, and then with fewer pictures a step.
std::vector<SlowWay> slow_ways();

/// What the habit of borrowing takes from in this place.
BorrowMemory memory_of(const std::string& place);
// endregion

// region parts-of-the-story
/// Every way with the report's batch leaves the same bits as the first one:
/// check 001/habits/PLACE.
void check_habits(Program& program, const Dataset& pictures,
                  const std::string& place);

/// The CPU with 1, 2 and all threads: measurements 001/ways/cpu-N.
void time_cpu(Program& program, const Dataset& pictures);

/// All ways in a place: measurements 001/ways/ID. Values 001/ways/ID.batch,
/// .epoch_seconds, and for each step .operations, .waits, .copied_bytes,
/// .busy_seconds (of the device) and .busy, as a share of the step.
void time_slow_ways(Program& program, const Dataset& pictures,
                    const std::string& place);

/// Which of the ways is as slow as a CPU, and as the report: texts, values
/// 001/ways/cpu-N.equal and 001/as-reported.reported.equal. Needs both of the
/// above.
void find_equals(Program& program);

/// A step at every batch from 1 to 512: values 001/batches.batch, and for the
/// CPU, the GPU and a GPU with all habits .cpu, .gpu and .patient (seconds a
/// step), .cpu_picture and so on (for each picture), .gpu_wins_from and
/// .patient_wins_from (the smallest batch from which it is faster than the
/// CPU; 0: none), .gpu_flat_to (the largest whose step takes no more than a
/// quarter longer than that of one picture).
void sweep_batches(Program& program, const Dataset& pictures,
                   const std::vector<std::string>& places);

/// The smallest batch from which on every step is faster than the other's; 0
/// where the last one is not. All three lists are equally long.
double wins_from(const std::vector<double>& batches,
                 const std::vector<double>& steps,
                 const std::vector<double>& others);

/// The largest batch up to which every step takes hardly longer than the first
/// one: by a quarter at most.
double flat_to(const std::vector<double>& batches,
               const std::vector<double>& steps);

/// The same training on the CPU twice, from two seeds: values 001/twice.seconds
/// and .accuracies, a list each, and .apart, the difference of the seconds as a
/// share.
void train_twice(Program& program, const DatasetPair& data);

/// Busy cores while it trains: values 001/cpu-use.PLACE.cores and .share, of
/// all threads that the program may use.
void measure_cpu_uses(Program& program, const Dataset& pictures,
                      const std::vector<std::string>& places);

/// Report 003's table of im2col, on the CPU and on the GPU: measurements
/// 003/im2col/batch-N/WAY, values 003/im2col/batch-N.WAY_bytes: what is kept
/// beside input, filters and output.
void compare_columns(Program& program);

}  // namespace cnn
// endregion
