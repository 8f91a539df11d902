// Every intrinsic against its definition, in both worlds.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "common/cuda/launch.cuh"
#include "tests/common/simt/kernels.cuh"
#include "tests/common/simt/on_device.hpp"

namespace cnn {
namespace {

using Intrinsics = OnDevice;

constexpr unsigned kAll = 0xffffffffU;
constexpr int kLanes = 32;

/// What each lane of a warp gets, with 100 + lane as its own value.
template <class Kernel>
std::vector<int> of_warp(Kernel kernel, int parameter) {
  DeviceBuffer<int> results(kLanes);
  const Stream stream;
  launch(kernel, {dim3(1), dim3(kLanes)}, stream, results.data(), parameter);
  return on_host(results, stream);
}

void expect(const std::vector<int>& results,
            const std::function<int(int lane)>& expected) {
  for (int lane = 0; lane < kLanes; ++lane) {
    EXPECT_EQ(results[static_cast<std::size_t>(lane)], expected(lane)) << lane;
  }
}

__device__ int own_lane() {
  return static_cast<int>(threadIdx.x);
}

__global__ void shuffle(int* results, int source) {
  results[threadIdx.x] = __shfl_sync(kAll, 100 + own_lane(), source);
}
__global__ void shuffle_in_eights(int* results, int source) {
  results[threadIdx.x] = __shfl_sync(kAll, 100 + own_lane(), source, 8);
}
__global__ void shuffle_up(int* results, int delta) {
  results[threadIdx.x] =
      __shfl_up_sync(kAll, 100 + own_lane(), static_cast<unsigned>(delta), 8);
}
__global__ void shuffle_down(int* results, int delta) {
  results[threadIdx.x] = __shfl_down_sync(kAll, 100 + own_lane(),
                                          static_cast<unsigned>(delta), 16);
}
__global__ void shuffle_xor(int* results, int mask) {
  results[threadIdx.x] = __shfl_xor_sync(kAll, 100 + own_lane(), mask);
}

TEST_F(Intrinsics, Shuffles) {
  expect(of_warp(shuffle, 5), [](int) { return 105; });
  expect(of_warp(shuffle, 37), [](int) { return 105; });  // modulo 32
  expect(of_warp(shuffle_in_eights, 3),
         [](int lane) { return 103 + lane / 8 * 8; });
  expect(of_warp(shuffle_up, 3),
         [](int lane) { return 100 + (lane % 8 < 3 ? lane : lane - 3); });
  expect(of_warp(shuffle_down, 5),
         [](int lane) { return 100 + (lane % 16 + 5 < 16 ? lane + 5 : lane); });
  expect(of_warp(shuffle_xor, 9), [](int lane) { return 100 + (lane ^ 9); });
}

__global__ void half_a_warp(int* results, int) {
  const int lane = own_lane();
  // Two groups that have nothing to do with each other.
  const unsigned mask = lane < 16 ? 0x0000ffffU : 0xffff0000U;
  int sum = lane;
  if (lane < 16) {
    for (int i = 8; i > 0; i /= 2) sum += __shfl_xor_sync(mask, sum, i);
  } else {
    __syncwarp(mask);
    sum = -__shfl_sync(mask, sum, 20);
  }
  results[lane] = sum;
}

TEST_F(Intrinsics, PartsOfAWarpMeetOnTheirOwn) {
  expect(of_warp(half_a_warp, 0),
         [](int lane) { return lane < 16 ? 120 : -20; });
}

__global__ void votes(int* results, int parameter) {
  const int lane = own_lane();
  const bool third = lane % 3 == 0;
  int result = 0;
  if (parameter == 0) result = static_cast<int>(__ballot_sync(kAll, third));
  if (parameter == 1) result = __any_sync(kAll, lane == 7);
  if (parameter == 2) result = __any_sync(kAll, lane == 77);
  if (parameter == 3) result = __all_sync(kAll, lane < 32);
  if (parameter == 4) result = __all_sync(kAll, lane != 7);
  if (parameter == 5) result = (__activemask() >> lane & 1U) != 0;
  results[lane] = result != 0 && parameter != 0 ? 1 : result;
}

TEST_F(Intrinsics, Votes) {
  unsigned thirds = 0;
  for (unsigned lane = 0; lane < 32; lane += 3) thirds |= 1U << lane;
  expect(of_warp(votes, 0), [&](int) { return static_cast<int>(thirds); });
  const std::vector<int> expected = {1, 0, 1, 0, 1};
  for (int i = 1; i <= 5; ++i) {
    expect(of_warp(votes, i),
           [&](int) { return expected[static_cast<std::size_t>(i - 1)]; });
  }
}

__global__ void votes_of_a_block(int* results) {
  const bool low = threadIdx.x < 70;
  const int count = __syncthreads_count(low);
  const int any = __syncthreads_or(threadIdx.x == 90);
  const int none = __syncthreads_or(threadIdx.x == 99);
  const int all = __syncthreads_and(threadIdx.x < 96);
  const int not_all = __syncthreads_and(low);
  const bool right =
      count == 70 && any != 0 && none == 0 && all != 0 && not_all == 0;
  results[threadIdx.x] = right ? 1 : 0;
}

TEST_F(Intrinsics, VotesOfABlock) {
  DeviceBuffer<int> results(96);
  const Stream stream;
  launch(votes_of_a_block, {dim3(1), dim3(96)}, stream, results.data());
  EXPECT_EQ(on_host(results, stream), std::vector<int>(96, 1));
}

__global__ void atomics(int* ints, unsigned* words, float* floats) {
  const int i = own_lane();
  const auto u = static_cast<unsigned>(i);
  atomicAdd(&ints[0], i);
  atomicMax(&ints[1], i % 29);
  atomicMin(&ints[2], -i);
  atomicSub(&ints[3], 2);
  if (i == 3) ints[4] = atomicExch(&ints[5], 77);
  if (i == 4) ints[6] = atomicCAS(&ints[7], 50, 51);
  if (i == 5) ints[8] = atomicCAS(&ints[9], 49, 51);
  atomicAdd(&words[0], u);
  atomicMax(&words[1], u);
  atomicOr(&words[2], 1U << i);
  atomicAnd(&words[3], ~(1U << i));
  atomicInc(&words[4], 9);
  atomicAdd(&floats[0], 0.5F);
}

TEST_F(Intrinsics, Atomics) {
  auto ints = on_device(std::vector<int>(10, 50));
  auto words = on_device(std::vector<unsigned>{0, 5, 0, kAll, 0});
  auto floats = on_device(std::vector<float>{1.25F});
  const Stream stream;
  launch(atomics, {dim3(1), dim3(kLanes)}, stream, ints.data(), words.data(),
         floats.data());
  EXPECT_EQ(on_host(ints, stream),
            (std::vector<int>{50 + 496, 50, -31, -14, 50, 77, 50, 51, 50, 50}));
  EXPECT_EQ(on_host(words, stream),
            (std::vector<unsigned>{496, 31, kAll, 0, 2}));
  EXPECT_EQ(on_host(floats, stream), std::vector<float>{17.25F});
}

__global__ void arithmetic(const float* in, float* out, int* bits) {
  out[0] = __fmaf_rn(in[0], in[1], in[2]);
  out[1] = rsqrtf(in[3]);
  out[2] = min(in[0], in[1]);
  out[3] = max(in[0], in[1]);
  out[4] = __ldg(&in[2]);
  out[5] = __saturatef(in[3]);
  out[6] = __int_as_float(__float_as_int(in[0]));
  bits[0] = __clz(1000);
  bits[1] = __clz(0);
  bits[2] = __popc(0xf0f1U);
  bits[3] = __ffs(8);
  bits[4] = __ffs(0);
  bits[5] = static_cast<int>(__brev(1U) >> 31);
  bits[6] = static_cast<int>(__umulhi(0x80000000U, 6U));
  bits[7] = min(3, -4) + max(3, -4);
}

TEST_F(Intrinsics, Arithmetic) {
  // Not exact in two roundings: 1 + 2^-12 squared, less 1.
  const float a = 1.0F + std::ldexp(1.0F, -12);
  const auto in = on_device(std::vector<float>{a, a, -1.0F, 16.0F});
  DeviceBuffer<float> out(7);
  DeviceBuffer<int> bits(8);
  const Stream stream;
  launch(arithmetic, {dim3(1), dim3(1)}, stream, in.data(), out.data(),
         bits.data());
  EXPECT_EQ(
      on_host(out, stream),
      (std::vector<float>{std::fma(a, a, -1.0F), 0.25F, a, a, -1.0F, 1.0F, a}));
  EXPECT_EQ(on_host(bits, stream),
            (std::vector<int>{22, 32, 9, 4, 0, 1, 3, -1}));
}

__global__ void vectors(float4* fours, float2* twos, int4* ints,
                        uchar4* bytes) {
  fours[0] = make_float4(1, 2, 3, 4);
  twos[0] = make_float2(fours[0].x, fours[0].w);
  ints[0] = make_int4(-1, -2, -3, -4);
  bytes[0] = make_uchar4(1, 2, 3, 255);
}

TEST_F(Intrinsics, VectorTypes) {
  static_assert(sizeof(float4) == 16 && alignof(float4) == 16);
  static_assert(sizeof(float2) == 8 && alignof(float2) == 8);
  static_assert(sizeof(int4) == 16 && alignof(int4) == 16);
  static_assert(sizeof(uchar4) == 4 && alignof(uchar4) == 4);
  static_assert(sizeof(float3) == 12 && alignof(float3) == 4);
  DeviceBuffer<float4> fours(1);
  DeviceBuffer<float2> twos(1);
  DeviceBuffer<int4> ints(1);
  DeviceBuffer<uchar4> bytes(1);
  const Stream stream;
  launch(vectors, {dim3(1), dim3(1)}, stream, fours.data(), twos.data(),
         ints.data(), bytes.data());
  EXPECT_EQ(on_host(fours, stream)[0].z, 3);
  EXPECT_EQ(on_host(twos, stream)[0].y, 4);
  EXPECT_EQ(on_host(ints, stream)[0].w, -4);
  EXPECT_EQ(on_host(bytes, stream)[0].w, 255);
}

/// Two groups of copies in flight; the first is waited for by itself.
__global__ void copies(const int4* from, int4* to) {
  __shared__ int4 both[2];
  __pipeline_memcpy_async(&both[0], &from[0], 16);
  __pipeline_commit();
  __pipeline_memcpy_async(&both[1], &from[1], 16, 8);  // the rest is zeros
  __pipeline_commit();
  __pipeline_wait_prior(1);
  to[0] = both[0];
  __pipeline_wait_prior(0);
  to[1] = both[1];
}

TEST_F(Intrinsics, AsynchronousCopies) {
  const auto from = on_device(std::vector<int4>{{1, 2, 3, 4}, {5, 6, 7, 8}});
  DeviceBuffer<int4> to(2);
  const Stream stream;
  launch(copies, {dim3(1), dim3(1)}, stream, from.data(), to.data());
  const std::vector<int4> result = on_host(to, stream);
  EXPECT_EQ(result[0].w, 4);
  EXPECT_EQ(result[1].y, 6);
  EXPECT_EQ(result[1].z, 0);
}

}  // namespace
}  // namespace cnn
