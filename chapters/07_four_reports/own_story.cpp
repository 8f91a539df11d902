// region quiet: includes
#include "chapters/07_four_reports/own_story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "chapters/04_cpu_cnn/gallery.hpp"
#include "chapters/07_four_reports/model_file.hpp"
#include "chapters/07_four_reports/own_split.hpp"
#include "chapters/07_four_reports/study.hpp"
#include "chapters/07_four_reports/tool.hpp"
#include "common/report.hpp"
// endregion

// region own-experiment
namespace cnn {

namespace {

/// Report 001's network with report 003's dropout: few pictures are soon learnt
/// by heart. And batches of at most a quarter of them, so that there are steps.
Experiment experiment_for(const OwnPictures& own, const ReportFlags& flags,
                          bool quick) {
  constexpr std::int64_t kMany = 10'000;
  const std::int64_t epochs = own.split.train.count < kMany ? 60 : 10;
  constexpr std::int64_t kQuickEpochs = 3;
  Experiment experiment{
      .id = "own/pictures",
      .title = "own pictures",
      .data = own.split.train.source,
      .layers = "32C3p1-R-P2-64C3p1-R-P2-D0.3-128-R-D0.3-10",
      .weight = {Initialiser::Kind::kHeNormal},
      .pixels = Pixels::kNormalised,
      .batch = std::clamp<std::int64_t>(own.split.train.count / 4, 1, 64),
      .epochs = quick ? kQuickEpochs : epochs,
      .patience = 10};
  if (flags.epochs > 0) experiment.epochs = flags.epochs;
  return experiment;
}
// endregion

// region say-own-pictures
void say_pictures(Program& program, const OwnPictures& own) {
  const Dataset& train = own.split.train;
  program.use_dataset(
      train.name,
      fmt::format("{}: {} to learn from, {} to tell when to stop, {} to judge "
                  "by, {} classes, each brought to {}x{} and grey",
                  train.source, format_count(train.count),
                  format_count(own.split.validation.count),
                  format_count(own.test.count), train.class_names.size(),
                  train.width, train.height),
      train.count, own.test.count);
}
// endregion

// region teach-own
void teach(Study& study) {
  fmt::print("{}\n{}\n", study.recipe(),
             emphasise(Emphasis::kFaint, history_heading()));
  study.trainer().run([](const Trainer& trainer) {
    fmt::print("{}\n", history_row(trainer.state().history.back()));
    std::fflush(stdout);
  });
}

void save_own(const Program& program, const ReportFlags& flags,
              const Study& study) {
  const auto usual = usual_model(program.options().out);
  const auto path = flags.save.empty() ? usual : flags.save;
  save_model(path, study.model());
  const bool found = path == usual_model("out");  // where predict looks first
  fmt::print(
      "\nthe network -> {}; ask it about a picture that it has not seen:\n"
      "  ./course predict {}PICTURE\n",
      path.string(), found ? "" : "--model " + path.string() + " ");
}

}  // namespace
// endregion

// region learn-own-pictures
void learn_own_pictures(Program& program, const ReportFlags& flags) {
  const OwnPictures own =
      read_own_pictures(program.options().data, program.options().seed);
  say_pictures(program, own);
  const std::string where =
      chosen_places(flags, program.options().no_gpu).back();
  const Place place(where, program.threads());
  Study study(experiment_for(own, flags, program.options().quick), own.split,
              own.test, program.options().seed, place);

  program.section("train");
  teach(study);

  program.section("look");
  const auto answers = study.answers();
  show_confusion(program, {own.test.class_names, answers});
  show_worst(program, own.test, answers, own.test_files);
  const Outcome outcome = study.outcome();
  fmt::print(
      "{} of {} test pictures right: {}\n",
      std::llround(outcome.test.accuracy * static_cast<double>(own.test.count)),
      own.test.count,
      emphasise(Emphasis::kGood,
                fmt::format("{:.1f} %", 100 * outcome.test.accuracy)));
  save_own(program, flags, study);

  Results& results = program.results();
  record_history(results, "own.curve", outcome.history);
  results.set_value("own.recipe", outcome.recipe);
  results.set_value("own.test_accuracy", outcome.test.accuracy);
  results.set_value("own.test_loss", outcome.test.loss);
}

}  // namespace cnn
// endregion
