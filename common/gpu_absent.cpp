// The GPU's part of common, in a program that was built without CUDA.
#include <stdexcept>

#include "common/machine.hpp"
#include "common/peaks.hpp"
#include "common/yardsticks.hpp"

namespace cnn {

std::optional<Gpu> describe_gpu(std::string& why_not) {
  why_not = COURSE_NO_CUDA_BECAUSE;
  return std::nullopt;
}

GpuPeaks measure_gpu_peaks(bool) {
  throw std::logic_error("measure_gpu_peaks: " COURSE_NO_CUDA_BECAUSE);
}

std::optional<CudnnForward> cudnn_convolution_forward(
    const Tensor&, const Tensor&, std::int64_t, std::int64_t, Tensor&,
    std::string& why_not, const TimingPlan&) {
  why_not = COURSE_NO_CUDA_BECAUSE;
  return std::nullopt;
}

std::optional<GpuYardstick> cudnn_convolution_backward_input(
    const Tensor&, const Tensor&, std::int64_t, std::int64_t, Tensor&,
    std::string& why_not, const TimingPlan&) {
  why_not = COURSE_NO_CUDA_BECAUSE;
  return std::nullopt;
}

std::optional<GpuYardstick> cudnn_convolution_backward_filter(
    const Tensor&, const Tensor&, std::int64_t, std::int64_t, Tensor&,
    std::string& why_not, const TimingPlan&) {
  why_not = COURSE_NO_CUDA_BECAUSE;
  return std::nullopt;
}

std::optional<CublasSgemm> cublas_sgemm(std::int64_t, std::int64_t,
                                        std::int64_t, std::span<const float>,
                                        std::span<const float>,
                                        std::span<float>, std::string& why_not,
                                        const TimingPlan&) {
  why_not = COURSE_NO_CUDA_BECAUSE;
  return std::nullopt;
}

}  // namespace cnn
