// region quiet: includes
#include "chapters/05_naive_cuda/laboratory.hpp"

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

#include "chapters/05_naive_cuda/cuda_backend.hpp"
#include "common/cuda/launch.cuh"
#include "common/cuda/timing.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region bench-definition
namespace {

constexpr int kBlock = 256;

__global__ void write_pattern(float* to, std::int64_t count) {
  const std::int64_t i =
      std::int64_t{blockIdx.x} * blockDim.x + std::int64_t{threadIdx.x};
  if (i < count) to[i] = static_cast<float>(i % kPatternPeriod);
}

}  // namespace

unsigned blocks_for(std::int64_t threads, int block) {
  return static_cast<unsigned>((threads + block - 1) / block);
}

Bench::Bench(std::int64_t read, std::int64_t written)
    : from(static_cast<std::size_t>(read)),
      to(static_cast<std::size_t>(written)) {
  if (read == 0) return;
  launch(write_pattern, {dim3(blocks_for(read, kBlock)), dim3(kBlock)}, stream,
         from.data(), read);
}

std::int64_t that_fit(std::int64_t wanted, std::int64_t bytes) {
  std::size_t free_bytes = 0;
  std::size_t total_bytes = 0;
  cuda_check(cudaMemGetInfo(&free_bytes, &total_bytes), "cudaMemGetInfo");
  const std::size_t fit = free_bytes / 2 / static_cast<std::size_t>(bytes);
  return std::min(wanted, static_cast<std::int64_t>(std::bit_floor(fit)));
}
// endregion

// region check-a-trial
namespace {

/// What is not written stays NaN, and no NaN passes a comparison.
Comparison check_launch(Bench& bench, const std::function<void()>& enqueue,
                        const Written& written) {
  const auto size = static_cast<std::size_t>(written.count);
  cuda_check(cudaMemsetAsync(bench.to.data(), 0xFF, size * sizeof(float),
                             bench.stream.get()),
             "cudaMemsetAsync");
  enqueue();
  std::vector<float> actual(size);
  copy_to_host(actual.data(), bench.to.data(), size * sizeof(float),
               bench.stream);
  bench.stream.synchronize();

  std::vector<double> expected(size);
  for (std::size_t i = 0; i < size; ++i) {
    expected[i] = written.expected(static_cast<std::int64_t>(i));
  }
  const std::vector<double> nothing(size);  // exact, or wrong
  return compare(actual, {expected, nothing}, 1);
}

}  // namespace

Trial make_trial(double place, const Work& work, std::shared_ptr<Bench> bench,
                 std::function<void(std::int64_t)> enqueue, Written written) {
  const auto check = [bench, enqueue, written] {
    return check_launch(
        *bench, [&] { enqueue(0); }, written);
  };
  const auto time = [bench, enqueue](const TimingPlan& plan) {
    std::int64_t launches = 0;
    return time_on_gpu(
        bench->stream, [&] { enqueue(launches++); }, plan);
  };
  return {place, work, 0, check, time};
}
// endregion

// region make-laboratory
namespace {

Timing time_by_events(Backend& backend, const std::function<void()>& run,
                      const TimingPlan& plan) {
  return time_on_gpu(dynamic_cast<CudaBackend&>(backend).stream(), run, plan);
}

}  // namespace
}  // namespace CNN_GPU

#ifdef COURSE_SIMT
Laboratory make_laboratory_emulated() {
#else
Laboratory make_laboratory_on_gpu() {
#endif
  return {{strides, misaligned_starts, latency, loads_in_flight,
           wide_loads_in_flight, chains_in_flight, four_chains_in_flight,
           block_sizes, divergence_by_lane, divergence_by_warp,
           arithmetic_per_float},
          launch_cost,
          time_copies,
          ask_for_copies,
          changed_by_copies,
          time_by_events};
}

}  // namespace cnn
// endregion
