// region quiet: includes
#include "chapters/04_cpu_cnn/trainer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "chapters/04_cpu_cnn/evaluate.hpp"
#include "common/errors.hpp"
#include "common/progress.hpp"
#include "common/random.hpp"
#include "common/report.hpp"

namespace cnn {
// endregion

// region trainer-constructor
Trainer::Trainer(Network& network, Optimiser& optimiser,
                 const DeviceDataset& train, const DeviceDataset* validation,
                 TrainingPlan plan)
    : network_(&network),
      optimiser_(&optimiser),
      train_(&train),
      validation_(validation),
      plan_(plan),
      order_(static_cast<std::size_t>(train.count())) {
  const std::int64_t batch = network.input_shape().batch;
  // What does not fill a batch sits out: other pictures in every epoch.
  steps_per_epoch_ = train.count() / batch;
  if (steps_per_epoch_ == 0) {
    throw InputError(fmt::format(
        "training: found {} pictures, expected at least one batch of {}",
        train.count(), batch));
  }
  if (plan.epochs < 1 || plan.look_every < 1 || plan.patience < 0) {
    throw InputError(fmt::format(
        "training: found {} epochs, a look every {} steps and a patience of "
        "{}, expected at least 1, 1 and 0",
        plan.epochs, plan.look_every, plan.patience));
  }
  if (plan.patience > 0 && validation == nullptr) {
    throw InputError(
        "training: found no validation pictures, expected some: stopping "
        "early needs them");
  }
  network.backend().clear(network.totals(), 2);
}
// endregion

// region shuffle
/// Fisher and Yates: the last place gets any picture, the last but one any of
/// the rest, and so on. The order is a function of seed and epoch, so that
/// nothing about it needs to be saved.
void Trainer::shuffle(std::int64_t epoch) {
  constexpr std::uint64_t kShuffleStream = 0x73687566666c65;  // "shuffle"
  const Random random(plan_.seed, kShuffleStream);
  const auto first = static_cast<std::uint64_t>(epoch) * order_.size();
  std::iota(order_.begin(), order_.end(), 0);
  for (std::size_t left = order_.size(); left > 1; --left) {
    const std::uint64_t chosen = random.below(first + left - 1, left);
    std::swap(order_[left - 1], order_[chosen]);
  }
  shuffled_epoch_ = epoch;
}
// endregion

// region training-step
void Trainer::step() {
  const std::int64_t batch = network_->input_shape().batch;
  const std::int64_t first = state_.step % steps_per_epoch_ * batch;
  train_->gather(
      std::span<const std::int64_t>(order_).subspan(
          static_cast<std::size_t>(first), static_cast<std::size_t>(batch)),
      *network_);
  network_->forward(true, static_cast<std::uint64_t>(state_.step));
  network_->loss(true);
  network_->backward();
  optimiser_->step(learning_rate(plan_.schedule, state_.step, steps()),
                   state_.step);
  ++state_.step;
}
// endregion

// region look
/// Reads what the last steps have added up.
void Trainer::look(std::int64_t steps) {
  std::array<float, 2> totals{};
  network_->backend().download(network_->totals(), totals);
  network_->backend().clear(network_->totals(), 2);
  const std::int64_t last = state_.step - 1;
  if (!std::isfinite(totals[0])) {
    throw TrainingError(fmt::format(
        "epoch {}, between steps {} and {}: the loss became {}, at a learning "
        "rate of {:.3g}; try a smaller one (--rate)",
        last / steps_per_epoch_ + 1, last - steps + 2, last + 1,
        std::abs(totals[0]),
        learning_rate(plan_.schedule, last, this->steps())));
  }
  state_.epoch_loss += totals[0];
  state_.epoch_right += totals[1];
}
// endregion

// region run-steps
bool Trainer::finished() const {
  return state_.stopped || state_.step >= steps();
}

void Trainer::run_steps() {
  if (finished()) return;
  const auto begin = std::chrono::steady_clock::now();
  const std::int64_t epoch = state_.step / steps_per_epoch_;
  if (epoch != shuffled_epoch_) shuffle(epoch);
  const std::int64_t in_epoch = state_.step % steps_per_epoch_;
  const std::int64_t count =
      std::min(plan_.look_every, steps_per_epoch_ - in_epoch);
  for (std::int64_t i = 0; i < count; ++i) step();
  look(count);
  const std::chrono::duration<double> taken =
      std::chrono::steady_clock::now() - begin;
  state_.epoch_seconds += taken.count();
  if (in_epoch + count == steps_per_epoch_) judge_epoch();
}
// endregion

// region judge-epoch
/// Writes an epoch's line into the history, and decides whether to go on.
void Trainer::judge_epoch() {
  constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
  const auto pictures =
      static_cast<double>(steps_per_epoch_ * network_->input_shape().batch);
  const std::int64_t epoch = state_.step / steps_per_epoch_;
  state_.history.push_back(
      {.epoch = epoch,
       .train = {state_.epoch_loss / pictures, state_.epoch_right / pictures},
       .validation = validation_ != nullptr ? evaluate(*network_, *validation_)
                                            : Score{kNothing, kNothing},
       .rate = learning_rate(plan_.schedule, state_.step - 1, steps()),
       .seconds = state_.epoch_seconds});
  state_.epoch_loss = state_.epoch_right = state_.epoch_seconds = 0;
  if (plan_.patience == 0) return;

  const double loss = state_.history.back().validation.loss;
  if (state_.best_epoch == 0 || loss < state_.best_loss) {
    state_.best_epoch = epoch;
    state_.best_loss = loss;
    state_.best = download_weights(*network_);
  }
  state_.stopped = epoch - state_.best_epoch >= plan_.patience;
  if (finished()) upload_weights(state_.best, *network_);
}
// endregion

// region run-epoch
void Trainer::run_epoch() {
  const std::int64_t begin = state_.step;
  const std::int64_t epoch = begin / steps_per_epoch_ + 1;
  const auto clock_begin = std::chrono::steady_clock::now();
  Progress progress(fmt::format("epoch {} of {}", epoch, plan_.epochs),
                    steps_per_epoch_);
  progress.advance(begin % steps_per_epoch_);
  while (!finished() && state_.step / steps_per_epoch_ + 1 == epoch) {
    const std::int64_t before = state_.step;
    run_steps();
    const std::chrono::duration<double> taken =
        std::chrono::steady_clock::now() - clock_begin;
    progress.describe(describe_progress(
        taken.count() / static_cast<double>(state_.step - begin)));
    progress.advance(state_.step - before);
  }
}

/// "epoch 2 of 5  loss 0.0712  right 97.80 %  17,300 pictures/s  12.1 s left".
std::string Trainer::describe_progress(double seconds_per_step) const {
  const auto batch = static_cast<double>(network_->input_shape().batch);
  const std::int64_t done = state_.step % steps_per_epoch_;
  const double seen = batch * static_cast<double>(done);
  std::string text = fmt::format(
      "epoch {} of {}", (state_.step - 1) / steps_per_epoch_ + 1, plan_.epochs);
  if (done > 0) {
    text +=
        fmt::format("  loss {:.4f}  right {:.2f} %", state_.epoch_loss / seen,
                    100 * state_.epoch_right / seen);
  }
  return text + fmt::format(
                    "  {} pictures/s  {} left",
                    format_number(batch / seconds_per_step),
                    format_seconds(seconds_per_step *
                                   static_cast<double>(steps() - state_.step)));
}
// endregion

// region run-training
void Trainer::run(const Observer& after_epoch) {
  while (!finished()) {
    run_epoch();
    if (after_epoch) after_epoch(*this);
  }
}
// endregion

// region trainer-restore
void Trainer::restore(TrainingState state) {
  state_ = std::move(state);
}

std::string Trainer::recipe() const {
  std::string text = fmt::format(
      "{} epochs of {} in batches of {}; {}; {}; seed {}", plan_.epochs,
      train_->fingerprint(), network_->input_shape().batch,
      optimiser_->description(), describe(plan_.schedule), plan_.seed);
  if (validation_ != nullptr) {
    text += fmt::format("; judged by {}", validation_->fingerprint());
  }
  if (plan_.patience > 0) {
    text +=
        fmt::format("; to stop after {} epochs without gain", plan_.patience);
  }
  return text;
}
// endregion

// region weights-bodies
Weights download_weights(const Network& network) {
  Weights weights;
  weights.parameters.resize(
      static_cast<std::size_t>(network.parameter_count()));
  weights.buffers.resize(static_cast<std::size_t>(network.buffer_count()));
  network.backend().download(network.parameter_arena(), weights.parameters);
  network.backend().download(network.buffer_arena(), weights.buffers);
  return weights;
}

void upload_weights(const Weights& weights, Network& network) {
  if (std::ssize(weights.parameters) != network.parameter_count() ||
      std::ssize(weights.buffers) != network.buffer_count()) {
    throw std::invalid_argument("upload_weights: another network's weights");
  }
  network.backend().upload(weights.parameters, network.parameter_arena());
  network.backend().upload(weights.buffers, network.buffer_arena());
}

}  // namespace cnn
// endregion
