// Networks: the plan, its memory, what is fused, and what can be looked at.
#include <gtest/gtest.h>

#include <set>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "common/errors.hpp"
#include "tests/chapters/04_cpu_cnn/small_networks.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

/// Fuses nothing, and sends back whole numbers: with whole numbers everywhere,
/// float32 is exact, whatever the order of the additions.
template <bool fuse>
class WholeNumbers : public CpuBackend {
 public:
  using CpuBackend::CpuBackend;
  bool fuses(const ConvolutionBlock& block) const override {
    return CpuBackend::fuses(block) &&
           (fuse || (!block.relu && block.pool == 1));
  }
  void softmax_cross_entropy(std::int64_t batch, std::int64_t classes,
                             ConstArray, ConstByteArray, Array gradient,
                             Array) override {
    for (std::int64_t i = 0; i < batch * classes; ++i) {
      gradient[i] = static_cast<float>(i * 7 % 5 - 2);
    }
  }
};

std::vector<float> whole_floats(std::size_t size, std::uint64_t stream) {
  std::vector<float> values(size);
  for (std::size_t i = 0; i < size; ++i) {
    values[i] = static_cast<float>(Random(8, stream).below(i, 5)) - 2;
  }
  return values;
}

/// Logits and gradients of one step in whole numbers.
template <bool fuse>
std::vector<float> whole_step(ConvolutionMethod method) {
  WholeNumbers<fuse> backend(2, method);
  const Sequential model{{conv2d(6, 3, 1, 1), relu(), max_pool2d(2),
                          conv2d(17, 3), max_pool2d(2), relu(), conv2d(5, 2),
                          relu(), flatten(), dense(7), relu(), dense(3)}};
  Network network(model, {3, 2, 15, 13}, backend, 1);
  backend.upload(
      whole_floats(static_cast<std::size_t>(network.parameter_count()), 1),
      network.parameter_arena());
  backend.upload_activation(network.input_shape(), whole_floats(3 * 2 * 195, 2),
                            network.input());
  network.forward(true);
  network.loss(true);
  network.backward();
  auto all = downloaded(network, network.logits(), 9);
  for (const Parameter& parameter : network.parameters()) {
    const auto part = downloaded(
        network, network.gradient_arena() + parameter.offset, parameter.size());
    all.insert(all.end(), part.begin(), part.end());
  }
  for (const float value : all) EXPECT_LT(std::abs(value), 0x1p24F);
  return all;
}

TEST(Network, FusedOrNotAndByWhicheverMethodTheResultIsTheSame) {
  const auto expected = whole_step<false>(ConvolutionMethod::kLoops);
  EXPECT_GT(std::count_if(expected.begin(), expected.end(),
                          [](float x) { return x != 0; }),
            100);
  EXPECT_EQ(whole_step<true>(ConvolutionMethod::kDirect), expected);
  EXPECT_EQ(whole_step<false>(ConvolutionMethod::kDirect), expected);
  EXPECT_EQ(whole_step<false>(ConvolutionMethod::kIm2col), expected);
  EXPECT_EQ(whole_step<false>(ConvolutionMethod::kImplicitGemm), expected);
}

TEST(Network, NamesParametersAsPyTorchDoes) {
  const auto backend = make_cpu_backend(1);
  const Network network(
      {{conv2d(4, 3), batch_norm2d(), relu(), flatten(), dense(2)}},
      {2, 1, 5, 5}, *backend, 1);
  std::vector<std::string> names;
  for (const Parameter& each : network.parameters()) names.push_back(each.name);
  for (const Parameter& each : network.buffers()) names.push_back(each.name);
  EXPECT_EQ(names, (std::vector<std::string>{
                       "0.weight", "0.bias", "1.weight", "1.bias", "4.weight",
                       "4.bias", "1.running_mean", "1.running_var"}));
  EXPECT_EQ(network.parameters()[4].shape, (std::vector<std::int64_t>{2, 36}));
  for (const Parameter& each : network.parameters()) {
    EXPECT_EQ(each.offset % 16, 0) << each.name;
  }
}

TEST(Network, InitialValuesAreEqualOnEveryBackendAndDifferBetweenParameters) {
  const auto one = make_cpu_backend(1);
  const auto other = make_cpu_backend(2, ConvolutionMethod::kLoops);
  Network a(every_layer(), kSmallInput, *one, 7);
  const Network b(every_layer(), kSmallInput, *other, 7);
  const auto initial = parameters_of(a);
  EXPECT_EQ(initial, parameters_of(b));
  std::set<float> firsts;
  for (const Parameter& each : a.parameters()) {
    if (each.shape.size() > 1) {
      firsts.insert(initial[static_cast<std::size_t>(each.offset)]);
    }
  }
  EXPECT_EQ(firsts.size(), 4U);

  train(a, one->allocate(a.parameter_count()), 2);
  EXPECT_NE(parameters_of(a), initial);
  a.initialise();
  EXPECT_EQ(parameters_of(a), initial);
}

