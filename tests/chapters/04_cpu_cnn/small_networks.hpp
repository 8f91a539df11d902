/// @file
/// Small networks of every layer there is, and batches for them.
#pragma once

#include <vector>

#include "chapters/04_cpu_cnn/network.hpp"
#include "tests/chapters/04_cpu_cnn/layer_references.hpp"

namespace cnn::test {

inline const Shape kSmallInput{6, 2, 13, 11};

inline Sequential every_layer() {
  return {{conv2d(9, 3, 1, 1), batch_norm2d(), relu(), max_pool2d(2),
           dropout(0.25F), conv2d(17, 3, 2, 2), relu(), average_pool2d(2),
           flatten(), dense(12), batch_norm1d(), relu(), dropout(0.5F),
           dense(5)}};
}

/// Random pictures and labels; the last picture is not there.
inline void fill_batch(Network& network, std::uint64_t stream) {
  const Shape& shape = network.input_shape();
  network.backend().upload_activation(
      shape, random_floats(count(shape), stream), network.input());
  std::vector<std::uint8_t> labels;
  const Random random(5, stream);
  for (std::int64_t n = 0; n < shape.batch; ++n) {
    labels.push_back(static_cast<std::uint8_t>(
        random.below(static_cast<std::uint64_t>(n),
                     static_cast<std::uint64_t>(network.classes()))));
  }
  labels.back() = Network::kNoLabel;
  network.backend().upload_bytes(labels, network.labels());
}

/// `steps` steps of SGD; every one has another batch.
inline void train(Network& network, Array velocities, std::uint64_t steps) {
  for (std::uint64_t step = 0; step < steps; ++step) {
    fill_batch(network, step);
    network.forward(true, step);
    network.loss(true);
    network.backward();
    network.backend().sgd_step(network.parameter_count(), {0.1F, 0.9F, 1e-3F},
                               network.gradient_arena(), velocities,
                               network.parameter_arena());
  }
}

inline std::vector<float> downloaded(const Network& network, ConstArray array,
                                     std::int64_t size) {
  std::vector<float> values(static_cast<std::size_t>(size));
  network.backend().synchronise();
  network.backend().download(array, values);
  return values;
}

inline std::vector<float> parameters_of(const Network& network) {
  return downloaded(network, network.parameter_arena(),
                    network.parameter_count());
}

inline std::vector<float> gradients_of(const Network& network) {
  return downloaded(network, network.gradient_arena(),
                    network.parameter_count());
}

}  // namespace cnn::test
