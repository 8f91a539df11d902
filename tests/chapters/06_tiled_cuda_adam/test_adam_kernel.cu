// Adam's kernel against float64.
#include <gtest/gtest.h>

#include <limits>

#include "chapters/06_tiled_cuda_adam/adam_kernel.hpp"
#include "tests/chapters/06_tiled_cuda_adam/adam_reference.hpp"
#include "tests/common/simt/on_device.hpp"

namespace cnn::test {
inline namespace CNN_GPU {
namespace {

constexpr std::size_t kSize = 2'060;   // two blocks and a bit
constexpr std::size_t kBehind = 1024;  // must stay as it was

class AdamKernel : public OnDevice {
 protected:
  static std::vector<float> with_room(std::vector<float> values) {
    values.resize(values.size() + kBehind,
                  std::numeric_limits<float>::quiet_NaN());
    return values;
  }
};

TEST_F(AdamKernel, StepsAsThePaperSays) {
  const Stream stream;
  DeviceBuffer<float> weights = on_device(with_room(adam_weights(kSize)));
  DeviceBuffer<float> first = on_device(with_room(std::vector<float>(kSize)));
  DeviceBuffer<float> second = on_device(with_room(std::vector<float>(kSize)));
  AdamReference expected({}, adam_weights(kSize));
  for (std::uint64_t step = 0; step < kAdamSteps; ++step) {
    const std::vector<float> gradient = adam_gradient(kSize, step);
    const DeviceBuffer<float> gradients = on_device(gradient);
    adam_on_device(
        kSize,
        adam_numbers({}, adam_rate(step), static_cast<std::int64_t>(step)),
        gradients.data(), first.data(), second.data(), weights.data(), stream);
    stream.synchronize();
    expected.step(adam_rate(step), gradient);
  }
  std::vector<float> values = on_host(weights, stream);
  for (std::size_t i = kSize; i < values.size(); ++i) {
    ASSERT_TRUE(std::isnan(values[i])) << i;
  }
  values.resize(kSize);
  const Comparison outcome = expected.compare_with(values);
  EXPECT_TRUE(outcome.passed()) << describe(outcome);
}

TEST_F(AdamKernel, RefusesArraysThatAreNoGroupsOfFour) {
  const Stream stream;
  DeviceBuffer<float> array(16);
  const AdamNumbers numbers = adam_numbers({}, 0.1F, 0);
  float* a = array.data();
  EXPECT_THROW(adam_on_device(15, numbers, a, a, a, a, stream),
               std::invalid_argument);
  EXPECT_THROW(adam_on_device(8, numbers, a + 1, a, a, a, stream),
               std::invalid_argument);
}

}  // namespace
}  // namespace CNN_GPU
}  // namespace cnn::test
