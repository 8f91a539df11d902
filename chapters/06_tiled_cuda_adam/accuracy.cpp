// region quiet: includes
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/evaluate.hpp"
#include "chapters/05_naive_cuda/fitting_batch.hpp"
#include "chapters/06_tiled_cuda_adam/mean_of_seeds.hpp"
#include "chapters/06_tiled_cuda_adam/stories.hpp"

namespace cnn {
// endregion

// region lectures
namespace {

/// How long a report's network learns here, from which pictures, and Adam's
/// largest rate on the way: some times the 0.001 that everybody begins with,
/// since a one-cycle schedule takes it back in the end.
struct Lecture {
  std::string network;
  std::string pictures;
  std::int64_t epochs;
  double rate;
};

std::vector<Lecture> lectures() {
  return {{"001", "mnist", 5, 0.004},
          {"003", "mnist", 20, 0.01},
          {"002", "fashion-mnist", 20, 0.02}};
}
// endregion

// region learn-once
/// The share of the test pictures that it gets right in the end.
double learn(const TrainingChoice& choice, const DatasetPair& data) {
  std::unique_ptr<Lesson> lesson;
  build_or_advise(choice.network.batch, [&](std::int64_t batch) {
    lesson.reset();
    TrainingChoice sized = choice;
    sized.network.batch = batch;
    lesson = std::make_unique<Lesson>(
        sized, set_aside(data.train, choice.plan.seed), data.test,
        make_tiled_backend(Device::kGpu), adam_on_gpu());
  });
  lesson->trainer.run();
  return evaluate(lesson->network, lesson->test).accuracy;
}
// endregion

// region one-lecture
void measure_lecture(Program& program, const Lecture& lecture,
                     std::int64_t seeds) {
  const DatasetPair data = load_dataset(lecture.pictures);
  TrainingFlags flags;
  flags.network = lecture.network;
  flags.epochs = lecture.epochs;
  flags.rate = lecture.rate;
  TrainingChoice choice = choose_training(flags, program.options(),
                                          std::ssize(data.train.class_names));
  std::vector<double> accuracies;
  for (std::int64_t seed = 0; seed < seeds; ++seed, ++choice.plan.seed) {
    accuracies.push_back(learn(choice, data));
  }
  const auto [mean, interval] = mean_of_seeds(accuracies);
  fmt::print("  {}, {}, {} epochs: {:.2f} % right, \u00b1 {:.2f}, {} seeds\n",
             lecture.network, data.train.source, lecture.epochs, 100 * mean,
             100 * interval, seeds);
  std::fflush(stdout);
  Results& results = program.results();
  const std::string key = "accuracy." + lecture.network + ".";
  results.set_value(key + "pictures", data.train.source);
  results.set_value(key + "epochs", lecture.epochs);
  results.set_value(key + "rate", lecture.rate);
  results.set_value(key + "each", accuracies);
  results.set_value(key + "mean", mean);
  results.set_value(key + "interval", interval);
}

}  // namespace

void measure_accuracy(Program& program, std::int64_t seeds) {
  for (const Lecture& lecture : lectures()) {
    measure_lecture(program, lecture, seeds);
  }
}

}  // namespace cnn
// endregion
