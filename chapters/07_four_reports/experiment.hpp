// region quiet: includes
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/schedule.hpp"
#include "chapters/04_cpu_cnn/sequential.hpp"
// endregion

// region reported
namespace cnn {

/// What a report says of one run.
struct Reported {
  static constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

  double accuracy = kNothing;  ///< on the test pictures, in [0, 1]
  double loss = kNothing;
  double cpu_seconds = kNothing;  ///< of the whole training
  double gpu_seconds = kNothing;
  double epochs = kNothing;
  double weights = kNothing;
  /// Of one forward pass. Report 002 counts a whole batch, and one for each
  /// bias.
  double multiply_adds = kNothing;
};
// endregion

// region faults
/// What the program of report 003 did, and a framework does not. All of it can
/// be read off the listings in the report.
struct Faults {
  /// All weights begin as 0.01 times a normal number, however many inputs a
  /// sum has.
  bool small_weights = false;
  /// The loss divides gradients by the batch, the layers once more.
  bool divided_twice = false;
  /// Adam counts a step for each layer, not for each batch.
  bool counts_layers = false;
  /// Nothing tells the layers that an evaluation is no training: dropout drops,
  /// and batch normalisation takes each batch's own statistics.
  bool judged_in_training = false;
  /// Where windows overlap, the gradient of a pixel is what one of them says,
  /// not the sum.
  bool col2im_overwrites = false;
};
// endregion

// region experiment
/// How bytes become numbers.
enum class Pixels {
  kUnitInterval,  ///< [0, 1]
  kNormalised     ///< mean 0 and deviation 1 over the training pictures
};

/// One training that a report did, as data: whoever wants another one adds a
/// few lines to a list.
struct Experiment {
  std::string id{};      ///< "002/cnn-50k": the report, and which of its runs
  std::string title{};   ///< "CNN, 50K weights"
  std::string data{};    ///< for load_dataset(): "mnist", "fashion-mnist"
  std::string layers{};  ///< for network_from()
  Initialiser weight{Initialiser::Kind::kFanInUniform};
  Pixels pixels = Pixels::kUnitInterval;
  Schedule schedule{Schedule::Kind::kConstant, 0.001F};  ///< of Adam
  std::int64_t batch = 64;
  std::int64_t epochs = 5;
  std::int64_t patience = 0;
  /// Share of the training pictures that is set aside; 0: none, every epoch is
  /// judged by the test pictures, as the reports without validation did.
  double validation = 0;
  Faults faults{};
  Reported reported{};
};

/// "002" of "002/cnn-50k".
std::string report_of(const Experiment& experiment);
// endregion

// region experiment-lists
/// 32C3-P2-64C3-P2-128-10 on digits: 1.00 times as fast on a GPU.
std::vector<Experiment> report_001();
/// Fully connected and convolutional networks of 10 to 200 thousand weights on
/// clothes, and what the largest CNN can reach.
std::vector<Experiment> report_002();
/// A CNN from scratch on digits, at four batch sizes, without its faults and
/// with each of them.
std::vector<Experiment> report_003();

/// All of them.
std::vector<Experiment> all_experiments();

}  // namespace cnn
// endregion
