// region quiet: includes
#include "chapters/04_cpu_cnn/dropout_kernels.hpp"

#ifdef __SSE2__
#include <immintrin.h>
#endif

#include <utility>

#include "chapters/03_blocked_gemm/simd.hpp"

namespace cnn::CNN_ISA {
namespace {
// endregion

// region philox-words
/// Words of several counters, each in the lower half of a lane of 64 bits. What
/// is in the upper half does not matter.
using Words [[gnu::vector_size(kLanes * sizeof(float))]] = std::uint64_t;
/// Words side by side.
using Packed [[gnu::vector_size(kLanes * sizeof(float))]] = std::uint32_t;

constexpr int kCounters = kLanes / 2;  // at once
constexpr std::uint64_t kLow = 0xFFFFFFFF;

/// The products of the lower halves. In the language of vectors, they are
/// products of 64 bits; compilers would do too much.
Words multiply(Words a, std::uint64_t b) {
  const Words both = Words{} + b;
#if defined(__AVX512F__)
  return reinterpret_cast<Words>(_mm512_maskz_mul_epu32(
      0xFF, reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(both)));
#elif defined(__AVX2__)
  return reinterpret_cast<Words>(_mm256_mul_epu32(
      reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(both)));
#elif defined(__SSE2__)
  return reinterpret_cast<Words>(_mm_mul_epu32(
      reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(both)));
#else
  return (a & kLow) * both;
#endif
}
// endregion

// region philox-order
/// The counter of each lane: 0, kCounters / 2, 1, ... from the first on. Then
/// pair_up() puts the words in order.
template <int... lane>
Words offsets(std::integer_sequence<int, lane...>) {
  return Words{std::uint64_t{lane / 2 + lane % 2 * (kCounters / 2)}...};
}

/// Of each two lanes of a and of b, the first (half 0) or the second (1).
template <int half, int... lane>
Packed pair_up(Words a, Words b, std::integer_sequence<int, lane...>) {
  return reinterpret_cast<Packed>(__builtin_shufflevector(
      a, b, (lane / 2 * 2 + half + lane % 2 * kCounters)...));
}

constexpr std::make_integer_sequence<int, kCounters> kEach{};

/// Those of kCounters counters, in order.
struct Numbers {
  Packed first;
  Packed second;
};
// endregion

// region philox-vectors
/// philox4x32() of kCounters counters at once. In the first two rounds, all
/// that comes from the stream and from the counter's upper half is the same for
/// all of them.
class Philox {
 public:
  Philox(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter) {
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      key0_[round] = ((seed & kLow) + round * 0x9E3779B9ULL) & kLow;
      key1_[round] = ((seed >> 32) + round * 0xBB67AE85ULL) & kLow;
    }
    const std::uint64_t product1 = (stream & kLow) * kMultiplier1;
    const std::uint64_t word0 = (product1 >> 32) ^ (counter >> 32) ^ key0_[0];
    const std::uint64_t product0 = word0 * kMultiplier0;
    first_word2_ = (stream >> 32) ^ key1_[0];
    second_word0_ = product1 ^ key0_[1];
    second_word2_ = (product0 >> 32) ^ key1_[1];
    second_word3_ = product0;
  }

  Numbers operator()(Words counters) const {
    const Words first = multiply(counters, kMultiplier0);
    const Words second = multiply((first >> 32) ^ first_word2_, kMultiplier1);
    Words word0 = (second >> 32) ^ second_word0_;
    Words word1 = second;
    Words word2 = first ^ second_word2_;
    Words word3 = Words{} + second_word3_;
    for (std::uint32_t round = 2; round < kRounds; ++round) {
      const Words product0 = multiply(word0, kMultiplier0);
      const Words product1 = multiply(word2, kMultiplier1);
      word0 = (product1 >> 32) ^ word1 ^ key0_[round];
      word1 = product1;
      word2 = (product0 >> 32) ^ word3 ^ key1_[round];
      word3 = product0;
    }
    const Words front = (word0 & kLow) | (word1 << 32);
    const Words back = (word2 & kLow) | (word3 << 32);
    return {pair_up<0>(front, back, kEach), pair_up<1>(front, back, kEach)};
  }

 private:
  static constexpr std::uint32_t kRounds = 10;
  static constexpr std::uint64_t kMultiplier0 = 0xD2511F53;
  static constexpr std::uint64_t kMultiplier1 = 0xCD9E8D57;

  std::uint64_t key0_[kRounds];
  std::uint64_t key1_[kRounds];
  std::uint64_t first_word2_;  // after the first round
  std::uint64_t second_word0_;
  std::uint64_t second_word2_;
  std::uint64_t second_word3_;
};
// endregion

// region drop
std::int64_t drop(const DropoutRun& run) {
  const Philox philox(run.seed, run.stream, run.block);
  // Locals, which nothing that is stored below can change.
  const Vector scale = broadcast(run.scale);
  const Packed least = Packed{} + run.least;
  const float* from = run.from;
  float* to = run.to;
  const auto apply = [=](Packed words, std::int64_t at) {
    store(to + at, load(from + at) * (words >= least ? scale : Vector{}));
  };
  // No further than the upper half of the counter stays as it is.
  const auto blocks = static_cast<std::int64_t>(kLow + 1 - (run.block & kLow));
  const std::int64_t end = run.count < 4 * blocks ? run.count : 4 * blocks;
  Words counters = offsets(kEach) + run.block;
  std::int64_t i = 0;
  for (; i + 2 * kLanes <= end; i += 2 * kLanes, counters += kCounters) {
    const Numbers numbers = philox(counters);
    apply(numbers.first, i);
    apply(numbers.second, i + kLanes);
  }
  return i;
}

}  // namespace

const DropoutKernels& dropout_kernels() {
  static constexpr DropoutKernels kKernels{drop};
  return kKernels;
}

}  // namespace cnn::CNN_ISA
// endregion
