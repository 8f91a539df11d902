// region quiet: includes
#include "chapters/07_four_reports/repeat.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "chapters/04_cpu_cnn/checkpoint.hpp"
#include "chapters/04_cpu_cnn/lesson.hpp"
#include "chapters/07_four_reports/counts.hpp"
#include "chapters/07_four_reports/model_file.hpp"
#include "chapters/07_four_reports/outcome_file.hpp"
#include "chapters/07_four_reports/record.hpp"
#include "chapters/07_four_reports/tables.hpp"
#include "common/errors.hpp"
#include "common/report.hpp"
// endregion

// region data-sets-named
namespace cnn {

const DatasetPair& DataSets::named(const std::string& name) {
  const auto found = sets_.find(name);
  if (found != sets_.end()) return found->second;
  DatasetPair pair = load_dataset(name);
  if (quick_) pair = for_a_first_look(std::move(pair));
  return sets_.emplace(name, std::move(pair)).first->second;
}
// endregion

// region files-of-outcomes
namespace {

std::filesystem::path outcome_file(const Program& program,
                                   const Experiment& experiment,
                                   const std::string& place,
                                   std::uint64_t seed) {
  return outcome_path(program.picture_path("outcomes"), experiment, place,
                      seed);
}

}  // namespace

std::filesystem::path model_path(const Program& program,
                                 const Experiment& experiment,
                                 const std::string& place, std::uint64_t seed) {
  return outcome_file(program, experiment, place, seed)
      .replace_extension("safetensors");
}
// endregion

// region train-on
namespace {

/// From where a run that was interrupted has got to.
void train(Study& study, const std::filesystem::path& checkpoint) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::seconds kLongEnough{10};  // to be sorry about
  if (std::filesystem::exists(checkpoint)) {
    try {
      load_checkpoint(checkpoint, study.trainer());
    } catch (const InputError&) {
      // Another recipe's, or damaged: from the beginning, then.
    }
  }
  auto saved = Clock::now();
  study.trainer().run([&](const Trainer& trainer) {
    if (Clock::now() - saved < kLongEnough) return;
    save_checkpoint(checkpoint, trainer);
    saved = Clock::now();
  });
  std::filesystem::remove(checkpoint);
}
// endregion

// region run-one
Outcome run_one(const Program& program, const ReportFlags& flags,
                const Experiment& experiment, const DatasetPair& data,
                const std::string& where, std::uint64_t seed) {
  const Place place(where, program.threads());
  Study study(experiment, data, seed, place);
  const auto file = outcome_file(program, experiment, where, seed);
  const auto model = model_path(program, experiment, where, seed);
  if (!flags.again && std::filesystem::exists(model)) {
    if (auto known = find_outcome(file, study.recipe())) return *known;
  }
  auto checkpoint = file;
  train(study, checkpoint.replace_extension("checkpoint"));
  Outcome outcome = study.outcome();
  save_model(model, study.model());
  save_outcome(file, outcome);
  return outcome;
}

std::vector<Outcome> run_seeds(const Program& program, const ReportFlags& flags,
                               const Experiment& experiment,
                               const DatasetPair& data,
                               const std::string& where) {
  const std::int64_t seeds = chosen_seeds(flags, where);
  std::vector<Outcome> outcomes;
  outcomes.reserve(static_cast<std::size_t>(seeds));
  for (std::int64_t i = 0; i < seeds; ++i) {
    const std::uint64_t seed =
        program.options().seed + static_cast<std::uint64_t>(i);
    outcomes.push_back(run_one(program, flags, experiment, data, where, seed));
    const Outcome& last = outcomes.back();
    fmt::print("  {:<30}{:<9} seed {:<4}{:>6.2f} %{:>4} epochs{:>10}\n",
               experiment.id, where, seed, 100 * last.test.accuracy,
               last.history.size(), format_seconds(last.seconds));
    std::fflush(stdout);
  }
  return outcomes;
}

}  // namespace
// endregion

