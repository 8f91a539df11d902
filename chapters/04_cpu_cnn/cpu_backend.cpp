// region quiet: includes
#include "chapters/04_cpu_cnn/cpu_backend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "chapters/03_blocked_gemm/isa.hpp"
#include "chapters/04_cpu_cnn/pieces.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region make-memory
namespace {

constexpr std::align_val_t kCacheLine{64};

}  // namespace

void FreeMemory::operator()(std::byte* memory) const {
  ::operator delete(memory, kCacheLine);
}

Memory make_memory(std::int64_t bytes) {
  if (bytes < 0) {
    throw InputError(fmt::format("{} bytes of memory were asked for", bytes));
  }
  const auto size = static_cast<std::size_t>(bytes);
  Memory memory(static_cast<std::byte*>(::operator new(size, kCacheLine)));
  std::memset(memory.get(), 0, size);
  return memory;
}
// endregion

// region construction
CpuBackend::CpuBackend(int threads, ConvolutionMethod method)
    : threads_(threads), method_(method) {
  if (threads < 1) {
    throw InputError(
        fmt::format("a CPU backend needs at least 1 thread, not {}", threads));
  }
  products_ = std::make_unique<GemmScratch>(threads);
}

CpuBackend::~CpuBackend() = default;

std::string CpuBackend::description() const {
  return fmt::format("CPU, {} thread{}, {}, {}", threads_,
                     threads_ == 1 ? "" : "s", name_of(best_isa()),
                     name_of(method_));
}

std::unique_ptr<Backend> make_cpu_backend(int threads) {
  return make_cpu_backend(threads, ConvolutionMethod::kDirect);
}

std::unique_ptr<Backend> make_cpu_backend(int threads,
                                          ConvolutionMethod method) {
  return std::make_unique<CpuBackend>(threads, method);
}
// endregion

// region cpu-memory
Array CpuBackend::allocate(std::int64_t count) {
  const auto size = static_cast<std::int64_t>(sizeof(float));
  return reinterpret_cast<Array>(allocate_bytes(size * count));
}

ByteArray CpuBackend::allocate_bytes(std::int64_t count) {
  memory_.push_back(make_memory(count));
  allocated_bytes_ += count;
  return reinterpret_cast<ByteArray>(memory_.back().get());
}

std::int64_t CpuBackend::allocated_bytes() const {
  std::int64_t bytes = allocated_bytes_ + products_->bytes();
  bytes += static_cast<std::int64_t>(sums_.size() * sizeof(double));
  for (const Reserved& reserved : convolutions_) {
    bytes += reserved.convolution->scratch_bytes();
  }
  return bytes;
}
// endregion

// region cpu-transfers
// Host and backend share their memory here: a copy is all there is.
void CpuBackend::upload(std::span<const float> from, Array to) {
  std::copy(from.begin(), from.end(), to);
}

void CpuBackend::download(ConstArray from, std::span<float> to) {
  std::copy_n(from, to.size(), to.begin());
}

void CpuBackend::upload_bytes(std::span<const std::uint8_t> from,
                              ByteArray to) {
  std::copy(from.begin(), from.end(), to);
}

void CpuBackend::download_bytes(ConstByteArray from,
                                std::span<std::uint8_t> to) {
  std::copy_n(from, to.size(), to.begin());
}

void CpuBackend::clear(Array array, std::int64_t count) {
  std::fill_n(array, count, 0.0F);
}
// endregion

// region threads-for
int CpuBackend::threads_for(std::int64_t floats) const {
  // Waking threads takes some microseconds, in which one core gets through
  // about so much.
  constexpr std::int64_t kWorthIt = 32 * 1024;
  return floats < kWorthIt ? 1 : threads_;
}

void CpuBackend::reserve_sums(std::int64_t channels) {
  const auto needed = static_cast<std::size_t>(2 * Pieces::kMost * channels);
  if (sums_.size() < needed) sums_.resize(needed);
}

}  // namespace cnn
// endregion
