// region quiet: includes
#include "chapters/07_four_reports/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

#include "chapters/04_cpu_cnn/confusion.hpp"
#include "chapters/07_four_reports/notation.hpp"
// endregion

// region study-data
namespace cnn {
namespace {

/// Without a share to set aside, every epoch is judged by the test pictures.
Split split_for(const Experiment& experiment, const DatasetPair& data,
                std::uint64_t seed) {
  if (experiment.validation > 0) {
    return split_by_fraction(data.train, experiment.validation, seed);
  }
  return {data.train, data.test};
}

PixelScaling scaling_for(const Experiment& experiment, const Dataset& train) {
  return experiment.pixels == Pixels::kNormalised
             ? normalisation(train)
             : to_unit_interval(train.channels);
}
// endregion

// region study-optimiser
/// Adam that believes every step to be `times` steps later than the last.
class Hasty : public Optimiser {
 public:
  Hasty(std::unique_ptr<Optimiser> other, std::int64_t times)
      : other_(std::move(other)), times_(times) {}
  std::string description() const override {
    return other_->description() + ", steps counted " + std::to_string(times_) +
           " times";
  }
  std::span<const OptimiserState> state() const override {
    return other_->state();
  }
  void step(float rate, std::int64_t step) override {
    other_->step(rate, times_ * (step + 1) - 1);
  }

 private:
  std::unique_ptr<Optimiser> other_;
  std::int64_t times_;
};

std::int64_t layers_with_weights(const Network& network) {
  return std::ranges::count_if(network.parameters(), [](const auto& parameter) {
    return parameter.name.ends_with(".weight");
  });
}

/// Adam divides by the size of the gradients, so that dividing them all by a
/// number changes nothing but what epsilon is compared with: it might as well
/// have been multiplied.
std::unique_ptr<Optimiser> optimiser_for(const Experiment& experiment,
                                         Network& network,
                                         AdamBackend& backend) {
  AdamOptions options;
  if (experiment.faults.divided_twice) {
    options.epsilon *= static_cast<float>(experiment.batch);
  }
  auto adam = make_adam(network, backend, options);
  if (!experiment.faults.counts_layers) return adam;
  return std::make_unique<Hasty>(std::move(adam), layers_with_weights(network));
}
// endregion

// region describe-weights
std::string describe(const Initialiser& weight) {
  using Kind = Initialiser::Kind;
  switch (weight.kind) {
    case Kind::kConstant:
      return fmt::format("{}", weight.value);
    case Kind::kNormal:
      return fmt::format("{} times a normal number", weight.value);
    case Kind::kHeNormal:
      return "He, normal";
    case Kind::kHeUniform:
      return "He, uniform";
    case Kind::kXavierNormal:
      return "Xavier, normal";
    case Kind::kXavierUniform:
      return "Xavier, uniform";
    case Kind::kFanInUniform:
      return "uniform, by inputs";
  }
  return "unknown";
}
// endregion

// region study-plan
TrainingPlan plan_for(const Experiment& experiment, std::uint64_t seed) {
  return {.epochs = experiment.epochs,
          .schedule = experiment.schedule,
          .seed = seed,
          .patience = experiment.patience};
}

Shape input_for(const Experiment& experiment, const Dataset& pictures) {
  return {experiment.batch, pictures.channels, pictures.height, pictures.width};
}

Sequential network_for(const Experiment& experiment, const Dataset& pictures) {
  return network_from(
      with_classes(experiment.layers, std::ssize(pictures.class_names)),
      experiment.weight);
}

std::unique_ptr<OverwritingBackend> overwriting_for(
    const Experiment& experiment, const Place& place) {
  if (!experiment.faults.col2im_overwrites) return nullptr;
  return std::make_unique<OverwritingBackend>(place.backend(), place.adam());
}

}  // namespace

Study::Study(const Experiment& experiment, const DatasetPair& data,
             std::uint64_t seed, const Place& place)
    : Study(experiment, split_for(experiment, data, seed), data.test, seed,
            place) {}

Study::Study(const Experiment& experiment, Split split, const Dataset& test,
             std::uint64_t seed, const Place& place)
    : experiment_(experiment),
      seed_(seed),
      place_(place.name()),
      split_(std::move(split)),
      train_(place.backend(), split_.train,
             scaling_for(experiment, split_.train)),
      validation_(place.backend(), split_.validation,
                  scaling_for(experiment, split_.train)),
      test_(place.backend(), test, scaling_for(experiment, split_.train)),
      test_labels_(test.labels),
      overwriting_(overwriting_for(experiment, place)),
      network_(network_for(experiment, split_.train),
               input_for(experiment, split_.train),
               overwriting_ ? *overwriting_ : place.backend(), seed),
      optimiser_(optimiser_for(experiment, network_, place.adam())),
      trainer_(network_, *optimiser_, train_, &validation_,
               plan_for(experiment, seed)) {}
// endregion

// region study-recipe
std::string Study::recipe() const {
  return fmt::format("{}, begun as {}; {}; {}{}", experiment_.layers,
                     describe(experiment_.weight), trainer_.recipe(),
                     experiment_.faults.judged_in_training
                         ? "evaluated as in training"
                         : "evaluated without dropout",
                     overwriting_ ? "; col2im overwrites" : "");
}
// endregion

// region study-outcome-made
std::vector<Prediction> Study::answers() {
  return predict(network_, test_, test_labels_);
}

Outcome Study::outcome() {
  const TrainingState& state = trainer_.state();
  Outcome outcome{.id = experiment_.id,
                  .place = place_,
                  .recipe = recipe(),
                  .seed = seed_,
                  .history = state.history,
                  .test = {}};
  for (const EpochRecord& epoch : state.history) {
    outcome.seconds += epoch.seconds;
  }
  outcome.test =
      experiment_.faults.judged_in_training
          ? evaluate_as_in_training(
                network_, test_, static_cast<std::uint64_t>(trainer_.steps()))
          : evaluate(network_, test_);
  const ConfusionMatrix matrix(split_.train.class_names, answers());
  outcome.confusion.assign(matrix.counts().begin(), matrix.counts().end());
  outcome.bytes = network_.backend().allocated_bytes();
  return outcome;
}
// endregion

// region study-model
Model Study::model() const {
  const auto classes = std::ssize(split_.train.class_names);
  return model_of(network_, with_classes(experiment_.layers, classes),
                  split_.train, scaling_for(experiment_, split_.train),
                  recipe());
}
// endregion

// region evaluate-as-in-training
Score evaluate_as_in_training(Network& network, const DeviceDataset& dataset,
                              std::uint64_t step) {
  Backend& backend = network.backend();
  const std::int64_t batch = network.input_shape().batch;
  std::vector<std::int64_t> indices(static_cast<std::size_t>(batch));
  std::array<float, 2> totals{};
  Score sum;
  for (std::int64_t first = 0; first < dataset.count(); first += batch) {
    const std::int64_t count = std::min(batch, dataset.count() - first);
    std::iota(indices.begin(), indices.begin() + count, first);
    std::fill(indices.begin() + count, indices.end(), dataset.no_picture());
    dataset.gather(indices, network);
    network.forward(true, step++);
    network.loss(false);
    backend.download(network.totals(), totals);
    backend.clear(network.totals(), 2);
    sum.loss += totals[0];
    sum.accuracy += totals[1];
  }
  const auto count = static_cast<double>(dataset.count());
  return {sum.loss / count, sum.accuracy / count};
}

}  // namespace cnn
// endregion
