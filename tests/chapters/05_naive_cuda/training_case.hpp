/// @file
/// Whole networks, trained by two backends from the same seed: what one makes
/// of it, and how far the other may be from that.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/optimiser.hpp"
#include "common/error_bound.hpp"
#include "tests/chapters/04_cpu_cnn/small_networks.hpp"

namespace cnn::test {

/// Makes the optimiser of a network.
using OptimiserMaker = std::function<std::unique_ptr<Optimiser>(Network&)>;

inline OptimiserMaker sgd_with(float momentum, float weight_decay) {
  return [=](Network& network) {
    return make_sgd(network, {momentum, weight_decay});
  };
}

/// What a training is made of. Tests break it on purpose.
struct Recipe {
  std::uint64_t steps = 1;
  float rate = 0.1F;
  OptimiserMaker optimiser = sgd_with(0.9F, 1e-2F);
  std::uint64_t first_mask = 0;  ///< of dropout
  double nudge = 0;              ///< relative, of every number it starts from
  std::uint64_t nudge_seed = 0;
};

/// Everything that a training makes, by name.
using Arrays = std::map<std::string, std::vector<float>>;

/// Each number a little larger or smaller, by chance.
inline std::vector<float> nudged(std::vector<float> values,
                                 const Recipe& recipe, std::uint64_t stream) {
  const Random random(recipe.nudge_seed, stream);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double by = random.bits(i) % 2 == 0 ? recipe.nudge : -recipe.nudge;
    values[i] = static_cast<float>(double{values[i]} * (1 + by));
  }
  return values;
}

inline Arrays arrays_of(const Network& network) {
  Arrays all;
  const auto take = [&](const std::string& name, ConstArray array,
                        std::int64_t size) {
    all[name] = downloaded(network, array, size);
  };
  take("logits", network.logits(),
       network.input_shape().batch * network.classes());
  take("totals", network.totals(), 2);
  for (const Parameter& each : network.parameters()) {
    take("gradient of " + each.name, network.gradient_arena() + each.offset,
         each.size());
    take(each.name, network.parameter_arena() + each.offset, each.size());
  }
  for (const Parameter& each : network.buffers()) {
    take(each.name, network.buffer_arena() + each.offset, each.size());
  }
  return all;
}

inline Arrays train_on(Backend& backend, const Recipe& recipe) {
  Network network(every_layer(), kSmallInput, backend, 7);
  backend.upload(nudged(parameters_of(network), recipe, 1000),
                 network.parameter_arena());
  const auto optimiser = recipe.optimiser(network);
  for (std::uint64_t step = 0; step < recipe.steps; ++step) {
    fill_batch(network, step);
    std::vector<float> pictures(count(kSmallInput));
    backend.download_activation(kSmallInput, network.input(), pictures);
    backend.upload_activation(kSmallInput, nudged(pictures, recipe, step),
                              network.input());
    backend.clear(network.totals(), 2);
    network.forward(true, recipe.first_mask + step);
    network.loss(true);
    network.backward();
    optimiser->step(recipe.rate, static_cast<std::int64_t>(step));
  }
  return arrays_of(network);
}

inline Arrays train_on_cpu(const Recipe& recipe) {
  return train_on(*make_cpu_backend(2), recipe);
}

inline double largest_difference(const std::vector<float>& a,
                                 const std::vector<float>& b) {
  double largest = a.size() == b.size() ? 0 : HUGE_VAL;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const double difference = std::abs(double{a[i]} - double{b[i]});
    // Written so that NaN is the largest of all.
    if (!(difference <= largest)) {
      largest = std::isnan(difference) ? HUGE_VAL : difference;
    }
  }
  return largest;
}

inline double largest_of(const std::vector<float>& values) {
  return largest_difference(values, std::vector<float>(values.size(), 0));
}

/// The longest sum of every_layer(): a channel of the first activation.
inline constexpr std::int64_t kLongestSum = 6 * 13 * 11;

/// What the CPU makes of a recipe, and how far another backend may be from it.
///
/// A float32 sum of k terms is the exact sum of terms that are each off by at
/// most gamma(k). So a backend whose sums have at most k terms computes, layer
/// by layer, what exact arithmetic would make of parameters and pictures that
/// are off by about so much. How far that carries is a question to the network:
/// we nudge all its numbers by gamma(k), up or down by chance, and look. Four
/// times the furthest of several such trainings must do. Sums that are 0 in
/// exact arithmetic (the gradient of a bias before batch normalisation) no
/// nudge moves: they may be off by gamma(k) of what such sums are made of.
class Expected {
 public:
  explicit Expected(Recipe recipe) : arrays_(train_on_cpu(recipe)) {
    recipe.nudge = gamma_bound(kLongestSum);
    for (recipe.nudge_seed = 1; recipe.nudge_seed <= 4; ++recipe.nudge_seed) {
      for (const auto& [name, values] : train_on_cpu(recipe)) {
        deviation_[name] = std::max(
            deviation_[name], largest_difference(values, arrays_.at(name)));
      }
    }
    for (const auto& [name, values] : arrays_) {
      if (name.starts_with("gradient")) {
        largest_gradient_ = std::max(largest_gradient_, largest_of(values));
      }
    }
  }

  /// The largest error as a multiple of what it may be, and whose it is.
  std::pair<double, std::string> excess(const Arrays& actual) const {
    std::pair<double, std::string> worst{-1, "nothing was compared"};
    for (const auto& [name, values] : arrays_) {
      const auto found = actual.find(name);
      const double error = found == actual.end()
                               ? HUGE_VAL
                               : largest_difference(found->second, values);
      worst = std::max(worst, {error / tolerance(name), name});
    }
    return worst;
  }

 private:
  double tolerance(const std::string& name) const {
    const double scale = name.starts_with("gradient")
                             ? largest_gradient_
                             : largest_of(arrays_.at(name));
    return 4 * deviation_.at(name) + gamma_bound(kLongestSum) * scale;
  }

  Arrays arrays_;
  std::map<std::string, double> deviation_;
  double largest_gradient_ = 0;
};

/// After so many steps of SGD; computed once.
inline const Expected& expected_after(std::uint64_t steps) {
  static std::map<std::uint64_t, Expected> all;
  return all.try_emplace(steps, Recipe{.steps = steps}).first->second;
}

}  // namespace cnn::test
