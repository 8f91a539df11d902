// region quiet: includes
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "chapters/07_four_reports/cpu_use.hpp"
#include "chapters/07_four_reports/report_001_story.hpp"
#include "chapters/07_four_reports/study.hpp"
#include "chapters/07_four_reports/timed_training.hpp"
#include "common/report.hpp"

namespace cnn {
// endregion

// region train-twice
void train_twice(Program& program, const DatasetPair& data) {
  Experiment experiment = report_001().front();
  if (program.options().quick) experiment.epochs = 1;
  std::vector<double> seconds;
  std::vector<double> accuracies;
  for (std::uint64_t run = 0; run < 2; ++run) {
    const Place place("cpu", program.threads());
    Study study(experiment, data, program.options().seed + run, place);
    study.trainer().run();
    const Outcome outcome = study.outcome();
    seconds.push_back(outcome.seconds);
    accuracies.push_back(outcome.test.accuracy);
    fmt::print("  the CPU, run {}: {:>8}  {:.2f} %\n", run + 1,
               format_seconds(outcome.seconds), 100 * outcome.test.accuracy);
    std::fflush(stdout);
  }
  Results& results = program.results();
  results.set_value("001/twice.seconds", seconds);
  results.set_value("001/twice.accuracies", accuracies);
  results.set_value("001/twice.apart", std::abs(seconds[0] - seconds[1]) /
                                           std::max(seconds[0], seconds[1]));
}
// endregion

// region measure-cpu-uses
void measure_cpu_uses(Program& program, const Dataset& pictures,
                      const std::vector<std::string>& places) {
  const double least = program.options().quick ? 0.2 : 2.0;
  for (const std::string& where : places) {
    const Place place(where, program.threads());
    TimedTraining training(report_001().front(), pictures, place.backend(),
                           place.adam(), 50);
    training.run_stretch();  // loads code, wakes the GPU
    const CpuUse use = measure_cpu_use([&] {
      for (double seconds = 0; seconds < least;) {
        seconds += training.run_stretch();
      }
    });
    const double share = use.cores() / program.threads();
    const std::string key = "001/cpu-use." + where + ".";
    program.results().set_value(key + "cores", use.cores());
    program.results().set_value(key + "share", share);
    fmt::print("  training on the {} keeps {:.2f} of {} cores busy: {:.1f} %\n",
               where, use.cores(), program.threads(), 100 * share);
    std::fflush(stdout);
  }
}

}  // namespace cnn
// endregion
