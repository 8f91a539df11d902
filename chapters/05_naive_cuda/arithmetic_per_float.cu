// region quiet: includes
#include <memory>
#include <vector>

#include "chapters/05_naive_cuda/laboratory.hpp"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region compute-on-each
namespace {

/// `kTimes` multiply-adds on each of four floats, which are then added up.
template <int kTimes>
__global__ void compute_on_each(const float4* __restrict__ from, float factor,
                                float term, float* __restrict__ to) {
  const unsigned thread = blockIdx.x * blockDim.x + threadIdx.x;
  float4 value = from[thread];
#pragma unroll 32
  for (int time = 0; time < kTimes; ++time) {
    value.x = value.x * factor + term;
    value.y = value.y * factor + term;
    value.z = value.z * factor + term;
    value.w = value.w * factor + term;
  }
  to[thread] = (value.x + value.y) + (value.z + value.w);
}
// endregion

// region intensity-trial
constexpr int kBlock = 256;

template <int kTimes>
Trial intensity_trial(const std::shared_ptr<Bench>& bench,
                      std::int64_t blocks) {
  constexpr float kFactor = -1;  // there and back: exact
  constexpr float kTerm = 1;
  const auto enqueue = [=](std::int64_t) {
    launch(compute_on_each<kTimes>,
           {dim3(static_cast<unsigned>(blocks)), dim3(kBlock)}, bench->stream,
           reinterpret_cast<const float4*>(bench->from.data()), kFactor, kTerm,
           bench->to.data());
  };
  const auto expected = [](std::int64_t thread) {
    double sum = 0;
    for (std::int64_t i = 4 * thread; i < 4 * thread + 4; ++i) {
      sum += kTimes % 2 == 0 ? pattern(i) : 1 - pattern(i);
    }
    return sum;
  };
  const std::int64_t threads = blocks * kBlock;
  const auto each = static_cast<double>(threads);
  const Work work{.flop = each * (4 * 2 * kTimes + 3), .bytes = each * 5 * 4};
  return make_trial(kTimes, work, bench, enqueue, {threads, expected});
}

}  // namespace
// endregion

// region arithmetic-per-float
Series arithmetic_per_float(Scale scale) {
  const std::int64_t blocks =
      scale == Scale::kCheck ? 3
                             : that_fit(std::int64_t{1} << 16, kBlock * 5 * 4);
  const auto bench =
      std::make_shared<Bench>(blocks * kBlock * 4, blocks * kBlock);
  return {
      "arithmetic",
      "multiply-adds on each float",
      "multiply-adds",
      {intensity_trial<1>(bench, blocks), intensity_trial<2>(bench, blocks),
       intensity_trial<4>(bench, blocks), intensity_trial<8>(bench, blocks),
       intensity_trial<16>(bench, blocks), intensity_trial<32>(bench, blocks),
       intensity_trial<64>(bench, blocks), intensity_trial<128>(bench, blocks),
       intensity_trial<256>(bench, blocks),
       intensity_trial<512>(bench, blocks)}};
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
