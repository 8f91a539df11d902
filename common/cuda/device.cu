#include <fstream>
#include <sstream>
#include <string>

#include "common/cuda/check.hpp"
#include "common/machine.hpp"

namespace cnn {

namespace {

/// Never launched: asking about it tells whether this program holds code that
/// the device can run.
__global__ void probe() {}

/// CUDA counts 13000 for 13.0 and 12060 for 12.6.
std::string version_text(int version) {
  return std::to_string(version / 1000) + "." +
         std::to_string(version % 1000 / 10);
}

/// The driver's own number, "580.65.06", where Linux shows it; else empty.
std::string driver_number() {
  std::ifstream file("/proc/driver/nvidia/version");
  std::string line;
  std::getline(file, line);
  std::istringstream words(line);
  for (std::string word; words >> word;) {
    if (word.find_first_not_of("0123456789.") == std::string::npos &&
        word.find('.') != std::string::npos) {
      return word;
    }
  }
  return {};
}

std::string capability(const cudaDeviceProp& properties) {
  return std::to_string(properties.major) + "." +
         std::to_string(properties.minor);
}

Gpu describe(const cudaDeviceProp& properties) {
  int driver = 0;
  int runtime = 0;
  cuda_check(cudaDriverGetVersion(&driver), "cudaDriverGetVersion");
  cuda_check(cudaRuntimeGetVersion(&runtime), "cudaRuntimeGetVersion");
  Gpu gpu;
  gpu.name = properties.name;
  gpu.compute_capability = capability(properties);
  gpu.memory_bytes = static_cast<std::int64_t>(properties.totalGlobalMem);
  const std::string number = driver_number();
  gpu.driver = number.empty() ? "for CUDA " + version_text(driver)
                              : number + " (CUDA " + version_text(driver) + ")";
  gpu.runtime = version_text(runtime);
  gpu.multiprocessors = properties.multiProcessorCount;
  return gpu;
}

}  // namespace

std::optional<Gpu> describe_gpu(std::string& why_not) {
  int driver = 0;
  if (cudaDriverGetVersion(&driver) != cudaSuccess || driver == 0) {
    cudaGetLastError();
    why_not = "no NVIDIA driver was found";
    return std::nullopt;
  }
  int devices = 0;
  const cudaError_t counted = cudaGetDeviceCount(&devices);
  if (counted != cudaSuccess || devices == 0) {
    cudaGetLastError();  // said here, so that no later check stumbles over it
    if (counted == cudaErrorInsufficientDriver) {
      why_not = "the driver is too old: it knows CUDA " + version_text(driver) +
                ", this program was built with " + version_text(CUDART_VERSION);
    } else {
      why_not = counted == cudaSuccess ? "the driver found no GPU"
                                       : cudaGetErrorString(counted);
    }
    return std::nullopt;
  }
  try {
    cudaDeviceProp properties{};
    cuda_check(cudaGetDeviceProperties(&properties, 0),
               "cudaGetDeviceProperties");
    cudaFuncAttributes attributes{};
    const cudaError_t runs = cudaFuncGetAttributes(&attributes, probe);
    if (runs == cudaErrorNoKernelImageForDevice ||
        runs == cudaErrorInvalidDeviceFunction ||
        runs == cudaErrorUnsupportedPtxVersion) {
      cudaGetLastError();
      why_not = std::string(properties.name) + " has compute capability " +
                capability(properties) + ", this program was built for " +
                COURSE_CUDA_ARCHITECTURES + " by CUDA " +
                version_text(CUDART_VERSION);
      return std::nullopt;
    }
    cuda_check(runs, "cudaFuncGetAttributes");
    return describe(properties);
  } catch (const CudaError& error) {
    cudaGetLastError();
    why_not = error.what();
    return std::nullopt;
  }
}

}  // namespace cnn
