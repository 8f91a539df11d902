// region quiet: includes
#include "chapters/07_four_reports/experiment.hpp"
// endregion

// region all-experiments
namespace cnn {

std::string report_of(const Experiment& experiment) {
  return experiment.id.substr(0, experiment.id.find('/'));
}

std::vector<Experiment> all_experiments() {
  std::vector<Experiment> all;
  for (const auto& list : {report_001(), report_002(), report_003()}) {
    all.insert(all.end(), list.begin(), list.end());
  }
  return all;
}

}  // namespace cnn
// endregion