// region repeat-report
void repeat_report(Program& program, const ReportFlags& flags,
                   const std::string& report,
                   const std::vector<Experiment>& experiments, DataSets& data) {
  program.section("report " + report);
  std::vector<Summary> rows;
  std::vector<std::vector<Outcome>> all;
  for (const Experiment& whole : experiments) {
    if (report_of(whole) != report) continue;
    const DatasetPair& pictures = data.named(whole.data);
    for (const std::string& place :
         places_for(whole, flags, program.options().no_gpu, pictures.train)) {
      const Experiment experiment =
          that_fits(whole, flags, place, pictures.train);
      all.push_back(run_seeds(program, flags, experiment, pictures, place));
      rows.push_back(summarise_outcomes(experiment, all.back()));
      rows.back().pictures = static_cast<double>(pictures.train.count);
      record(program.results(), rows.back(), all.back());
    }
  }
  fmt::print("\n{}\n", side_by_side(rows));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Experiment& experiment = rows[i].experiment;
    record_effort(program, experiment, data.named(experiment.data).train,
                  all[i]);
  }
}
// endregion

// region guess-an-epoch
namespace {

/// A training of very few pictures, twice: the second time, code is loaded and
/// the memory is there.
double guess_epoch(const Program& program, Experiment experiment,
                   const DatasetPair& data, const std::string& where) {
  constexpr std::int64_t kSteps = 3;
  const auto steps = effort_of(experiment, data.train).steps;
  std::vector<std::int64_t> some(
      static_cast<std::size_t>(kSteps * experiment.batch));
  for (std::size_t i = 0; i < some.size(); ++i) {
    some[i] = static_cast<std::int64_t>(i) % data.train.count;
  }
  experiment.epochs = 2;
  experiment.patience = 0;
  experiment.validation = 0;
  const Dataset pictures = select(data.train, some);
  const Place place(where, program.threads());
  Study study(experiment, {pictures, pictures}, program.options().seed, place);
  study.trainer().run();
  return study.trainer().state().history.back().seconds *
         static_cast<double>(steps) / kSteps;
}

}  // namespace
// endregion

// region announce
void announce(Program& program, const ReportFlags& flags,
              const std::vector<Experiment>& experiments, DataSets& data) {
  if (experiments.empty()) return;
  program.section("plan");
  const bool quick = program.options().quick;
  fmt::print("  {:<30}{:<9}{:>12}{:>12}{:>12}\n", "experiment", "place",
             "epochs", quick ? "" : "an epoch", quick ? "" : "at most");
  std::map<std::string, double> known;  // many differ in nothing but faults
  double total = 0;
  for (const Experiment& whole : experiments) {
    const DatasetPair& pictures = data.named(whole.data);
    const auto places =
        places_for(whole, flags, program.options().no_gpu, pictures.train);
    if (places.empty()) {
      fmt::print("  {:<30}{}\n", whole.id, "left to a GPU, or to --full");
    }
    for (const std::string& place : places) {
      const Experiment fits = that_fits(whole, flags, place, pictures.train);
      std::string times;
      if (!quick) {
        const std::string key =
            fmt::format("{} {} {}", fits.layers, fits.batch, place);
        if (!known.contains(key)) {
          known[key] = guess_epoch(program, fits, pictures, place);
        }
        const double all = known[key] * static_cast<double>(fits.epochs);
        total += all * static_cast<double>(chosen_seeds(flags, place));
        times = fmt::format("{:>12}{:>12}", format_seconds(known[key]),
                            format_seconds(all));
      }
      fmt::print("  {:<30}{:<9}{:>12}{}\n", fits.id, place,
                 fits.epochs < whole.epochs
                     ? fmt::format("{} of {}", fits.epochs, whole.epochs)
                     : fmt::format("{}", fits.epochs),
                 times);
      std::fflush(stdout);
    }
  }
  if (!quick) {
    fmt::print(
        "at most {:.1f} minutes for all of them; what is done is kept in {}, "
        "so that\nyou may stop and start again; --full leaves no epoch out, "
        "--only takes one\n",
        total / 60, program.picture_path("outcomes").string());
  }
  std::fflush(stdout);
}

}  // namespace cnn
// endregion
