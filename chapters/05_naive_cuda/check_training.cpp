// region quiet: includes
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/network.hpp"
#include "chapters/04_cpu_cnn/optimiser.hpp"
#include "chapters/05_naive_cuda/checks.hpp"
#include "common/error_bound.hpp"
#include "common/random.hpp"

namespace cnn {
// endregion

// region networks-to-train
namespace {

constexpr Shape kInput{6, 2, 13, 11};  // odd, and a batch that fills no warp
constexpr int kSteps = 10;

struct SmallNetwork {
  std::string id;
  std::string label;
  Sequential model;
};

/// The reports' networks, cut small, and one with every layer there is.
std::vector<SmallNetwork> small_networks() {
  return {{"001",
           "like network 001",
           {{conv2d(5, 3), relu(), max_pool2d(2), conv2d(7, 3), relu(),
             flatten(), dense(12), relu(), dense(4)}}},
          {"003",
           "like network 003",
           {{conv2d(5, 3, 1, 1), relu(), max_pool2d(2), flatten(),
             dropout(0.3F), dense(4)}}},
          {"002",
           "like network 002",
           {{conv2d(5, 3, 1, 1), batch_norm2d(), relu(), max_pool2d(2),
             flatten(), dense(9), batch_norm1d(), relu(), dense(4)}}},
          {"every-layer",
           "every layer there is",
           {{conv2d(9, 3, 1, 1), batch_norm2d(), relu(), max_pool2d(2),
             dropout(0.25F), conv2d(17, 3, 2, 2), relu(), average_pool2d(2),
             flatten(), dense(12), batch_norm1d(), relu(), dropout(0.5F),
             dense(4)}}}};
}
// endregion

// region ten-steps
/// Other noise and other labels in every step; the last picture is not there.
void fill_batch(Network& network, std::uint64_t seed, std::uint64_t step) {
  const Random random(seed, 1000 + step);
  Tensor noise(kInput);
  random.fill_uniform(noise.values(), -1, 1);
  Backend& backend = network.backend();
  backend.upload_activation(kInput, noise.values(), network.input());
  std::vector<std::uint8_t> labels;
  for (std::uint64_t n = 0; n < static_cast<std::uint64_t>(kInput.batch); ++n) {
    labels.push_back(static_cast<std::uint8_t>(
        random.below(n, static_cast<std::uint64_t>(network.classes()))));
  }
  labels.back() = Network::kNoLabel;
  backend.upload_bytes(labels, network.labels());
}

std::vector<float> download(Backend& backend, ConstArray from,
                            std::int64_t count) {
  std::vector<float> values(static_cast<std::size_t>(count));
  backend.download(from, values);
  return values;
}

// endregion

// region trained
/// Numbers of one kind, array by array.
using Arrays = std::vector<std::vector<float>>;

/// What a training leaves behind: gradients of step one; parameters, running
/// statistics and totals after all of them.
using Trained = std::array<Arrays, 4>;

Arrays download_all(Backend& backend, std::span<const Parameter> parameters,
                    ConstArray arena) {
  Arrays arrays;
  for (const Parameter& parameter : parameters) {
    arrays.push_back(
        download(backend, arena + parameter.offset, parameter.size()));
  }
  return arrays;
}

Trained train(const Sequential& model, Backend& backend, std::uint64_t seed,
              const MakeOptimiser& make_optimiser, float rate) {
  Network network(model, kInput, backend, seed);
  const auto optimiser = make_optimiser(network);
  Arrays gradients;
  for (int step = 0; step < kSteps; ++step) {
    const auto number = static_cast<std::uint64_t>(step);
    fill_batch(network, seed, number);
    network.forward(true, number);
    network.loss(true);
    network.backward();
    if (step == 0) {
      gradients =
          download_all(backend, network.parameters(), network.gradient_arena());
    }
    optimiser->step(rate, step);
  }
  return {
      gradients,
      download_all(backend, network.parameters(), network.parameter_arena()),
      download_all(backend, network.buffers(), network.buffer_arena()),
      Arrays{download(backend, network.totals(), 2)}};
}
// endregion

// region deviation
double largest(const Arrays& arrays) {
  double size = 0;
  for (const auto& values : arrays) {
    for (const float value : values) {
      size = std::max(size, std::abs(double{value}));
    }
  }
  return size;
}

double deviation(const std::vector<float>& a, const std::vector<float>& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    most = std::max(most, std::abs(double{a[i]} - double{b[i]}));
  }
  return most;
}

/// How far two honest trainings may be apart. Chapter 4 trains with four
/// convolutions that differ in nothing but the order of their sums, and this
/// chapter's order is one more: a few times the largest deviation among them
/// has to do. Some sums have one and the same order there, whatever the
/// convolution; the longest adds up a number for each pixel of the batch.
double tolerance(double deviation, double largest_value) {
  constexpr double kFactor = 4;
  constexpr std::int64_t kLongest = kInput.batch * kInput.height * kInput.width;
  return kFactor * deviation + gamma_bound(kLongest) * largest_value;
}

Comparison compare_arrays(const Trained& ours, const Trained& expected,
                          const std::vector<Trained>& others,
                          std::size_t kind) {
  Comparison all;
  for (std::size_t i = 0; i < expected[kind].size(); ++i) {
    const auto& right = expected[kind][i];
    double most = 0;
    for (const Trained& other : others) {
      most = std::max(most, deviation(other[kind][i], right));
    }
    const double allowed = tolerance(most, largest(expected[kind]));
    const std::vector<double> value(right.begin(), right.end());
    const std::vector<double> magnitude(right.size(), allowed / gamma_bound(1));
    all = merge(all, compare(ours[kind][i], {value, magnitude}, 1));
  }
  return all;
}

Comparison compare_trained(const Trained& ours, const Trained& expected,
                           const std::vector<Trained>& others) {
  Comparison all;
  for (std::size_t kind = 0; kind < expected.size(); ++kind) {
    all = merge(all, compare_arrays(ours, expected, others, kind));
  }
  return all;
}

}  // namespace
// endregion

