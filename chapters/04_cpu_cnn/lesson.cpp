// region quiet: includes
#include "chapters/04_cpu_cnn/lesson.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <utility>
#include <vector>

#include "chapters/04_cpu_cnn/checkpoint.hpp"
#include "chapters/04_cpu_cnn/evaluate.hpp"
#include "chapters/04_cpu_cnn/weights_file.hpp"
#include "common/memory_use.hpp"
#include "common/report.hpp"

namespace cnn {
// endregion

// region load-pictures
namespace {

/// The first so many pictures, or all.
Dataset at_most(Dataset dataset, std::int64_t count) {
  if (dataset.count <= count) return dataset;
  std::vector<std::int64_t> first(static_cast<std::size_t>(count));
  std::iota(first.begin(), first.end(), 0);
  return select(dataset, first);
}

}  // namespace

DatasetPair for_a_first_look(DatasetPair data) {
  return {at_most(std::move(data.train), 6000),
          at_most(std::move(data.test), 1000)};
}

DatasetPair load_pictures(Program& program) {
  DatasetPair data = load_dataset(program.options().data);
  program.use_dataset(data.train.name, data.train.source, data.train.count,
                      data.test.count);
  return program.options().quick ? for_a_first_look(std::move(data)) : data;
}
// endregion

// region prepare-lesson
Split set_aside(const Dataset& train, std::uint64_t seed) {
  return split_by_fraction(train, 1.0 / 12, seed);
}

Lesson::Lesson(const TrainingChoice& choice, const Split& split,
               const Dataset& test_pictures, std::unique_ptr<Backend> where,
               const MakeOptimiser& make_optimiser)
    : backend(std::move(where)),
      train(*backend, split.train, normalisation(split.train)),
      validation(*backend, split.validation, normalisation(split.train)),
      test(*backend, test_pictures, normalisation(split.train)),
      network(choice.network.model,
              {choice.network.batch, test_pictures.channels,
               test_pictures.height, test_pictures.width},
              *backend, choice.plan.seed),
      optimiser(make_optimiser(network)),
      trainer(network, *optimiser, train, &validation, choice.plan) {}

Lesson::Lesson(const TrainingChoice& choice, const Split& split,
               const Dataset& test_pictures, std::unique_ptr<Backend> where)
    : Lesson(choice, split, test_pictures, std::move(where),
             [&](Network& net) { return make_sgd(net, choice.sgd); }) {}

Lesson::Lesson(const TrainingChoice& choice, const Split& split,
               const Dataset& test_pictures, int threads)
    : Lesson(choice, split, test_pictures, make_cpu_backend(threads)) {}
// endregion

// region teach
Score teach(Program& program, const TrainingFlags& flags, Lesson& lesson) {
  if (flags.resume) {
    load_checkpoint(flags.checkpoint, lesson.trainer);
    fmt::print("going on from {}, {} epochs done\n", flags.checkpoint.string(),
               lesson.trainer.state().history.size());
  }
  fmt::print("{}\n", lesson.trainer.recipe());
  fmt::print("{}\n", emphasise(Emphasis::kFaint, history_heading()));
  for (const EpochRecord& epoch : lesson.trainer.state().history) {
    fmt::print("{}\n", history_row(epoch));
  }
  lesson.trainer.run([&](const Trainer& trainer) {
    fmt::print("{}\n", history_row(trainer.state().history.back()));
    std::fflush(stdout);
    if (!flags.checkpoint.empty()) save_checkpoint(flags.checkpoint, trainer);
  });
  if (!flags.save.empty()) {
    save_weights(flags.save, lesson.network);
    fmt::print("weights -> {}\n", flags.save.string());
  }

  const Score score = evaluate(lesson.network, lesson.test);
  fmt::print(
      "{} test pictures it has never seen: {} right, loss {:.4f}\n",
      format_count(lesson.test.count()),
      emphasise(Emphasis::kGood, fmt::format("{:.2f} %", 100 * score.accuracy)),
      score.loss);
  Results& results = program.results();
  record_history(results, "curve", lesson.trainer.state().history);
  results.set_value("training.recipe", lesson.trainer.recipe());
  results.set_value("training.test_accuracy", score.accuracy);
  results.set_value("training.test_loss", score.loss);
  results.set_value("training.peak_memory_bytes", peak_memory_bytes());
  return score;
}
// endregion

// region teach-more-seeds
void teach_more_seeds(Program& program, const TrainingFlags& flags,
                      TrainingChoice choice, const DatasetPair& data,
                      const Score& first) {
  std::vector<double> accuracies{first.accuracy};
  for (std::int64_t i = 1; i < flags.seeds; ++i) {
    ++choice.plan.seed;
    Lesson lesson(choice, set_aside(data.train, choice.plan.seed), data.test,
                  program.threads());
    lesson.trainer.run();
    accuracies.push_back(evaluate(lesson.network, lesson.test).accuracy);
    fmt::print("  seed {}: {:.2f} % right\n", choice.plan.seed,
               100 * accuracies.back());
    std::fflush(stdout);
  }
  double sum = 0;
  for (const double accuracy : accuracies) sum += accuracy;
  const double mean = sum / static_cast<double>(accuracies.size());
  if (flags.seeds > 1) {
    fmt::print("  mean of {} seeds: {:.2f} %\n", flags.seeds, 100 * mean);
  }
  program.results().set_value("seeds.test_accuracy", accuracies);
  program.results().set_value("seeds.mean_test_accuracy", mean);
}

}  // namespace cnn
// endregion
