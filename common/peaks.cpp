#include "common/peaks.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>

#include "common/team.hpp"
#include "common/timing.hpp"

namespace cnn {

namespace {

#if defined(__AVX512F__)
constexpr int kVectorBytes = 64;
#elif defined(__AVX__)
constexpr int kVectorBytes = 32;
#else
constexpr int kVectorBytes = 16;
#endif
/// GCC's and clang's own vectors: arithmetic acts on all lanes at once.
using Vector = float __attribute__((vector_size(kVectorBytes)));
constexpr int kLanes = kVectorBytes / int{sizeof(float)};

/// An FMA takes 4 or 5 cycles and a core starts up to two per cycle: ten have
/// to be under way. Twelve and two operands fit in SSE's sixteen registers too.
constexpr int kChains = 12;
/// Loads need fewer: an addition each, and several loads are in flight anyway.
constexpr int kSums = 8;

float sum_of_lanes(const Vector& vector) {
  float sum = 0;
  for (int lane = 0; lane < kLanes; ++lane) sum += vector[lane];
  return sum;
}

/// 64-byte aligned and not written to, so that the threads that use the memory
/// are the first to touch it, which places it near them.
class Buffer {
 public:
  explicit Buffer(std::int64_t size)
      : data_(static_cast<float*>(
            ::operator new[](static_cast<std::size_t>(size) * sizeof(float),
                             std::align_val_t{64}))),
        size_(size) {}
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { ::operator delete[](data_, std::align_val_t{64}); }

  /// Part `index` of `parts`, a multiple of 256 elements long.
  std::span<float> part(int index, int parts) const {
    const std::int64_t length = size_ / parts / 256 * 256;
    return {data_ + index * length, static_cast<std::size_t>(length)};
  }

 private:
  float* data_;
  std::int64_t size_;
};

double flops(int threads, double seconds) {
  constexpr long kIterations = 1 << 17;  // half a millisecond or so
  double flop = 0;
  const double round = shortest_round(threads, seconds, [&](int thread) {
    double done = 0;
    const float result = fused_multiply_adds(kIterations, done);
    keep(&result);
    if (thread == 0) flop = done;
  });
  return flop * threads / round;
}

/// Bytes per second of reading each thread's part `repeats` times.
double read_rate(const Buffer& buffer, int threads, int repeats,
                 double seconds) {
  const double round = shortest_round(threads, seconds, [&](int thread) {
    for (int repeat = 0; repeat < repeats; ++repeat) {
      const float sum = vector_sum(buffer.part(thread, threads));
      keep(&sum);
    }
  });
  return static_cast<double>(buffer.part(0, threads).size_bytes()) * threads *
         repeats / round;
}

double copy_rate(const Buffer& buffer, int threads, double seconds) {
  const double round = shortest_round(threads, seconds, [&](int thread) {
    const auto part = buffer.part(thread, threads);
    const auto half = part.size() / 2;
    std::memcpy(part.data() + half, part.data(), half * sizeof(float));
    keep(part.data());
  });
  return static_cast<double>(buffer.part(0, threads).size_bytes()) * threads /
         round;
}

void touch(const Buffer& buffer, int threads) {
  shortest_round(threads, 0, [&](int thread) {
    const auto part = buffer.part(thread, threads);
    std::fill(part.begin(), part.end(), 1.0F);
  });
}

/// A buffer that fits the cache comfortably, read often enough that a round
/// takes some hundred microseconds.
double cache_rate(std::int64_t cache_bytes, double seconds) {
  const std::int64_t bytes = cache_bytes / 2;
  const Buffer buffer(bytes / std::int64_t{sizeof(float)});
  touch(buffer, 1);
  constexpr std::int64_t kBytesPerRound = 16 << 20;
  const auto repeats = std::max<std::int64_t>(1, kBytesPerRound / bytes);
  return read_rate(buffer, 1, static_cast<int>(repeats), seconds);
}

std::int64_t cache_bytes(const Machine& machine, int level,
                         std::int64_t otherwise) {
  for (const Cache& cache : machine.caches) {
    if (cache.level == level) return cache.bytes;
  }
  return otherwise;
}

}  // namespace

float fused_multiply_adds(long iterations, double& flop) {
  // Volatile: the compiler must not work the result out in advance.
  volatile float volatile_factor = 0.999F;
  volatile float volatile_term = 0.001F;
  const float factor = volatile_factor;
  const float term = volatile_term;
  Vector chains[kChains];
  for (int chain = 0; chain < kChains; ++chain) {
    for (int lane = 0; lane < kLanes; ++lane) {
      chains[chain][lane] = static_cast<float>(chain + lane);
    }
  }
  for (long iteration = 0; iteration < iterations; ++iteration) {
    for (Vector& chain : chains) chain = chain * factor + term;
  }
  float sum = 0;
  for (const Vector& chain : chains) sum += sum_of_lanes(chain);
  flop = 2.0 * static_cast<double>(iterations) * kChains * kLanes;
  return sum;
}

float vector_sum(std::span<const float> values) {
  if (values.size() % 256 != 0) {
    throw std::invalid_argument("vector_sum: the size is no multiple of 256");
  }
  Vector sums[kSums] = {};
  const float* const end = values.data() + values.size();
  for (const float* from = values.data(); from != end; from += kSums * kLanes) {
    for (int i = 0; i < kSums; ++i) {
      Vector loaded;
      std::memcpy(&loaded, from + i * kLanes, sizeof(loaded));
      sums[i] += loaded;
    }
  }
  Vector total = {};
  for (const Vector& sum : sums) total += sum;
  return sum_of_lanes(total);
}

Peaks measure_peaks(const Machine& machine, int threads, bool quick) {
  constexpr std::int64_t kKiB = 1024;
  constexpr std::int64_t kMiB = 1024 * kKiB;
  const double seconds = quick ? 0.025 : 0.1;  // for each of the eight figures

  Peaks peaks;
  peaks.cpu_all_threads = std::clamp(threads, 1, machine.cores);
  const int all = peaks.cpu_all_threads;

  peaks.cpu_1_flops = flops(1, seconds);
  peaks.cpu_all_flops = flops(all, seconds);
  peaks.cpu_1_l1_bytes_per_s =
      cache_rate(cache_bytes(machine, 1, 32 * kKiB), seconds);
  peaks.cpu_1_l2_bytes_per_s =
      cache_rate(cache_bytes(machine, 2, 512 * kKiB), seconds);

  const std::int64_t memory =
      std::clamp(4 * cache_bytes(machine, 3, 32 * kMiB), 64 * kMiB, 256 * kMiB);
  const Buffer buffer(memory / std::int64_t{sizeof(float)});
  touch(buffer, all);
  peaks.cpu_1_bytes_per_s = read_rate(buffer, 1, 1, seconds);
  peaks.cpu_all_bytes_per_s = read_rate(buffer, all, 1, seconds);
  peaks.cpu_1_copy_bytes_per_s = copy_rate(buffer, 1, seconds);
  peaks.cpu_all_copy_bytes_per_s = copy_rate(buffer, all, seconds);

  if (machine.gpu) {
    const GpuPeaks gpu = measure_gpu_peaks(quick);
    peaks.gpu_fp32_flops = gpu.fp32_flops;
    peaks.gpu_bytes_per_s = gpu.bytes_per_s;
  }
  return peaks;
}

}  // namespace cnn
