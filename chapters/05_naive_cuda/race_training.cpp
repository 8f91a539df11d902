// region quiet: includes
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "chapters/04_cpu_cnn/evaluate.hpp"
#include "chapters/04_cpu_cnn/lesson.hpp"
#include "chapters/05_naive_cuda/device.hpp"
#include "chapters/05_naive_cuda/training_race.hpp"
#include "common/report.hpp"

namespace cnn {
// endregion

// region learn
namespace {

/// Trains as chapter 4 does, and puts history and score on record as
/// curve.WHERE... and training.WHERE...
void learn(Program& program, const std::string& where, Lesson& lesson) {
  fmt::print("on the {}: {}\n", where == "gpu" ? "GPU" : "CPU",
             lesson.backend->description());
  fmt::print("{}\n", emphasise(Emphasis::kFaint, history_heading()));
  lesson.trainer.run([](const Trainer& trainer) {
    fmt::print("{}\n", history_row(trainer.state().history.back()));
    std::fflush(stdout);
  });
  const Score score = evaluate(lesson.network, lesson.test);
  fmt::print("  {} test pictures it has never seen: {:.2f} % right\n",
             format_count(lesson.test.count()), 100 * score.accuracy);
  Results& results = program.results();
  record_history(results, "curve." + where, lesson.trainer.state().history);
  results.set_value("training." + where + ".test_accuracy", score.accuracy);
  results.set_value("training." + where + ".test_loss", score.loss);
}

}  // namespace
// endregion

// region race-training
void race_training(Program& program, const DatasetPair& data) {
  TrainingFlags flags;
  flags.epochs = program.options().quick ? 1 : 2;
  const TrainingChoice choice = choose_training(
      flags, program.options(), std::ssize(data.train.class_names));
  const Split split = set_aside(data.train, choice.plan.seed);
  {
    Lesson lesson(choice, split, data.test, program.threads());
    program.results().set_value("training.recipe", lesson.trainer.recipe());
    fmt::print("{}\n", lesson.trainer.recipe());
    learn(program, "cpu", lesson);
  }
  Lesson lesson(choice, split, data.test, make_naive_backend(Device::kGpu));
  learn(program, "gpu", lesson);
  program.results().set_value("training.gpu.allocated_bytes",
                              lesson.backend->allocated_bytes());
}

}  // namespace cnn
// endregion
