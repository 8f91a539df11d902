// region quiet: includes
#include "chapters/07_four_reports/report_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "chapters/04_cpu_cnn/networks.hpp"
#include "chapters/04_cpu_cnn/profile.hpp"
#include "chapters/07_four_reports/counts.hpp"
#include "chapters/07_four_reports/notation.hpp"
#include "chapters/07_four_reports/study.hpp"
#include "common/random.hpp"
#include "common/report.hpp"
// endregion

// region check-exactly
namespace cnn {
namespace {

/// Numbers that have no business to differ at all. They stay below 2^24, so
/// that a float32 holds each of them.
Comparison exactly(const std::vector<double>& ours,
                   const std::vector<double>& expected) {
  const std::vector<float> values(ours.begin(), ours.end());
  const std::vector<double> no_error(expected.size());
  return compare(values, {expected, no_error}, 1);
}

const Shape kPicture{1, 1, 28, 28};
// endregion

// region check-counts
/// "2.37 GB" is three digits: of 10^7. "50.43 MB" is four: of 10^4.
double in_last_digits(double multiply_adds, double printed) {
  return std::round(multiply_adds / (printed < 1e9 ? 1e4 : 1e7));
}

/// The report says two things of its largest CNN, twice.
void say_contradictions(Results& results) {
  Experiment other = report_002().at(7);
  const auto counted = [&] {
    return static_cast<std::int64_t>(
        count_as_reported(other, kPicture).weights);
  };
  const std::int64_t with_25 = counted();
  other.layers = "40C3p1-BN-R-P2-60C3p1-BN-R-P2-20-BN-R-50-BN-R-10";
  const std::int64_t with_20 = counted();
  fmt::print(
      "report 002 contradicts itself: its text has 98,395 weights, its tables "
      "97,395;\nTable 3 has 20 outputs after the convolutions, Table 4 has 25; "
      "we count {}\nwith 25, and {} with 20\n",
      format_count(with_25), format_count(with_20));
  results.set_value("002/cnn-100k.weights_with_20", with_20);
}

}  // namespace

void check_counts(Program& program) {
  for (const Experiment& experiment : report_002()) {
    const Reported& said = experiment.reported;
    if (!std::isfinite(said.weights)) continue;
    const Counts counted = count_as_reported(experiment, kPicture);
    std::vector<double> ours{counted.weights};
    std::vector<double> expected{said.weights};
    if (std::isfinite(said.multiply_adds)) {
      ours.push_back(in_last_digits(counted.multiply_adds, said.multiply_adds));
      expected.push_back(
          in_last_digits(said.multiply_adds, said.multiply_adds));
    }
    program.check("counts/" + experiment.id, experiment.title,
                  "report 002's counts, to the digit", exactly(ours, expected));
  }
  say_contradictions(program.results());
}
// endregion

// region check-notation
namespace {

/// Parameters, multiply-adds and outputs of every layer that learns. (Chapter 4
/// drops features out after flattening them, report 003 before: all the same.)
std::vector<double> numbers_of(const Sequential& model) {
  std::vector<double> numbers;
  for (const LayerSummary& layer : summarise(model, kPicture)) {
    if (layer.parameters == 0) continue;
    for (const std::int64_t number :
         {layer.parameters, layer.multiply_adds, layer.output.channels,
          layer.output.height, layer.output.width}) {
      numbers.push_back(static_cast<double>(number));
    }
  }
  return numbers;
}

/// One study of each report: the first of its networks that chapter 4 has, too.
struct Example {
  Experiment experiment;
  std::string network;  ///< chapter 4's name
};

std::vector<Example> examples() {
  const auto named = [](const char* id) {
    const auto all = all_experiments();
    return *std::ranges::find(all, id, &Experiment::id);
  };
  return {{named("001/as-reported"), "001"},
          {named("002/cnn-100k"), "002"},
          {named("003/right"), "003"}};
}

}  // namespace

void check_notation(Program& program) {
  for (const Example& example : examples()) {
    const Experiment& experiment = example.experiment;
    const ReportedNetwork by_hand = reported_network(example.network, 10);
    program.check(
        "notation/" + example.network, "report " + example.network + "'s line",
        "chapter 4's network, written by hand",
        exactly(numbers_of(network_from(experiment.layers, experiment.weight)),
                numbers_of(by_hand.model)));
  }
}
// endregion

// region small-study
namespace {

constexpr std::int64_t kSteps = 10;
constexpr std::int64_t kBatch = 6;
constexpr std::int64_t kSide = 14;  // seven loops take their time

/// Noise will do: steps are compared, not what is learnt.
Dataset noise(std::int64_t count, std::uint64_t seed) {
  const Random random(seed, 7000);
  Dataset dataset{.name = "noise",
                  .source = "noise",
                  .count = count,
                  .channels = 1,
                  .height = kSide,
                  .width = kSide,
                  .pixels = {},
                  .labels = {},
                  .class_names = std::vector<std::string>(10, "noise")};
  dataset.pixels.resize(
      static_cast<std::size_t>(count * dataset.picture_size()));
  for (std::size_t i = 0; i < dataset.pixels.size(); ++i) {
    dataset.pixels[i] = static_cast<std::uint8_t>(random.below(i, 256));
  }
  dataset.labels.resize(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < dataset.labels.size(); ++i) {
    dataset.labels[i] = static_cast<std::uint8_t>(i % 10);
  }
  return dataset;
}

/// What ten steps leave behind: their mean loss, and all that was learnt. Not
/// the loss on other pictures afterwards: the gradient of a bias in front of
/// batch normalisation is 0 but for rounding, Adam makes whole steps of that,
/// and only the running means, which training does not use, ever feel it.
struct TenSteps {
  double loss;
  std::vector<double> weights;
};

TenSteps ten_steps(Experiment experiment, std::uint64_t seed,
                   const Place& place) {
  experiment.batch = kBatch;
  experiment.epochs = 1;
  experiment.validation = 0;
  Study study(experiment,
              {noise(kSteps * kBatch, seed), noise(kBatch, seed + 1)}, seed,
              place);
  study.trainer().run();
  const Weights weights = download_weights(study.network());
  return {study.trainer().state().history.back().train.loss,
          {weights.parameters.begin(), weights.parameters.end()}};
}
// endregion

// region check-study
/// The CPU's four ways to convolve differ in nothing but the order of their
/// sums; Adam makes a little more of it with every step. A few times what they
/// are apart, and the rounding of one sum, is what another order may be off.
Comparison compare_losses(const TenSteps& ours, const TenSteps& expected,
                          const std::vector<TenSteps>& others) {
  constexpr double kFactor = 4;
  constexpr std::int64_t kLongest = kBatch * kSide * kSide;
  double apart = 0;
  for (const TenSteps& other : others) {
    apart = std::max(apart, std::abs(other.loss - expected.loss));
  }
  const double magnitude =
      expected.loss + kFactor * apart / gamma_bound(kLongest);
  const auto loss = static_cast<float>(ours.loss);
  return compare({&loss, 1}, {{&expected.loss, 1}, {&magnitude, 1}}, kLongest);
}

}  // namespace

void check_studies(Program& program, const std::string& place) {
  const std::uint64_t seed = program.options().seed;
  const int threads = program.threads();
  std::vector<TenSteps> first_runs;
  first_runs.reserve(examples().size());
  for (const Example& example : examples()) {
    const Experiment& experiment = example.experiment;
    const auto on_cpu = [&](ConvolutionMethod method) {
      return ten_steps(experiment, seed, Place(threads, method));
    };
    first_runs.push_back(ten_steps(experiment, seed, Place(place, threads)));
    program.check(
        "steps/" + place + "/" + experiment.id, experiment.id + ", " + place,
        "ten steps of chapter 4's CPU",
        compare_losses(first_runs.back(), on_cpu(ConvolutionMethod::kLoops),
                       {on_cpu(ConvolutionMethod::kIm2col),
                        on_cpu(ConvolutionMethod::kImplicitGemm)}));
  }
  for (std::size_t i = 0; i < first_runs.size(); ++i) {
    const Experiment experiment = examples()[i].experiment;
    program.check(
        "repeated/" + place + "/" + experiment.id, experiment.id + ", " + place,
        "its first run's bits",
        exactly(ten_steps(experiment, seed, Place(place, threads)).weights,
                first_runs[i].weights));
  }
  // The last one is report 003's, whose col2im nobody should feel.
  Experiment faulty = examples().back().experiment;
  faulty.faults.col2im_overwrites = true;
  program.check("col2im/" + place, "003, with its col2im, " + place,
                "the bits without",
                exactly(ten_steps(faulty, seed, Place(place, threads)).weights,
                        first_runs.back().weights));
}

}  // namespace cnn
// endregion
