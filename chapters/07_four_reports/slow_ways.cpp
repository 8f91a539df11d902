// region quiet: includes
#include <fmt/format.h>

#include <memory>
#include <string>
#include <tuple>

#include "chapters/04_cpu_cnn/epoch_times.hpp"
#include "chapters/07_four_reports/report_001_story.hpp"
#include "chapters/07_four_reports/timed_training.hpp"
#include "common/report.hpp"

namespace cnn {
// endregion

// region list-slow-ways
std::vector<SlowWay> slow_ways() {
  constexpr std::int64_t kMegabyte = 1 << 20;
  constexpr Habits kAll{.waits = true,
                        .reads_loss = true,
                        .sends_pictures = true,
                        .borrows = kMegabyte};
  return {{"fast", "as in chapter 6", 64, {}},
          {"reads-loss", "reads every loss", 64, {.reads_loss = true}},
          {"sends", "sends its pictures", 64, {.sends_pictures = true}},
          {"waits", "waits each time", 64, {.waits = true}},
          {"borrows", "borrows memory", 64, {.borrows = kMegabyte}},
          {"all", "all of these", 64, kAll},
          {"fast-8", "as in chapter 6, 8 a step", 8, {}},
          {"all-8", "all of these, 8 a step", 8, kAll},
          {"fast-1", "as in chapter 6, 1 a step", 1, {}},
          {"all-1", "all of these, 1 a step", 1, kAll}};
}
// endregion

// region trained-in-a-way
namespace {

Experiment network_001_with(std::int64_t batch) {
  Experiment experiment = report_001().front();
  experiment.batch = batch;
  return experiment;
}

/// A place, someone patient in front of it, and a training there.
struct WayAtWork {
  WayAtWork(const SlowWay& way, const std::string& where, int threads,
            const Dataset& pictures, std::int64_t stretch)
      : place(where, threads),
        patient(place.backend(), place.adam(), way.habits, memory_of(where)),
        training(network_001_with(way.batch), pictures, patient, patient,
                 stretch) {}

