// Real kernels, in both worlds: this file is compiled by nvcc and by the host
// compiler.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "common/cuda/event.hpp"
#include "common/cuda/launch.cuh"
#include "tests/common/simt/kernels.cuh"
#include "tests/common/simt/on_device.hpp"

namespace cnn {
namespace {

using Kernels = OnDevice;

TEST_F(Kernels, AddVectorsThatFillNoBlock) {
  constexpr int kSize = 1001;
  const auto a = on_device(ramp(kSize));
  const auto b = on_device(std::vector<float>(kSize, 2.0F));
  DeviceBuffer<float> sum(kSize);
  const Stream stream;
  launch(add, {dim3(8), dim3(128)}, stream, a.data(), b.data(), sum.data(),
         kSize);
  const std::vector<float> result = on_host(sum, stream);
  for (std::size_t i = 0; i < result.size(); ++i) {
    ASSERT_EQ(result[i], static_cast<float>(i) + 2.5F) << i;
  }
}

TEST_F(Kernels, SumsAgreeHoweverTheyAreMade) {
  constexpr int kSize = 1000;
  const auto values = on_device(ramp(kSize));
  DeviceBuffer<float> by_tree(4);
  DeviceBuffer<float> by_shuffles(4);
  const Stream stream;
  launch(sum_blocks<256>, {dim3(4), dim3(256)}, stream, values.data(),
         by_tree.data(), kSize);
  launch(sum_blocks_by_shuffles, {dim3(4), dim3(256)}, stream, values.data(),
         by_shuffles.data(), kSize);
  const std::vector<float> tree = on_host(by_tree, stream);
  const std::vector<float> shuffles = on_host(by_shuffles, stream);
  for (std::size_t block = 0; block < 4; ++block) {
    double expected = 0;
    for (std::size_t i = block * 256;
         i < std::min<std::size_t>(block * 256 + 256, kSize); ++i) {
      expected += static_cast<double>(i) + 0.5;
    }
    EXPECT_EQ(tree[block], expected);
    EXPECT_EQ(shuffles[block], expected);
  }
}

TEST_F(Kernels, TiledProductIsTheProduct) {
  constexpr int kSize = 128;
  constexpr std::size_t kAll = kSize * kSize;
  std::vector<float> a(kAll);
  std::vector<float> b(kAll);
  for (std::size_t i = 0; i < kAll; ++i) {  // small integers: sums are exact
    a[i] = static_cast<float>(i * 7 % 11) - 4;
    b[i] = static_cast<float>(i * 5 % 13) - 6;
  }
  const auto device_a = on_device(a);
  const auto device_b = on_device(b);
  DeviceBuffer<float> c(kAll);
  const Stream stream;
  launch(multiply<16>, {dim3(kSize / 16, kSize / 16), dim3(16, 16)}, stream,
         device_a.data(), device_b.data(), c.data(), kSize);
  const std::vector<float> result = on_host(c, stream);
  for (std::size_t row = 0; row < kSize; ++row) {
    for (std::size_t column = 0; column < kSize; ++column) {
      float expected = 0;
      for (std::size_t k = 0; k < kSize; ++k) {
        expected += a[row * kSize + k] * b[k * kSize + column];
      }
      ASSERT_EQ(result[row * kSize + column], expected) << row << "," << column;
    }
  }
}

TEST_F(Kernels, TransposeWithAndWithoutPadding) {
  constexpr int kSize = 64;
  const auto from = on_device(ramp(kSize * kSize));
  const Stream stream;
  for (const auto kernel : {transpose<0>, transpose<1>}) {
    DeviceBuffer<float> to(kSize * kSize);
    launch(kernel, {dim3(2, 2), dim3(32, 32)}, stream, from.data(), to.data(),
           kSize);
    const std::vector<float> result = on_host(to, stream);
    for (std::size_t row = 0; row < kSize; ++row) {
      for (std::size_t column = 0; column < kSize; ++column) {
        ASSERT_EQ(result[row * kSize + column],
                  static_cast<float>(column * kSize + row) + 0.5F);
      }
    }
  }
}

TEST_F(Kernels, DynamicSharedMemoryOfAnyGrantedSize) {
  const Stream stream;
  for (const std::size_t bytes : {96 * sizeof(float), std::size_t{100000}}) {
    const auto from = on_device(ramp(3 * 96));
    DeviceBuffer<float> to(3 * 96);
    launch(reverse, {dim3(3), dim3(96), bytes}, stream, from.data(), to.data());
    const std::vector<float> result = on_host(to, stream);
    for (std::size_t i = 0; i < result.size(); ++i) {
      ASSERT_EQ(result[i],
                static_cast<float>(i / 96 * 96 + 95 - i % 96) + 0.5F);
    }
  }
}

TEST_F(Kernels, GridsAndBlocksOfThreeDimensions) {
  const dim3 grid(3, 2, 2);
  const dim3 block(5, 3, 4);
  DeviceBuffer<int> numbers(15 * 6 * 8);
  const Stream stream;
  launch(number, {grid, block}, stream, numbers.data());
  const std::vector<int> result = on_host(numbers, stream);
  for (int i = 0; i < 15 * 6 * 8; ++i) {
    ASSERT_EQ(result[static_cast<std::size_t>(i)], i);
  }
}

TEST_F(Kernels, AtomicsOfManyBlocksLoseNothing) {
  constexpr int kSize = 10000;
  std::vector<int> values(kSize);
  for (int i = 0; i < kSize; ++i) values[static_cast<std::size_t>(i)] = i % 7;
  const auto device_values = on_device(values);
  const auto counts = on_device(std::vector<int>(7, 0));
  const Stream stream;
  launch(histogram, {dim3(40), dim3(256)}, stream, device_values.data(),
         const_cast<int*>(counts.data()), kSize);
  const std::vector<int> result = on_host(counts, stream);
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(result[static_cast<std::size_t>(i)], (kSize + 6 - i) / 7);
  }
}

TEST_F(Kernels, EventsMeasureTime) {
  const Stream stream;
  const Event start;
  const Event stop;
  start.record(stream);
  DeviceBuffer<int> numbers(64);
  launch(number, {dim3(1), dim3(64)}, stream, numbers.data());
  stop.record(stream);
  stop.synchronize();
  EXPECT_GE(stop.seconds_since(start), 0);
}

TEST_F(Kernels, LaunchesThatNoGpuTakes) {
  const Stream stream;
  DeviceBuffer<int> numbers(1);
  const auto refused = [&](const LaunchShape& shape) {
    try {
      launch(number, shape, stream, numbers.data());
    } catch (const CudaError& error) {
      return error.code();
    }
    return cudaSuccess;
  };
  // Which error it is has changed between versions of CUDA.
  EXPECT_NE(refused({dim3(1), dim3(1025)}), cudaSuccess);
  EXPECT_NE(refused({dim3(1), dim3(64, 32)}), cudaSuccess);
  EXPECT_NE(refused({dim3(1), dim3(1, 1, 65)}), cudaSuccess);
  EXPECT_NE(refused({dim3(0), dim3(1)}), cudaSuccess);
  EXPECT_NE(refused({dim3(1, 65536), dim3(1)}), cudaSuccess);
  EXPECT_NE(refused({dim3(1), dim3(1), std::size_t{228} * 1024}), cudaSuccess);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess) << "an error was left behind";
}

}  // namespace
}  // namespace cnn
