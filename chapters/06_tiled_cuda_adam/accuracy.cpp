// region quiet: includes
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/evaluate.hpp"
#include "chapters/05_naive_cuda/fitting_batch.hpp"
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
  return {{"001", "mnist", 5, 0.002},
          {"003", "mnist", 20, 0.005},
          {"002", "fashion-mnist", 20, 0.005}};
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
// endregion

// region mean-and-interval
MeanOfSeeds mean_of_seeds(std::span<const double> values) {
  // 97.5 % of Student's distribution lie below, for 1, 2, ... 30 degrees of
  // freedom.
  static constexpr std::array kStudent{
      12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
      2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
      2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
  if (values.size() < 2 || values.size() > kStudent.size() + 1) {
    throw std::invalid_argument(
        fmt::format("mean_of_seeds: {} values", values.size()));
  }
  const auto count = static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += value;
  const double mean = sum / count;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double spread = std::sqrt(squares / (count - 1));
  return {mean, kStudent.at(values.size() - 2) * spread / std::sqrt(count)};
}

}  // namespace cnn
// endregion