  Place place;
  PatientBackend patient;
  TimedTraining training;
};
// endregion

// region check-habits
Comparison compare_bits(const std::vector<float>& actual,
                        const std::vector<float>& expected) {
  const std::vector<double> exact(expected.begin(), expected.end());
  const std::vector<double> nothing(expected.size());
  return compare(actual, {exact, nothing}, 1);
}

}  // namespace

void check_habits(Program& program, const Dataset& pictures,
                  const std::string& place) {
  constexpr std::int64_t kSteps = 4;
  std::vector<float> first;
  Comparison all;
  for (const SlowWay& way : slow_ways()) {
    if (way.batch != report_001().front().batch) continue;
    WayAtWork work(way, place, program.threads(), pictures, kSteps);
    work.training.run_stretch();
    const std::vector<float> learnt = work.training.weights().parameters;
    if (first.empty()) first = learnt;
    all = merge(all, compare_bits(learnt, first));
  }
  program.check("001/habits/" + place, "all slow ways, " + place,
                "the fast one's bits", all);
}
// endregion

// region time-cpu
namespace {

std::int64_t stretch_of(const Program& program) {
  return program.options().quick ? 5 : 50;
}

void record_epoch(Program& program, const std::string& id, double batch,
                  double step_seconds) {
  Results& results = program.results();
  const std::string key = "001/ways/" + id + ".";
  results.set_value(key + "batch", batch);
  results.set_value(key + "epoch_seconds",
                    step_seconds * kEpochPictures / batch);
}

}  // namespace

void time_cpu(Program& program, const Dataset& pictures) {
  const Experiment experiment = network_001_with(64);
  const int all = program.threads();
  for (const auto& [id, name, threads] :
       {std::tuple{"cpu-1", std::string("1 thread"), 1},
        {"cpu-2", std::string("2 threads"), 2},
        {"cpu-all", fmt::format("all threads, {}", all), all}}) {
    const Place place("cpu", threads);
    TimedTraining training(experiment, pictures, place.backend(), place.adam(),
                           stretch_of(program));
    const Timing step = training.time(program.timing_plan());
    program.add_measurement(fmt::format("001/ways/{}", id), "CPU, " + name,
                            {.flop = training.flop(), .bytes = 0}, step,
                            {.group = "001, a step", .threads = threads});
    record_epoch(program, id, 64, step.median_s);
  }
}
// endregion

// region time-slow-ways
namespace {

/// Seconds of the device's own work in a step of so many pictures.
double busy_seconds(const Dataset& pictures, const std::string& where,
                    std::int64_t batch) {
  constexpr std::int64_t kStretch = 16;
  const Place place(where, 1);
  TimedTraining training(network_001_with(batch), pictures, place.backend(),
                         place.adam(), kStretch);
  return seconds_without_gaps(training, place.backend());
}

void record_way(Program& program, const SlowWay& way, const Traffic& traffic,
                std::int64_t steps, double step_seconds, double busy) {
  Results& results = program.results();
  const std::string key = "001/ways/" + way.id + ".";
  // For each step, without the one look at the loss in a stretch.
  constexpr std::int64_t kLook = 2 * sizeof(float);
  const std::int64_t copied = (traffic.copied_bytes - kLook) / steps;
  results.set_value(key + "operations", traffic.operations / steps);
  results.set_value(key + "waits", traffic.waits / steps);
  results.set_value(key + "copied_bytes", copied);
  results.set_value(key + "busy_seconds", busy);
  results.set_value(key + "busy", busy / step_seconds);
  record_epoch(program, way.id, static_cast<double>(way.batch), step_seconds);
  fmt::print("    {} operations, {} waits, {} copied a step; busy {:.0f} %\n",
             traffic.operations / steps, traffic.waits / steps,
             format_bytes(static_cast<double>(copied)),
             100 * busy / step_seconds);
}

}  // namespace

void time_slow_ways(Program& program, const Dataset& pictures,
                    const std::string& place) {
  std::map<std::int64_t, double> busy;  // by batch: habits change no kernel
  for (const SlowWay& way : slow_ways()) {
    if (!busy.contains(way.batch)) {
      busy[way.batch] = busy_seconds(pictures, place, way.batch);
    }
    WayAtWork work(way, place, 1, pictures, stretch_of(program));
    const Timing step = work.training.time(program.timing_plan());
    work.patient.forget_traffic();
    work.training.run_stretch();
    program.add_measurement(
        "001/ways/" + way.id, way.label,
        {.flop = work.training.flop(), .bytes = 0}, step,
        {.group = "001, a step", .device = place == "gpu" ? "gpu" : "cpu"});
    record_way(program, way, work.patient.traffic(), work.training.last_steps(),
               step.median_s, busy.at(way.batch));
  }
}
// endregion

// region find-equals
namespace {

double epoch_seconds(const Results& results, const std::string& id) {
  return std::get<double>(
      results.values().at("001/ways/" + id + ".epoch_seconds"));
}

/// The first way whose epoch takes as long as this.
std::string as_slow_as(const Results& results, double seconds) {
  for (const SlowWay& way : slow_ways()) {
    if (epoch_seconds(results, way.id) >= seconds) return way.label;
  }
  return "none of these";
}

}  // namespace

void find_equals(Program& program) {
  Results& results = program.results();
  const auto find = [&](const std::string& key, const std::string& whose,
                        double seconds) {
    const std::string way = as_slow_as(results, seconds);
    results.set_value(key + ".equal", way);
    fmt::print("  as slow as {}: {}\n", whose, way);
  };
  find("001/ways/cpu-1", "one thread", epoch_seconds(results, "cpu-1"));
  find("001/ways/cpu-2", "two threads", epoch_seconds(results, "cpu-2"));
  find("001/ways/cpu-all", "all threads", epoch_seconds(results, "cpu-all"));
  const Reported said = report_001().front().reported;
  find("001/as-reported.reported", "the report",
       said.gpu_seconds / said.epochs);
}

}  // namespace cnn
// endregion
