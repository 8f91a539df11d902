// region quiet: includes
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "chapters/07_four_reports/experiment.hpp"
// endregion

// region clothes
namespace cnn {
namespace {

constexpr Initialiser kXavier{Initialiser::Kind::kXavierNormal};
constexpr Initialiser kPyTorch{Initialiser::Kind::kFanInUniform};

/// What all runs of the report share: Adam at 0.001, batches of 512, 20 epochs,
/// one training picture in ten set aside.
Experiment on_clothes(const std::string& name, std::string title,
                      std::string layers, Initialiser weight,
                      const Reported& reported) {
  return {.id = "002/" + name,
          .title = std::move(title),
          .data = "fashion-mnist",
          .layers = std::move(layers),
          .weight = weight,
          .batch = 512,
          .epochs = 20,
          .validation = 0.1,
          .reported = reported};
}

constexpr double minutes(double whole, double seconds) {
  return 60 * whole + seconds;
}
// endregion

// region report-002-dense
/// Tables 1 and 2 of the report.
std::vector<Experiment> fully_connected() {
  return {
      on_clothes("fcn-50k", "FCN, 50K weights", "50-BN-R-120-BN-R-10", kXavier,
                 {.accuracy = 0.874219,
                  .cpu_seconds = minutes(2, 25.98),
                  .gpu_seconds = minutes(2, 43.99),
                  .epochs = 20,
                  .weights = 46'580}),
      on_clothes("fcn-100k-plain", "FCN, 100K, PyTorch's own weights",
                 "100-BN-R-180-BN-R-10", kPyTorch,
                 {.accuracy = 0.878223,
                  .cpu_seconds = minutes(2, 30.35),
                  .gpu_seconds = minutes(2, 42.41),
                  .epochs = 20,
                  .weights = 98'490,
                  .multiply_adds = 50.43e6}),
      on_clothes("fcn-100k", "FCN, 100K weights", "100-BN-R-180-BN-R-10",
                 kXavier,
                 {.accuracy = 0.885156,
                  .cpu_seconds = minutes(2, 32.93),
                  .gpu_seconds = minutes(2, 42.66),
                  .epochs = 20,
                  .weights = 98'490,
                  .multiply_adds = 50.43e6}),
      on_clothes("fcn-200k", "FCN, 200K weights", "200-BN-R-200-BN-R-10",
                 kXavier,
                 {.accuracy = 0.887988,
                  .cpu_seconds = minutes(2, 36.82),
                  .gpu_seconds = minutes(2, 42.94),
                  .epochs = 20,
                  .weights = 199'210,
                  .multiply_adds = 102.00e6})};
}
// endregion

// region report-002-cnn
/// Two convolutions, three dense layers, batch normalisation after each of
/// them but the last.
std::string cnn_of(int first, int second, int third, int fourth) {
  const auto text = [](int number) { return std::to_string(number); };
  return text(first) + "C3p1-BN-R-P2-" + text(second) + "C3p1-BN-R-P2-" +
         text(third) + "-BN-R-" + text(fourth) + "-BN-R-10";
}

/// Tables 3 to 5 of the report.
std::vector<Experiment> convolutional() {
  return {
      on_clothes("cnn-10k", "CNN, 10K weights", cnn_of(10, 18, 8, 20), kPyTorch,
                 {.accuracy = 0.892871,
                  .cpu_seconds = minutes(6, 15.81),
                  .gpu_seconds = minutes(2, 51.49),
                  .epochs = 20,
                  .weights = 9'192,
                  .multiply_adds = 208.33e6}),
      on_clothes("cnn-20k", "CNN, 20K weights", cnn_of(20, 30, 9, 20), kPyTorch,
                 {.accuracy = 0.907031,
                  .cpu_seconds = minutes(10, 34.19),
                  .gpu_seconds = minutes(2, 52.56),
                  .epochs = 20,
                  .weights = 19'279}),
      on_clothes("cnn-50k", "CNN, 50K weights", cnn_of(25, 40, 20, 30),
                 kPyTorch,
                 {.accuracy = 0.912207,
                  .cpu_seconds = minutes(13, 44.14),
                  .gpu_seconds = minutes(2, 52.62),
                  .epochs = 20,
                  .weights = 49'450,
                  .multiply_adds = 1.03e9}),
      on_clothes("cnn-100k", "CNN, 100K weights", cnn_of(40, 60, 25, 50),
                 kPyTorch,
                 {.accuracy = 0.907031,
                  .cpu_seconds = minutes(23, 51.10),
                  .gpu_seconds = minutes(2, 58.46),
                  .epochs = 20,
                  .weights = 97'395,
                  .multiply_adds = 2.37e9})};
}
// endregion

// region report-002-by-batch
/// What no report had is a question of ours, with a name of its own.
Experiment changed(Experiment experiment, std::string id, std::string title) {
  experiment.id = std::move(id);
  experiment.title = std::move(title);
  experiment.reported = {};
  return experiment;
}

/// The same training, judged as the report's program seems to have done it:
/// each batch of test pictures is normalised by itself, since nothing tells the
/// layers that the training is over.
Experiment by_batch(const Experiment& experiment) {
  Experiment same =
      changed(experiment, experiment.id + "-by-batch",
              experiment.title + ": each test batch normalised by itself");
  same.faults.judged_in_training = true;  // no dropout here
  return same;
}

/// All of the tables, judged that way.
std::vector<Experiment> judged_by_batch() {
  std::vector<Experiment> list;
  for (const auto& table : {fully_connected(), convolutional()}) {
    std::ranges::transform(table, std::back_inserter(list), by_batch);
  }
  return list;
}
// endregion

// region report-002-scheduled
/// The same network and as many epochs: pixels normalised, the rate up and down
/// again, and nothing else.
Experiment scheduled(const Experiment& experiment) {
  Experiment same = changed(
      experiment, experiment.id + "-schedule",
      experiment.title + ": pixels normalised, rate up to 0.01 and down");
  same.pixels = Pixels::kNormalised;
  same.schedule = {.kind = Schedule::Kind::kOneCycle, .rate = 0.01F};
  return same;
}

/// The schedule and dropout, which takes no weights.
Experiment with_dropout(const Experiment& experiment, std::string layers,
                        const std::string& where) {
  Experiment same = changed(experiment, experiment.id + "-dropout",
                            "the same, dropout of " + where);
  same.layers = std::move(layers);
  return same;
}
// endregion

// region report-002-recipe
/// Each size of the tables by that recipe; the largest CNN has further rows.
std::vector<Experiment> by_our_recipe() {
  const auto dense = fully_connected();
  const auto cnn = convolutional();
  const Experiment middle = scheduled(dense.at(2));  // .at(1): first weights
  const Experiment large = scheduled(dense.at(3));
  return {scheduled(dense.at(0)),
          middle,
          with_dropout(middle, "100-BN-R-D0.2-180-BN-R-D0.2-10",
                       "0.2 behind hidden layers"),
          large,
          with_dropout(large, "200-BN-R-D0.2-200-BN-R-D0.2-10",
                       "0.2 behind hidden layers"),
          scheduled(cnn.at(0)),
          scheduled(cnn.at(1)),
          scheduled(cnn.at(2))};
}
// endregion

// region report-002-further
/// What the report's largest CNN can reach, a change at a time.
std::vector<Experiment> further(const Experiment& largest) {
  Experiment dropout =
      changed(largest, "002/cnn-100k-dropout",
              "CNN, 100K weights: dropout of 0.3 behind dense layers");
  dropout.layers = "40C3p1-BN-R-P2-60C3p1-BN-R-P2-25-BN-R-D0.3-50-BN-R-D0.3-10";

  const Experiment schedule = scheduled(largest);
  const Experiment pooled = with_dropout(
      schedule, "40C3p1-BN-R-P2-60C3p1-BN-R-P2-D0.3-25-BN-R-50-BN-R-10",
      "0.3 before dense layers");

  Experiment all =
      changed(pooled, "002/cnn-100k-best", "the same, all 60,000 pictures");
  all.validation = 0;
  return {dropout, schedule, pooled, all};
}

}  // namespace
// endregion

// region report-002
std::vector<Experiment> report_002() {
  std::vector<Experiment> list = fully_connected();
  const auto cnn = convolutional();
  for (const auto& more :
       {cnn, judged_by_batch(), by_our_recipe(), further(cnn.back())}) {
    list.insert(list.end(), more.begin(), more.end());
  }
  return list;
}

}  // namespace cnn
// endregion
