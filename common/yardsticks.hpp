/// @file
/// Other people's libraries, to be measured against and never to compute with.
///
/// All are looked for when the program runs and none is needed to build it: an
/// absent library is nothing and a sentence saying why.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "common/tensor.hpp"
#include "common/timing.hpp"

namespace cnn {

/// OpenBLAS, the fastest free BLAS on most CPUs.
class OpenBlas {
 public:
  /// Looks for libopenblas. Other libraries that call themselves BLAS do not
  /// count: a reader could not tell what the yardstick was.
  static std::optional<OpenBlas> load(std::string& why_not);

  /// Version, and the kernels it chose for this CPU: "OpenBLAS 0.3.21, Zen".
  std::string description() const;

  /// How many threads its products use from now on, at least 1.
  void set_threads(int threads) const;

  /// C = alpha * op(A) op(B) + beta * C, all row-major: op(A) is m x k, op(B)
  /// is k x n, C is m x n; `lda`, `ldb` and `ldc` count elements from one row
  /// to the next of A, B and C as they lie in memory.
  /// Throws std::invalid_argument when a size does not fit OpenBLAS' integers.
  void sgemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n,
             std::int64_t k, float alpha, const float* a, std::int64_t lda,
             const float* b, std::int64_t ldb, float beta, float* c,
             std::int64_t ldc) const;

 private:
  struct Functions;
  std::shared_ptr<const Functions> functions_;
};

/// What a library did on the GPU.
struct GpuYardstick {
  Timing timing;            ///< by events, without transfers
  std::string description;  ///< library, version, chosen algorithm
};
/// What cudnn_convolution_forward() tells.
using CudnnForward = GpuYardstick;
/// What cublas_sgemm() tells.
using CublasSgemm = GpuYardstick;

/// Convolution (cross-correlation, as everywhere in this course) by cuDNN:
/// float32 NCHW, fused multiply-adds only (never TF32), by the algorithm that
/// cuDNN itself finds fastest. `output` is filled with the result, so that it
/// can be checked too; its shape must fit. Data is uploaded once; times do not
/// include that. Nothing, and one sentence, when there is no GPU or no cuDNN.
std::optional<CudnnForward> cudnn_convolution_forward(
    const Tensor& input, const Tensor& filter, std::int64_t stride,
    std::int64_t padding, Tensor& output, std::string& why_not,
    const TimingPlan& plan = {});

/// The gradient of the convolution's input, from that of its output, likewise.
std::optional<GpuYardstick> cudnn_convolution_backward_input(
    const Tensor& output_gradient, const Tensor& filter, std::int64_t stride,
    std::int64_t padding, Tensor& input_gradient, std::string& why_not,
    const TimingPlan& plan = {});

/// The gradient of its filters, likewise.
std::optional<GpuYardstick> cudnn_convolution_backward_filter(
    const Tensor& input, const Tensor& output_gradient, std::int64_t stride,
    std::int64_t padding, Tensor& filter_gradient, std::string& why_not,
    const TimingPlan& plan = {});

/// C = A B by cuBLAS in float32 (pedantic math: never TF32), row-major without
/// gaps: A is m x k, B is k x n, C is m x n. Otherwise like
/// cudnn_convolution_forward.
std::optional<CublasSgemm> cublas_sgemm(
    std::int64_t m, std::int64_t n, std::int64_t k, std::span<const float> a,
    std::span<const float> b, std::span<float> c, std::string& why_not,
    const TimingPlan& plan = {});

}  // namespace cnn
