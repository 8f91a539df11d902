// region quiet: includes
#pragma once

#include <map>
#include <string>
#include <vector>

#include "chapters/07_four_reports/report_flags.hpp"
#include "chapters/07_four_reports/study.hpp"
#include "common/program.hpp"
// endregion

// region data-sets
namespace cnn {

/// Data sets by name, each read once; with --quick, no more pictures than the
/// sets in the repository have.
class DataSets {
 public:
  explicit DataSets(bool quick) : quick_(quick) {}
  /// As load_dataset() knows it.
  const DatasetPair& named(const std::string& name);

 private:
  bool quick_;
  std::map<std::string, DatasetPair> sets_;
};
// endregion

// region repeat
/// Says what is going to run, where, for how many epochs and how long that may
/// take: an epoch is guessed from a few steps, unless --quick was given.
void announce(Program& program, const ReportFlags& flags,
              const std::vector<Experiment>& experiments, DataSets& data);

/// Runs those experiments of a report everywhere, with all seeds, a line each;
/// then a table beside the report's numbers; puts them on record. What an
/// earlier run has left in OUT/07/outcomes is not done again.
void repeat_report(Program& program, const ReportFlags& flags,
                   const std::string& report,
                   const std::vector<Experiment>& experiments, DataSets& data);

/// Where repeat_report() left an experiment's network of the first seed.
std::filesystem::path model_path(const Program& program,
                                 const Experiment& experiment,
                                 const std::string& place, std::uint64_t seed);

}  // namespace cnn
// endregion