// region check-training
Learning learning_by_sgd() {
  const auto sgd = [](Network& network) {
    return make_sgd(network, {.weight_decay = 1e-3F});
  };
  return {
      .id = "training", .label = "", .here = sgd, .on_cpu = sgd, .rate = 0.05F};
}

void check_training(Program& program, Device device, MakeBackend make,
                    const Learning& learning) {
  const std::string on = device == Device::kGpu ? "gpu/" : "emulator/";
  const std::uint64_t seed = program.options().seed;
  for (const SmallNetwork& network : small_networks()) {
    const auto on_cpu = [&](ConvolutionMethod method) {
      return train(network.model, *make_cpu_backend(program.threads(), method),
                   seed, learning.on_cpu, learning.rate);
    };
    const std::vector<Trained> others{on_cpu(ConvolutionMethod::kLoops),
                                      on_cpu(ConvolutionMethod::kIm2col),
                                      on_cpu(ConvolutionMethod::kImplicitGemm)};
    program.check(on + learning.id + "/" + network.id,
                  network.label + ", " + to_string(device),
                  "ten steps of chapter 4" + learning.label,
                  compare_trained(train(network.model, *make(device), seed,
                                        learning.here, learning.rate),
                                  on_cpu(ConvolutionMethod::kDirect), others));
  }
}
// endregion

// region check-repeated
void check_repeated(Program& program, Device device, MakeBackend make,
                    const Learning& learning) {
  const std::string on = device == Device::kGpu ? "gpu/" : "emulator/";
  const SmallNetwork network = small_networks().back();
  const auto once = [&] {
    return train(network.model, *make(device), program.options().seed,
                 learning.here, learning.rate);
  };
  const Trained first = once();
  const Trained second = once();
  Comparison all;
  for (std::size_t kind = 0; kind < first.size(); ++kind) {
    for (std::size_t i = 0; i < first[kind].size(); ++i) {
      const auto& values = first[kind][i];
      const std::vector<double> expected(values.begin(), values.end());
      const std::vector<double> nothing(values.size());
      all = merge(all, compare(second[kind][i], {expected, nothing}, 1));
    }
  }
  program.check(on + learning.id + "/repeated",
                network.label + ", " + to_string(device),
                "its first run's bits" + learning.label, all);
}

}  // namespace cnn
// endregion
