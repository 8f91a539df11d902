// region quiet: includes
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "chapters/07_four_reports/full_batch.hpp"
#include "chapters/07_four_reports/model_file.hpp"
#include "chapters/07_four_reports/outcome_file.hpp"
#include "chapters/07_four_reports/record.hpp"
#include "chapters/07_four_reports/study.hpp"
#include "chapters/07_four_reports/tables.hpp"
#include "common/errors.hpp"
#include "common/program.hpp"
#include "common/report.hpp"

namespace {

using namespace cnn;
// endregion

// region flags-of-reports
struct Flags {
  std::string report = "all";
  std::string backend = "cpu";
  std::string only;
  std::int64_t seeds = 1;
  std::int64_t epochs = 0;
  bool again = false;
  std::filesystem::path save;

  ChapterFlags flags() {
    return ChapterFlags()
        .choice("--report", "Whose experiments (all)", report,
                {"all", "000", "001", "002", "003"})
        .choice("--backend", "Where they run (cpu)", backend, place_names())
        .whole_number("--seeds", "How often each (1)", seeds, 1, 30)
        .whole_number("--epochs", "At most so many (the report's)", epochs, 1,
                      1'000'000)
        .yes("--again", "Also those that are done", again)
        .file("--save", "For the first network, as ./course predict wants it",
              save);
  }
};
// endregion

// region choose-experiments
std::vector<Experiment> chosen(const Flags& flags, const Options& options) {
  constexpr std::int64_t kQuickEpochs = 2;
  std::vector<Experiment> list;
  for (Experiment& experiment : all_experiments()) {
    if (flags.report != "all" && flags.report != report_of(experiment)) {
      continue;
    }
    if (options.quick) {
      experiment.epochs = std::min(experiment.epochs, kQuickEpochs);
    }
    if (flags.epochs > 0) experiment.epochs = flags.epochs;
    list.push_back(std::move(experiment));
  }
  return list;
}
// endregion

// region run-one
Outcome run_one(Program& program, const Flags& flags,
                const Experiment& experiment, const DatasetPair& data,
                std::uint64_t seed) {
  const Place place(flags.backend, program.threads());
  Study study(experiment, data, seed, place);
  const auto path =
      outcome_path(program.picture_path("outcomes"), {.id = experiment.id,
                                                      .place = place.name(),
                                                      .seed = seed,
                                                      .history = {},
                                                      .test = {}});
  if (!flags.again && flags.save.empty()) {
    if (auto known = find_outcome(path, study.recipe())) {
      return *known;
    }
  }
  study.trainer().run();
  Outcome outcome = study.outcome();
  save_outcome(path, outcome);
  if (!flags.save.empty()) save_model(flags.save, study.model());
  return outcome;
}
// endregion

// region report-000
void repeat_report_000(Program& program, const Flags& flags) {
  program.section("report 000");
  FullBatchPlan plan{.seed = program.options().seed};
  if (program.options().quick) plan.iterations = 20;
  const Place place(flags.backend, program.threads());
  const FullBatchOutcome outcome =
      train_full_batch(plan, load_dataset("mnist"), place);
  record(program.results(), place.name(), outcome);
  const auto each = [&](double seconds) {
    return format_seconds(seconds / static_cast<double>(outcome.iterations));
  };
  fmt::print("{} pictures, {} iterations: {}, {} each\n", outcome.pictures,
             outcome.iterations, format_seconds(outcome.times.total()),
             each(outcome.times.total()));
  fmt::print("forward {}, backward {}, update {}\n",
             each(outcome.times.forward), each(outcome.times.backward),
             each(outcome.times.update));
  fmt::print("loss {:.3f} to {:.3f}, right {:.2f} %, of test {:.2f} %\n",
             outcome.losses.front(), outcome.losses.back(),
             100 * outcome.accuracies.back(), 100 * outcome.test.accuracy);
}
// endregion

// region story
void story(Program& program, Flags flags) {
  if (!flags.save.empty() && flags.report == "000") {
    throw InputError("--save: found report 000, expected 001, 002 or 003");
  }
  if (flags.report == "all" || flags.report == "000") {
    repeat_report_000(program, flags);
  }
  std::map<std::string, DatasetPair> data;
  std::map<std::string, std::vector<Summary>> tables;
  for (const Experiment& experiment : chosen(flags, program.options())) {
    auto& pictures = data[experiment.data];
    if (pictures.train.count == 0) pictures = load_dataset(experiment.data);
    std::vector<Outcome> outcomes;
    for (std::int64_t i = 0; i < flags.seeds; ++i) {
      const std::uint64_t seed =
          program.options().seed + static_cast<std::uint64_t>(i);
      outcomes.push_back(run_one(program, flags, experiment, pictures, seed));
      flags.save.clear();  // the first network only
      const Outcome& last = outcomes.back();
      fmt::print("{:<28} seed {:<3} {:>6.2f} %  {:>3} epochs  {}\n",
                 experiment.id, seed, 100 * last.test.accuracy,
                 last.history.size(), format_seconds(last.seconds));
      std::fflush(stdout);
    }
    auto& rows = tables[report_of(experiment)];
    rows.push_back(summarise_outcomes(experiment, outcomes));
    record(program.results(), rows.back(), outcomes);
  }
  for (const auto& [report, rows] : tables) {
    program.section("report " + report);
    fmt::print("{}", side_by_side(rows));
  }
}

}  // namespace
// endregion

// region main
int main(int argc, char** argv) {
  Flags flags;
  return cnn::run_program(
      argc, argv,
      {"07", "07_four_reports", "Four reports, explained",
       "Runs the experiments of four reports again and puts their numbers "
       "beside ours."},
      [&](cnn::Program& program) { story(program, flags); }, flags.flags());
}
// endregion
