#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "chapters/04_cpu_cnn/evaluate.hpp"
#include "common/errors.hpp"
#include "tests/chapters/04_cpu_cnn/training_fixture.hpp"

namespace cnn {
namespace {

TEST(Trainer, Learns) {
  BarsTraining training(
      {.epochs = 12,
       .schedule = {.kind = Schedule::Kind::kOneCycle, .rate = 0.1F}});
  const Score before = evaluate(training.network, training.validation);
  training.trainer.run();
  const Score after = evaluate(training.network, training.validation);
  EXPECT_LT(before.accuracy, 0.7);
  EXPECT_GT(after.accuracy, 0.9);
  EXPECT_LT(after.loss, before.loss / 2);
}

TEST(Trainer, WritesHistory) {
  BarsTraining training;
  int observed = 0;
  training.trainer.run([&](const Trainer& trainer) {
    ++observed;
    EXPECT_EQ(std::ssize(trainer.state().history), observed);
  });
  EXPECT_EQ(observed, 4);
  const History& history = training.trainer.state().history;
  ASSERT_EQ(history.size(), 4U);
  EXPECT_EQ(training.trainer.steps_per_epoch(), 6) << "100 pictures, 16 each";
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(history[i].epoch, static_cast<std::int64_t>(i) + 1);
    EXPECT_GT(history[i].train.loss, 0);
    EXPECT_GT(history[i].validation.loss, 0);
    EXPECT_GE(history[i].train.accuracy, 0);
    EXPECT_LE(history[i].train.accuracy, 1);
    EXPECT_GT(history[i].seconds, 0);
    EXPECT_EQ(history[i].rate,
              learning_rate(BarsTraining::small_plan().schedule,
                            6 * static_cast<std::int64_t>(i) + 5, 24));
  }
  EXPECT_LT(history.back().train.loss, history.front().train.loss);
  // The last epoch's validation is what the network does now.
  EXPECT_EQ(history.back().validation.loss,
            evaluate(training.network, training.validation).loss);
}

TEST(Trainer, TakesTheSameStepsForAnyNumberOfThreads) {
  BarsTraining one(BarsTraining::small_plan(), 1);
  BarsTraining again(BarsTraining::small_plan(), 1);
  BarsTraining three(BarsTraining::small_plan(), 3);
  for (BarsTraining* training : {&one, &again, &three}) {
    training->trainer.run();
  }
  EXPECT_EQ(all_bits(one), all_bits(again));
  EXPECT_EQ(all_bits(one), all_bits(three));
}

TEST(Trainer, LooksAsOftenAsItLikes) {
  auto plan = BarsTraining::small_plan();
  BarsTraining some(plan);
  plan.look_every = 1;
  BarsTraining often(plan);
  some.trainer.run();
  often.trainer.run();
  EXPECT_EQ(bits_of(download_weights(some.network).parameters),
            bits_of(download_weights(often.network).parameters));
}

TEST(Trainer, OrderDependsOnTheSeed) {
  auto plan = BarsTraining::small_plan();
  BarsTraining one(plan);
  plan.seed = 4;
  BarsTraining other(plan);
  one.trainer.run();
  other.trainer.run();
  EXPECT_NE(all_bits(one), all_bits(other));
}

TEST(Trainer, StopsEarlyAndGoesBackToTheBestWeights) {
  // A rate that soon does harm.
  BarsTraining training(
      {.epochs = 40, .schedule = {.rate = 0.3F}, .patience = 3});
  Weights best;
  double best_loss = std::numeric_limits<double>::infinity();
  std::int64_t best_epoch = 0;
  while (!training.trainer.finished()) {
    training.trainer.run_epoch();
    const EpochRecord& epoch = training.trainer.state().history.back();
    if (epoch.validation.loss < best_loss) {
      best_loss = epoch.validation.loss;
      best_epoch = epoch.epoch;
      best = download_weights(training.network);
    }
  }
  const TrainingState& state = training.trainer.state();
  ASSERT_TRUE(state.stopped) << "the task was too easy";
  EXPECT_EQ(state.best_epoch, best_epoch);
  EXPECT_EQ(std::ssize(state.history), best_epoch + 3);
  EXPECT_EQ(bits_of(download_weights(training.network).parameters),
            bits_of(best.parameters));
  EXPECT_EQ(bits_of(download_weights(training.network).buffers),
            bits_of(best.buffers));
  EXPECT_EQ(evaluate(training.network, training.validation).loss, best_loss);
}

TEST(Trainer, StopsWithASentenceWhenTheLossIsNoNumber) {
  BarsTraining training(
      {.epochs = 5, .schedule = {.rate = 1e30F}, .look_every = 2});
  try {
    training.trainer.run();
    FAIL() << "a rate like that";
  } catch (const TrainingError& error) {
    const std::string sentence = error.what();
    for (const char* part :
         {"epoch 1, between steps 1 and 2", "nan", "1e+30", "--rate"}) {
      EXPECT_NE(sentence.find(part), std::string::npos)
          << part << ": " << sentence;
    }
  }
}

TEST(Trainer, RefusesPlansThatMakeNoSense) {
  EXPECT_THROW(BarsTraining({.epochs = 0}), InputError);
  EXPECT_THROW(BarsTraining({.look_every = 0}), InputError);
  EXPECT_THROW(BarsTraining({.patience = -1}), InputError);
  BarsTraining training;
  EXPECT_THROW(Trainer(training.network, *training.optimiser, training.train,
                       nullptr, {.patience = 2}),
               InputError);
  const DeviceDataset few(*training.backend, make_bars(15, 1),
                          to_unit_interval(1));
  EXPECT_THROW(Trainer(training.network, *training.optimiser, few, nullptr, {}),
               InputError);
}

TEST(Trainer, DoesWithoutValidation) {
  BarsTraining training;
  Trainer trainer(training.network, *training.optimiser, training.train,
                  nullptr, {.epochs = 1});
  trainer.run();
  EXPECT_TRUE(std::isnan(trainer.state().history[0].validation.loss));
  EXPECT_NE(history_row(trainer.state().history[0]).find(" - "),
            std::string::npos);
}

TEST(Evaluate, CountsEveryPictureOnce) {
  BarsTraining training;
  // 37 pictures in batches of 16: the last one holds 5.
  const auto labels = make_bars(37, 2).labels;
  const auto predictions =
      predict(training.network, training.validation, labels);
  ASSERT_EQ(predictions.size(), 37U);
  double loss = 0;
  double right = 0;
  for (std::size_t i = 0; i < 37; ++i) {
    EXPECT_EQ(predictions[i].picture, static_cast<std::int64_t>(i));
    EXPECT_EQ(predictions[i].truth, labels[i]);
    EXPECT_GE(predictions[i].confidence, predictions[i].truth_probability);
    loss -= std::log(predictions[i].truth_probability) / 37;
    right += predictions[i].said == predictions[i].truth ? 1 : 0;
  }
  const Score score = evaluate(training.network, training.validation);
  EXPECT_NEAR(score.loss, loss, 1e-5);  // float32 sums of 37 losses
  EXPECT_DOUBLE_EQ(score.accuracy, right / 37);
}

TEST(Evaluate, IsTheSameInTheMidstOfTraining) {
  BarsTraining interrupted;
  BarsTraining left_alone;
  interrupted.trainer.run_steps();
  left_alone.trainer.run_steps();
  evaluate(interrupted.network, interrupted.validation);
  interrupted.trainer.run();
  left_alone.trainer.run();
  EXPECT_EQ(all_bits(interrupted), all_bits(left_alone));
}

TEST(DeviceDataset, GathersScaledPicturesAndLabels) {
  const auto backend = make_cpu_backend(1);
  Dataset dataset = make_bars(5, 9);
  dataset.channels = 2;  // the same bytes, seen as 2 channels of 4 rows
  dataset.height = 4;
  Network network({{flatten(), dense(3)}}, {3, 2, 4, 8}, *backend, 1);
  const DeviceDataset device(*backend, dataset,
                             {.scale = {0.5F, 2}, .offset = {1, -3}});
  const std::vector<std::int64_t> indices{4, device.no_picture(), 0};
  device.gather(indices, network);
  std::vector<float> input(3 * 64);
  backend->download_activation(network.input_shape(), network.input(), input);
  std::vector<std::uint8_t> labels(3);
  backend->download_bytes(network.labels(), labels);
  EXPECT_EQ(labels, (std::vector<std::uint8_t>{1, Network::kNoLabel, 0}));
  for (std::size_t pixel = 0; pixel < 64; ++pixel) {
    const float scale = pixel < 32 ? 0.5F : 2;
    const float offset = pixel < 32 ? 1 : -3;
    EXPECT_FLOAT_EQ(
        input[pixel],
        static_cast<float>(dataset.picture(4)[pixel]) * scale + offset);
    EXPECT_FLOAT_EQ(input[64 + pixel], offset);
    EXPECT_FLOAT_EQ(
        input[128 + pixel],
        static_cast<float>(dataset.picture(0)[pixel]) * scale + offset);
  }
}

TEST(DeviceDataset, RefusesANetworkForOtherPictures) {
  const auto backend = make_cpu_backend(1);
  Network network({{flatten(), dense(3)}}, {2, 1, 4, 4}, *backend, 1);
  const DeviceDataset device(*backend, make_bars(5, 9), to_unit_interval(1));
  const std::vector<std::int64_t> indices{0, 1};
  EXPECT_THROW(device.gather(indices, network), InputError);
  EXPECT_THROW(DeviceDataset(*backend, make_bars(5, 9), to_unit_interval(2)),
               InputError);
}

TEST(PixelScaling, NormalisesEachChannel) {
  const Dataset dataset = make_bars(50, 4);
  const PixelScaling scaling = normalisation(dataset);
  double sum = 0;
  double squares = 0;
  for (const std::uint8_t byte : dataset.pixels) {
    const double value = byte * static_cast<double>(scaling.scale[0]) +
                         static_cast<double>(scaling.offset[0]);
    sum += value;
    squares += value * value;
  }
  const auto count = static_cast<double>(dataset.pixels.size());
  EXPECT_NEAR(sum / count, 0, 1e-6);
  EXPECT_NEAR(squares / count, 1, 1e-6);
  Dataset black = dataset;
  std::ranges::fill(black.pixels, std::uint8_t{7});
  EXPECT_EQ(normalisation(black).scale[0], 1);
}

}  // namespace
}  // namespace cnn
