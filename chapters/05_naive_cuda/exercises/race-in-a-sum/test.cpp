#include <vector>

#include "exercise.hpp"
#include "tests/exercises/kernel_test.hpp"

namespace {

using namespace cnn;

// Small whole numbers: the sum is exact, in any order.
void expect_product(std::size_t size) {
  const std::vector<float> a = ramp(size);
  std::vector<float> b(size);
  float expected = 0;
  for (std::size_t i = 0; i < size; ++i) {
    b[i] = static_cast<float>(i % 5) - 1;
    expected += a[i] * b[i];
  }
  const auto device_a = on_device(a);
  const auto device_b = on_device(b);
  DeviceBuffer<float> partials((size + kBlock - 1) / kBlock);
  DeviceBuffer<float> total(1);
  ASSERT_TRUE(runs([&](const Stream& stream) {
    dot_product(stream, device_a.data(), device_b.data(), partials.data(),
                total.data(), static_cast<int>(size));
  })) << "with "
      << size << " numbers";
  EXPECT_EQ(on_host(total).front(), expected) << size;
}

class DotProduct : public KernelTest {};

TEST_F(DotProduct, OneNumber) {
  expect_product(1);
}

TEST_F(DotProduct, OneBlock) {
  expect_product(100);
  expect_product(128);
}

TEST_F(DotProduct, SeveralBlocks) {
  expect_product(1000);
}

class DotProductCounts : public MicroscopeTest {};

TEST_F(DotProductCounts, NoAtomics) {
  const auto a = on_device(ramp(300));
  DeviceBuffer<float> partials(3);
  DeviceBuffer<float> total(1);
  const auto counts = counted([&](const Stream& stream) {
    dot_product(stream, a.data(), a.data(), partials.data(), total.data(), 300);
  });
  EXPECT_EQ(counts.global_atomic.requests, 0)
      << "an atomic addition is right, but who comes first is chance";
}

}  // namespace
