// region quiet: includes
#include <memory>

#include "chapters/05_naive_cuda/laboratory.hpp"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region copy-one-each
namespace {

/// The simplest kernel there is: one number for each thread.
__global__ void copy_one_each(const float* __restrict__ from,
                              std::int64_t count, float* __restrict__ to) {
  const std::int64_t i =
      std::int64_t{blockIdx.x} * blockDim.x + std::int64_t{threadIdx.x};
  if (i < count) to[i] = from[i];
}

}  // namespace
// endregion

// region block-sizes
Series block_sizes(Scale scale) {
  const std::int64_t count =
      scale == Scale::kCheck ? 1111 : that_fit(std::int64_t{1} << 26, 8);
  const auto bench = std::make_shared<Bench>(count, count);
  Series experiment{
      "block-size", "copying, a float for each thread", "block", {}};
  for (int block = 32; block <= 1024; block *= 2) {
    const auto enqueue = [=](std::int64_t) {
      launch(
          copy_one_each,
          {dim3(blocks_for(count, block)), dim3(static_cast<unsigned>(block))},
          bench->stream, bench->from.data(), count, bench->to.data());
    };
    const Work work{.flop = 0, .bytes = 8 * static_cast<double>(count)};
    experiment.trials.push_back(
        make_trial(block, work, bench, enqueue, {count, pattern}));
  }
  return experiment;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
