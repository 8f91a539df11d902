// A backend with habits computes what it always did, and says how slowly.
#include <gtest/gtest.h>

#include <stdexcept>

#include "common/errors.hpp"
#include "tests/chapters/07_four_reports/patient_case.hpp"

namespace cnn {
namespace {

using test::on_small_bars;
using test::PatientOutcome;
using test::train_patiently;

constexpr std::int64_t kBorrowed = 1000;

std::vector<Habits> every_habit() {
  return {{.waits = true},
          {.reads_loss = true},
          {.sends_pictures = true},
          {.borrows = kBorrowed},
          {.waits = true,
           .reads_loss = true,
           .sends_pictures = true,
           .borrows = kBorrowed}};
}

class PatientTraining : public testing::TestWithParam<std::string> {};

TEST_P(PatientTraining, LeavesTheSameBits) {
  const auto expected = train_patiently(GetParam(), Habits{}).bits;
  for (const Habits& habits : every_habit()) {
    EXPECT_EQ(train_patiently(GetParam(), habits).bits, expected);
  }
}

TEST_P(PatientTraining, LeavesTheBitsOfNoPatienceAtAll) {
  const Place place(GetParam(), 1);
  const Dataset pictures = make_bars(80, 1);
  TimedTraining training(on_small_bars(), pictures, place.backend(),
                         place.adam(), 3);
  training.run_stretch();
  EXPECT_EQ(bits_of(training.weights().parameters),
            train_patiently(GetParam(), Habits{}).bits);
}

TEST_P(PatientTraining, CountsWhatItDoes) {
  const PatientOutcome plain = train_patiently(GetParam(), Habits{});
  const auto with = [&](const Habits& habits) {
    return train_patiently(GetParam(), habits).traffic;
  };
  EXPECT_EQ(plain.steps, 3);
  EXPECT_GE(plain.traffic.operations, plain.steps * 10);
  EXPECT_EQ(plain.traffic.waits, 0);
  // A look at the loss, and nothing else.
  EXPECT_EQ(plain.traffic.copies, 1);
  EXPECT_EQ(plain.traffic.copied_bytes, 8);
  EXPECT_EQ(plain.traffic.borrowed_bytes, 0);

  EXPECT_EQ(with({.waits = true}).waits, plain.traffic.operations);
  EXPECT_EQ(with({.waits = true}).copied_bytes, 8);
  EXPECT_EQ(with({.reads_loss = true}).copied_bytes, 8 + 8 * plain.steps);
  // Pictures of 8 x 8 floats, and a label each.
  const std::int64_t picture = 8 * 8 * sizeof(float) + 1;
  EXPECT_EQ(with({.sends_pictures = true}).copied_bytes,
            8 + plain.steps * on_small_bars().batch * picture);
  EXPECT_EQ(with({.borrows = kBorrowed}).borrowed_bytes,
            kBorrowed * plain.traffic.operations);
  for (const Habits& habits : every_habit()) {
    EXPECT_EQ(with(habits).operations, plain.traffic.operations);
  }
}

/// Forgets one thing each.
class Broken : public PatientBackend {
 public:
  enum class Fault { kLabels, kPictures, kDropoutBackward };
  Broken(const Place& place, Fault fault)
      : PatientBackend(place.backend(), place.adam(), {.sends_pictures = true}),
        fault_(fault) {}

  void gather(const Shape& shape, ConstByteArray pixels, ConstByteArray labels,
              std::span<const std::int64_t> indices,
              std::span<const float> scale, std::span<const float> offset,
              Array activation, ByteArray batch_labels) override {
    std::vector<std::int64_t> other(indices.begin(), indices.end());
    if (fault_ == Fault::kPictures) other.front() = other.back();
    PatientBackend::gather(shape, pixels, labels, other, scale, offset,
                           activation, batch_labels);
    if (fault_ != Fault::kLabels) return;
    const std::vector<std::uint8_t> zeros(indices.size());
    upload_bytes(zeros, batch_labels);
  }

  void dropout_backward(const Shape& shape, const DropoutNumbers& numbers,
                        ConstArray output_gradient,
                        Array input_gradient) override {
    if (fault_ == Fault::kDropoutBackward) return;
    PatientBackend::dropout_backward(shape, numbers, output_gradient,
                                     input_gradient);
  }

