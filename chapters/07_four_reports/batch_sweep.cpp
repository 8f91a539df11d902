// region quiet: includes
#include <fmt/format.h>

#include <cstdio>
#include <map>

#include "chapters/07_four_reports/report_001_story.hpp"
#include "chapters/07_four_reports/timed_training.hpp"
#include "common/report.hpp"

namespace cnn {
namespace {
// endregion

// region time-a-batch
/// Seconds of one step; `patient`: with all habits.
double step_seconds(const Program& program, const Dataset& pictures,
                    const std::string& where, bool patient,
                    std::int64_t batch) {
  constexpr std::int64_t kStretch = 20;
  Experiment experiment = report_001().front();
  experiment.batch = batch;
  const Place place(where, program.threads());
  Habits habits;
  if (patient) habits = slow_ways().back().habits;
  PatientBackend backend(place.backend(), place.adam(), habits,
                         memory_of(where));
  TimedTraining training(experiment, pictures, backend, backend, kStretch);
  return training.time(program.timing_plan()).median_s;
}
// endregion

// region crossings
}  // namespace

double wins_from(const std::vector<double>& batches,
                 const std::vector<double>& steps,
                 const std::vector<double>& others) {
  double from = 0;
  for (std::size_t i = batches.size(); i-- > 0 && steps[i] < others[i];) {
    from = batches[i];
  }
  return from;
}

double flat_to(const std::vector<double>& batches,
               const std::vector<double>& steps) {
  constexpr double kHardly = 1.25;
  double to = batches.front();
  for (std::size_t i = 0;
       i < batches.size() && steps[i] <= kHardly * steps.front(); ++i) {
    to = batches[i];
  }
  return to;
}
// endregion

// region sweep
namespace {

struct Runner {
  std::string id;  ///< "patient"
  std::string place;
  bool patient;
};

std::vector<Runner> runners(const std::vector<std::string>& places) {
  std::vector<Runner> all;
  for (const std::string& place : places) {
    all.push_back({place, place, false});
    if (place != "cpu") all.push_back({"patient", place, true});
  }
  return all;
}

void record_sweep(Results& results, const std::vector<double>& batches,
                  const std::map<std::string, std::vector<double>>& steps) {
  results.set_value("001/batches.batch", batches);
  for (const auto& [id, seconds] : steps) {
    std::vector<double> of_picture;
    for (std::size_t i = 0; i < batches.size(); ++i) {
      of_picture.push_back(seconds[i] / batches[i]);
    }
    const std::string key = "001/batches." + id;
    results.set_value(key, seconds);
    results.set_value(key + "_picture", of_picture);
    results.set_value(key + "_flat_to", flat_to(batches, seconds));
    if (id == "cpu" || !steps.contains("cpu")) continue;
    results.set_value(key + "_wins_from",
                      wins_from(batches, seconds, steps.at("cpu")));
  }
}

}  // namespace

void sweep_batches(Program& program, const Dataset& pictures,
                   const std::vector<std::string>& places) {
  const std::int64_t factor = program.options().quick ? 16 : 2;
  std::vector<double> batches;
  std::map<std::string, std::vector<double>> steps;
  for (std::int64_t batch = 1; batch <= 512; batch *= factor) {
    batches.push_back(static_cast<double>(batch));
    std::string line = fmt::format("  {:>3} pictures a step:", batch);
    for (const Runner& runner : runners(places)) {
      const double seconds =
          step_seconds(program, pictures, runner.place, runner.patient, batch);
      steps[runner.id].push_back(seconds);
      line += fmt::format("  {} {:>8}", runner.id, format_seconds(seconds));
    }
    fmt::print("{}\n", line);
    std::fflush(stdout);
  }
  record_sweep(program.results(), batches, steps);
}

}  // namespace cnn
// endregion
