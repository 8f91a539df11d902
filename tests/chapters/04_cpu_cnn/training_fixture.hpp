// A small task that a small network learns in a blink.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/checkpoint.hpp"
#include "chapters/04_cpu_cnn/trainer.hpp"
#include "common/random.hpp"

namespace cnn {

/// Bars on noise: upright, level, or none.
inline Dataset make_bars(std::int64_t count, std::uint64_t seed) {
  constexpr std::int64_t kSide = 8;
  Dataset bars{.name = "bars",
               .source = "made up",
               .count = count,
               .channels = 1,
               .height = kSide,
               .width = kSide,
               .pixels = {},
               .labels = {},
               .class_names = {"upright", "level", "none"}};
  const Random random(seed, 77);
  for (std::int64_t n = 0; n < count; ++n) {
    const auto number = static_cast<std::uint64_t>(n);
    const auto label = static_cast<std::uint8_t>(n % 3);
    const auto place = static_cast<std::int64_t>(random.below(number, kSide));
    for (std::int64_t pixel = 0; pixel < kSide * kSide; ++pixel) {
      const bool lit = (label == 0 && pixel % kSide == place) ||
                       (label == 1 && pixel / kSide == place);
      const auto noise = static_cast<std::uint8_t>(random.below(
          1000 + number * kSide * kSide + static_cast<std::uint64_t>(pixel),
          100));
      bars.pixels.push_back(lit ? static_cast<std::uint8_t>(255 - noise)
                                : noise);
    }
    bars.labels.push_back(label);
  }
  return bars;
}

/// With everything that has a state or a random number in it.
inline Sequential bars_model() {
  return {{conv2d(4, 3, 1, 1), batch_norm2d(), relu(), max_pool2d(2), flatten(),
           dropout(0.2F), dense(3)}};
}

/// A whole training, from nothing.
struct BarsTraining {
  explicit BarsTraining(TrainingPlan plan = small_plan(), int threads = 1,
                        const Sequential& model = bars_model())
      : backend(make_cpu_backend(threads)),
        network(model, {16, 1, 8, 8}, *backend, 5),
        optimiser(make_sgd(network, {.momentum = 0.9F, .weight_decay = 1e-3F})),
        train(*backend, make_bars(100, 1), to_unit_interval(1)),
        validation(*backend, make_bars(37, 2), to_unit_interval(1)),
        trainer(network, *optimiser, train, &validation, plan) {}

  static TrainingPlan small_plan() {
    return {.epochs = 4,
            .schedule = {.kind = Schedule::Kind::kOneCycle, .rate = 0.05F},
            .seed = 3,
            .look_every = 4};
  }

  std::unique_ptr<Backend> backend;
  Network network;
  std::unique_ptr<Optimiser> optimiser;
  DeviceDataset train;
  DeviceDataset validation;
  Trainer trainer;
};

inline std::vector<std::uint32_t> bits_of(std::span<const float> values) {
  std::vector<std::uint32_t> bits;
  for (const float value : values) {
    bits.push_back(std::bit_cast<std::uint32_t>(value));
  }
  return bits;
}

/// Every bit that training changes, but for the clock.
inline std::vector<std::uint32_t> all_bits(const BarsTraining& training) {
  const Weights weights = download_weights(training.network);
  std::vector<float> velocity(weights.parameters.size());
  training.backend->download(training.optimiser->state()[0].array, velocity);
  std::vector<std::uint32_t> bits = bits_of(weights.parameters);
  const auto append = [&](const std::vector<std::uint32_t>& more) {
    bits.insert(bits.end(), more.begin(), more.end());
  };
  append(bits_of(weights.buffers));
  append(bits_of(velocity));
  for (const EpochRecord& epoch : training.trainer.state().history) {
    append(bits_of(std::vector<float>{
        static_cast<float>(epoch.epoch), static_cast<float>(epoch.train.loss),
        static_cast<float>(epoch.train.accuracy),
        static_cast<float>(epoch.validation.loss),
        static_cast<float>(epoch.validation.accuracy)}));
  }
  return bits;
}

}  // namespace cnn
