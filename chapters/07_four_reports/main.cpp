// region quiet: includes
#include <fmt/format.h>

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "chapters/07_four_reports/model_file.hpp"
#include "chapters/07_four_reports/own_story.hpp"
#include "chapters/07_four_reports/record.hpp"
#include "chapters/07_four_reports/repeat.hpp"
#include "chapters/07_four_reports/report_000.hpp"
#include "chapters/07_four_reports/report_001_story.hpp"
#include "chapters/07_four_reports/report_checks.hpp"
#include "chapters/07_four_reports/report_flags.hpp"
#include "chapters/07_four_reports/report_pictures.hpp"
#include "common/errors.hpp"
#include "common/program.hpp"
#include "common/report.hpp"

namespace {

using namespace cnn;
// endregion

// region report-000
/// Report 000 alone may have other digits: Kaggle's table, which it had itself.
void repeat_report_000_with(Program& program, const ReportFlags& flags,
                            const std::string& name) {
  const DatasetPair data = pictures_of_report_000(name);
  program.use_dataset(data.train.name, data.train.source, data.train.count,
                      data.test.count);
  program.section("report 000");
  repeat_report_000(program, chosen_places(flags, program.options().no_gpu),
                    data);
}
// endregion

// region say-data
/// The reports bring their own pictures: what they are, and how many.
void say_data(Program& program, const ReportFlags& flags,
              const std::vector<Experiment>& experiments, DataSets& data) {
  std::set<std::string> names;
  if (wanted(flags, "000")) names.insert("mnist");
  for (const Experiment& experiment : experiments) {
    names.insert(experiment.data);
  }
  for (const std::string& name : names) {
    const auto& [train, test] = data.named(name);
    program.use_dataset(train.name, train.source, train.count, test.count);
  }
}
// endregion

// region check-everything
void check_everything(Program& program,
                      const std::vector<std::string>& places) {
  check_counts(program);
  check_notation(program);
  for (const std::string& place : places) check_studies(program, place);
  if (!program.results().all_checks_passed()) {
    throw std::logic_error("what is wrong is not timed");
  }
}
// endregion

// region reports
void repeat_reports(Program& program, const ReportFlags& flags,
                    const std::vector<Experiment>& experiments,
                    DataSets& data) {
  if (flags.only.empty() && wanted(flags, "000")) {
    program.section("report 000");
    repeat_report_000(program, chosen_places(flags, program.options().no_gpu),
                      data.named("mnist"));
  }
  for (const char* report : {"001", "002", "003"}) {
    if (wanted(flags, report)) {
      repeat_report(program, flags, report, experiments, data);
    }
  }
  if (flags.only.empty() && wanted(flags, "001")) {
    explain_report_001(program, data.named("mnist"));
  }
}
// endregion

// region ladder
/// An epoch of the largest of the reports' networks, in one place after the
/// other.
void climb(Program& program, const std::vector<std::string>& places) {
  std::vector<std::string> rungs;
  for (const std::string& place : places) {
    const std::string id = "epoch/002/cnn-100k/" + place;
    for (const Measurement& known : program.results().measurements()) {
      if (known.id == id) rungs.push_back(id);
    }
  }
  if (rungs.size() < 2) return;  // nothing to climb
  program.section("ladder");
  fmt::print("an epoch of report 002's CNN of 100K weights\n");
  program.ladder(rungs);
}
// endregion

// region save-first
void save_first(const Program& program, const ReportFlags& flags,
                const std::vector<Experiment>& experiments,
                const std::string& place, DataSets& data) {
  if (flags.save.empty()) return;
  const Experiment& first = experiments.front();
  const Experiment run =
      that_fits(first, flags, place, data.named(first.data).train);
  const auto model = model_path(program, run, place, program.options().seed);
  save_model(flags.save, load_model(model));
  fmt::print("the network of {} -> {}\n", first.id, flags.save.string());
}
// endregion

// region story
void story(Program& program, const ReportFlags& flags) {
  if (program.options().data != Options().data && flags.report == "000") {
    repeat_report_000_with(program, flags, program.options().data);
    return;
  }
  if (program.options().data != Options().data) {
    learn_own_pictures(program, flags);
    return;
  }
  const auto places = chosen_places(flags, program.options().no_gpu);
  const auto experiments = chosen_experiments(flags, program.options().quick);
  if (!flags.save.empty() && experiments.empty()) {
    throw InputError("--save: found report 000, expected 001, 002 or 003");
  }
  DataSets data(program.options().quick);
  say_data(program, flags, experiments, data);

  program.section("check");
  check_everything(program, places);

  announce(program, flags, experiments, data);
  repeat_reports(program, flags, experiments, data);

  if (!experiments.empty()) program.section("pictures");
  draw_confusions(program, flags, experiments, data);
  draw_maps(program, flags, experiments, data);

  climb(program, places);
  save_first(program, flags, experiments, places.back(), data);
}

}  // namespace
// endregion

// region main
int main(int argc, char** argv) {
  ReportFlags flags;
  return run_program(
      argc, argv,
      {"07", "07_four_reports", "Four reports, explained",
       "Runs the experiments of four reports again and puts their numbers "
       "beside ours; with --data FOLDER, learns from your own pictures."},
      [&](Program& program) { story(program, flags); }, flags.flags());
}
// endregion