TEST(Network, GapsBetweenParametersStayZero) {
  const auto backend = make_cpu_backend(2);
  Network network(every_layer(), kSmallInput, *backend, 7);
  train(network, backend->allocate(network.parameter_count()), 3);
  auto parameters = parameters_of(network);
  for (const Parameter& each : network.parameters()) {
    std::fill_n(parameters.begin() + each.offset, each.size(), 0.0F);
  }
  EXPECT_TRUE(std::all_of(parameters.begin(), parameters.end(),
                          [](float x) { return x == 0; }));
}

TEST(Network, MissingPicturesChangeNothingForTheOthers) {
  // Without batch normalisation, pictures do not know of one another.
  const auto backend = make_cpu_backend(2);
  Network network({{conv2d(5, 3), relu(), flatten(), dense(4)}}, {3, 1, 6, 6},
                  *backend, 2);
  auto pictures = random_floats(3 * 36, 1);
  const auto gradients = [&] {
    backend->upload_activation(network.input_shape(), pictures,
                               network.input());
    backend->upload_bytes(std::vector<std::uint8_t>{1, Network::kNoLabel, 3},
                          network.labels());
    network.forward(true);
    network.loss(true);
    network.backward();
    return gradients_of(network);
  };
  const auto expected = gradients();
  std::fill_n(pictures.begin() + 36, 36, 9.0F);
  EXPECT_EQ(gradients(), expected);
}

TEST(Network, OutputsCanBeLookedAtUnlessNobodyWroteThem) {
  const auto backend = make_cpu_backend(1);
  Network network({{conv2d(5, 3), relu(), max_pool2d(2), flatten(), dense(4),
                    relu(), dense(3)}},
                  {2, 1, 8, 8}, *backend, 2);
  fill_batch(network, 1);
  network.forward(false);
  EXPECT_EQ(network.output_of(2).size(), 2U * 5 * 3 * 3);
  EXPECT_EQ(network.output_of(3), network.output_of(2));
  EXPECT_EQ(network.output_of(6), downloaded(network, network.logits(), 6));
  EXPECT_THROW(network.output_of(0), InputError);
  EXPECT_THROW(network.output_of(7), std::out_of_range);
  EXPECT_THROW(network.output_of(-1), std::out_of_range);
}

TEST(Network, WhatComesTooEarlyOrDoesNotFitIsRefused) {
  const auto backend = make_cpu_backend(1);
  Network network({{flatten(), dense(3)}}, {2, 1, 2, 2}, *backend, 2);
  EXPECT_THROW(network.backward(), std::logic_error);
  network.forward(false);
  network.loss(true);
  EXPECT_THROW(network.backward(), std::logic_error);
  EXPECT_THROW(Network({{conv2d(3, 3)}}, {2, 1, 8, 8}, *backend, 1),
               InputError);
  EXPECT_THROW(Network({{flatten(), dense(256)}}, {2, 1, 2, 2}, *backend, 1),
               InputError);
  EXPECT_THROW(
      Network({{batch_norm2d(), flatten()}}, {1, 3, 1, 1}, *backend, 1),
      InputError);
}

TEST(Network, ObserverHearsOfEveryStepForwardAndBack) {
  const auto backend = make_cpu_backend(1);
  Network network({{conv2d(5, 3), relu(), max_pool2d(2), flatten(), dense(3)}},
                  {2, 1, 8, 8}, *backend, 2);
  std::vector<std::pair<std::int64_t, bool>> heard;
  network.observe([&](std::int64_t layer, bool forward, double seconds) {
    heard.emplace_back(layer, forward);
    EXPECT_GE(seconds, 0);
  });
  fill_batch(network, 1);
  network.forward(true);
  network.loss(true);
  network.backward();
  EXPECT_EQ(heard, (std::vector<std::pair<std::int64_t, bool>>{{0, true},
                                                               {3, true},
                                                               {4, true},
                                                               {4, false},
                                                               {3, false},
                                                               {0, false}}));
}

TEST(Network, LearnsABatchByHeart) {
  const auto backend = make_cpu_backend(2);
  Network network({{conv2d(8, 3), batch_norm2d(), relu(), max_pool2d(2),
                    flatten(), dense(16), relu(), dense(5)}},
                  {20, 2, 9, 9}, *backend, 3);
  const Array velocities = backend->allocate(network.parameter_count());
  fill_batch(network, 4);
  for (std::uint64_t step = 0; step < 60; ++step) {
    backend->clear(network.totals(), 2);
    network.forward(true, step);
    network.loss(true);
    network.backward();
    backend->sgd_step(network.parameter_count(), {0.1F, 0.9F, 0},
                      network.gradient_arena(), velocities,
                      network.parameter_arena());
  }
  EXPECT_EQ(network.totals()[1], 19);  // the twentieth is not there
  EXPECT_LT(network.totals()[0] / 19, 0.1);
}

}  // namespace
