// What the contract does not say of this chapter's backend: where it runs, what
// it refuses, and in what words.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "chapters/05_naive_cuda/device.hpp"
#include "common/errors.hpp"
#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"
#include "tests/chapters/04_cpu_cnn/small_networks.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

using NaiveBackend = BackendTest;

TEST(Devices, AreUsableOrSayWhyNot) {
  const std::vector<Device> usable = usable_devices();
  for (const Device device : {Device::kGpu, Device::kEmulator}) {
    const bool listed =
        std::find(usable.begin(), usable.end(), device) != usable.end();
    EXPECT_EQ(listed, why_not(device).empty()) << to_string(device);
    if (listed) continue;
    try {
      make_naive_backend(device);
      ADD_FAILURE() << to_string(device);
    } catch (const SkipError& error) {
      EXPECT_EQ(error.what(), why_not(device));
    }
  }
}

TEST_P(NaiveBackend, FusesNothing) {
  const ConvolutionGeometry g{2, 3, 8, 8, 16, 3, 3, 1, 1};
  EXPECT_FALSE(subject->fuses(ConvolutionBlock{g, true}));
  EXPECT_FALSE(subject->fuses(ConvolutionBlock{g, false, 2}));
  EXPECT_FALSE(subject->fuses(BatchNormBlock{{2, 3, 8, 8}, true}));
  EXPECT_FALSE(subject->fuses(BatchNormBlock{{2, 3, 8, 8}, false, 2}));
}

std::string complaint_about(const auto& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

TEST_P(NaiveBackend, SaysHowMuchMemoryWasAskedForAndHowMuchThereIs) {
  const std::int64_t before = subject->allocated_bytes();
  const std::string text =
      complaint_about([&] { subject->allocate(std::int64_t{1} << 48); });
  EXPECT_NE(text.find("too little memory"), std::string::npos) << text;
  EXPECT_NE(text.find("asked for"), std::string::npos) << text;
  EXPECT_NE(text.find("free"), std::string::npos) << text;
  EXPECT_EQ(subject->allocated_bytes(), before);
  EXPECT_NO_THROW(subject->allocate(100)) << "after it was refused";
}

TEST_P(NaiveBackend, RefusesMoreNumbersThanItsKernelsCount) {
  const Shape large{1 << 20, 64, 32, 1};
  EXPECT_NE(complaint_about([&] {
              subject->activation_size(large);
            }).find("1048576x64x32x1"),
            std::string::npos);
  EXPECT_NE(complaint_about([&] {
              subject->reserve_dense({1, 1 << 20, 1 << 12});
            }),
            "none");
}

TEST_P(NaiveBackend, AllocatesNothingInAStep) {
  Network network(every_layer(), kSmallInput, *subject, 1);
  const Array velocities = subject->allocate(network.parameter_count());
  train(network, velocities, 1);
  const std::int64_t before = subject->allocated_bytes();
  train(network, velocities, 1);
  network.forward(false);
  network.loss(false);
  EXPECT_EQ(subject->allocated_bytes(), before);
}

/// A process of its own: a GPU on which a kernel has failed is of no more use
/// to the process that launched it.
TEST(NaiveBackendDeathTest, AKernelThatFailsIsASentence) {
  if (!why_not(Device::kGpu).empty()) GTEST_SKIP() << why_not(Device::kGpu);
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto fail = [] {
    const auto backend = make_naive_backend(Device::kGpu);
    const Array output = backend->allocate(1000);
    backend->relu_forward({1, 1000, 1, 1}, nullptr, output);
    try {
      backend->synchronise();
    } catch (const std::exception& error) {
      std::cerr << error.what() << std::endl;
      std::_Exit(1);
    }
    std::_Exit(0);
  };
  EXPECT_EXIT(fail(), testing::ExitedWithCode(1),
              "a kernel that was launched earlier went wrong");
}

INSTANTIATE_TEST_SUITE_P(Every, NaiveBackend,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);

}  // namespace