 private:
  Fault fault_;
};

TEST_P(PatientTraining, OtherBitsAreNoticed) {
  const auto expected = train_patiently(GetParam(), Habits{}).bits;
  const auto with = [&](Broken::Fault fault) {
    return train_patiently(GetParam(),
                           [&](const Place& place) {
                             return std::make_unique<Broken>(place, fault);
                           })
        .bits;
  };
  EXPECT_NE(with(Broken::Fault::kLabels), expected);
  EXPECT_NE(with(Broken::Fault::kPictures), expected);
  EXPECT_NE(with(Broken::Fault::kDropoutBackward), expected);
}

INSTANTIATE_TEST_SUITE_P(Places, PatientTraining,
                         testing::Values("cpu", "emulated"),
                         [](const auto& tested) { return tested.param; });

TEST(PatientBackend, FillsUpWithBlankPictures) {
  const Place place("cpu", 1);
  PatientBackend patient(place.backend(), place.adam(),
                         {.sends_pictures = true});
  const Dataset bars = make_bars(5, 1);
  const DeviceDataset pictures(patient, bars, {{0.5F}, {2.0F}});
  Network network(bars_model(), {2, 1, 8, 8}, patient, 1);
  pictures.gather(std::vector<std::int64_t>{4, pictures.no_picture()}, network);
  std::vector<float> input(2 * 64);
  patient.download_activation({2, 1, 8, 8}, network.input(), input);
  for (std::size_t i = 0; i < 64; ++i) {
    const float expected = 0.5F * static_cast<float>(bars.pixels[4 * 64 + i]);
    EXPECT_EQ(input[i], expected + 2);
    EXPECT_EQ(input[64 + i], 2);
  }
  std::vector<std::uint8_t> labels(2);
  patient.download_bytes(network.labels(), labels);
  EXPECT_EQ(labels, (std::vector<std::uint8_t>{bars.labels[4], 255}));
}

TEST(PatientBackend, CannotBorrowFromNobody) {
  const Place place("cpu", 1);
  EXPECT_THROW(
      PatientBackend(place.backend(), place.adam(), {.borrows = kBorrowed}),
      std::invalid_argument);
}

TEST(TimedTraining, CountsTheStepsOfAStretch) {
  const Place place("cpu", 1);
  const Dataset pictures = make_bars(80, 1);  // five batches
  TimedTraining training(on_small_bars(), pictures, place.backend(),
                         place.adam(), 3);
  EXPECT_GT(training.run_stretch(), 0);
  EXPECT_EQ(training.last_steps(), 3);
  training.run_stretch();
  EXPECT_EQ(training.last_steps(), 2) << "the end of the epoch";
  EXPECT_GT(training.flop(), 0);
  const Timing step = training.time(TimingPlan::quick());
  EXPECT_GT(step.median_s, 0);
  EXPECT_GE(step.repetitions, 3);
}

TEST(Batches, CrossWhereOneStaysAhead) {
  const std::vector<double> batches{1, 2, 4, 8};
  const std::vector<double> cpu{1, 2, 4, 8};
  EXPECT_EQ(wins_from(batches, {3, 3, 3, 3}, cpu), 4);
  EXPECT_EQ(wins_from(batches, {0.5, 0.5, 0.5, 0.5}, cpu), 1);
  EXPECT_EQ(wins_from(batches, {9, 9, 9, 9}, cpu), 0);
  EXPECT_EQ(wins_from(batches, {3, 1, 5, 6}, cpu), 8) << "ahead, then not";
  EXPECT_EQ(wins_from(batches, cpu, cpu), 0) << "level is not ahead";
}

TEST(Batches, AreFlatUpToTheFirstThatIsNot) {
  const std::vector<double> batches{1, 2, 4, 8};
  EXPECT_EQ(flat_to(batches, {1, 1.1, 1.2, 3}), 4);
  EXPECT_EQ(flat_to(batches, {1, 2, 1, 1}), 1);
  EXPECT_EQ(flat_to(batches, {1, 1, 1, 1}), 8);
}

TEST(SlowWays, BeginWithTheFastOneAndEndWithAll) {
  const std::vector<SlowWay> ways = slow_ways();
  EXPECT_EQ(ways.front().id, "fast");
  EXPECT_EQ(ways.front().batch, report_001().front().batch);
  const Habits& last = ways.back().habits;
  EXPECT_TRUE(last.waits && last.reads_loss && last.sends_pictures);
  EXPECT_GT(last.borrows, 0);
}

}  // namespace
}  // namespace cnn
