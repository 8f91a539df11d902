#include "common/yardsticks.hpp"

#ifdef COURSE_HAS_CUBLAS

#include <cublas_v2.h>

#include <climits>
#include <memory>
#include <stdexcept>

#include "common/cuda/buffer.hpp"
#include "common/cuda/check.hpp"
#include "common/cuda/timing.hpp"
#include "common/machine.hpp"
#include "common/shared_library.hpp"

namespace cnn {

namespace {

/// The functions we call, and nothing else of the library.
struct Cublas {
  explicit Cublas(const SharedLibrary& library)
      : create(library.function<decltype(cublasCreate_v2)>("cublasCreate_v2")),
        destroy(
            library.function<decltype(cublasDestroy_v2)>("cublasDestroy_v2")),
        get_version(library.function<decltype(cublasGetVersion_v2)>(
            "cublasGetVersion_v2")),
        set_stream(library.function<decltype(cublasSetStream_v2)>(
            "cublasSetStream_v2")),
        set_math_mode(
            library.function<decltype(cublasSetMathMode)>("cublasSetMathMode")),
        sgemm(library.function<decltype(cublasSgemm_v2)>("cublasSgemm_v2")) {}

  decltype(&cublasCreate_v2) create;
  decltype(&cublasDestroy_v2) destroy;
  decltype(&cublasGetVersion_v2) get_version;
  decltype(&cublasSetStream_v2) set_stream;
  decltype(&cublasSetMathMode) set_math_mode;
  decltype(&cublasSgemm_v2) sgemm;
};

void check(cublasStatus_t status, const char* call) {
  if (status != CUBLAS_STATUS_SUCCESS) {
    throw std::runtime_error(std::string(call) + ": cuBLAS status " +
                             std::to_string(status));
  }
}

int blas_int(std::int64_t size) {
  if (size <= 0 || size > INT_MAX) {
    throw std::invalid_argument("cublas_sgemm: a size of " +
                                std::to_string(size));
  }
  return static_cast<int>(size);
}

CublasSgemm multiply(const Cublas& cublas, int m, int n, int k,
                     std::span<const float> a, std::span<const float> b,
                     std::span<float> c, const TimingPlan& plan) {
  const Stream stream;
  cublasHandle_t created = nullptr;
  check(cublas.create(&created), "cublasCreate");
  const std::unique_ptr<cublasContext, decltype(cublas.destroy)> handle(
      created, cublas.destroy);
  check(cublas.set_stream(handle.get(), stream.get()), "cublasSetStream");
  check(cublas.set_math_mode(handle.get(), CUBLAS_PEDANTIC_MATH),
        "cublasSetMathMode");
  int version = 0;
  check(cublas.get_version(handle.get(), &version), "cublasGetVersion");

  DeviceBuffer<float> device_a(a.size());
  DeviceBuffer<float> device_b(b.size());
  DeviceBuffer<float> device_c(c.size());
  device_a.upload(a, stream);
  device_b.upload(b, stream);
  // cuBLAS counts column-major: what it sees are the transposes, and
  // (A B)^T = B^T A^T.
  const float alpha = 1;
  const float beta = 0;
  CublasSgemm outcome;
  outcome.timing = time_on_gpu(
      stream,
      [&] {
        check(cublas.sgemm(handle.get(), CUBLAS_OP_N, CUBLAS_OP_N, n, m, k,
                           &alpha, device_b.data(), n, device_a.data(), k,
                           &beta, device_c.data(), n),
              "cublasSgemm");
      },
      plan);
  device_c.download(c, stream);
  stream.synchronize();
  outcome.description = "cuBLAS " + std::to_string(version / 10000) + "." +
                        std::to_string(version / 100 % 100) + "." +
                        std::to_string(version % 100) + ", float32 pedantic";
  return outcome;
}

}  // namespace

std::optional<CublasSgemm> cublas_sgemm(
    std::int64_t m, std::int64_t n, std::int64_t k, std::span<const float> a,
    std::span<const float> b, std::span<float> c, std::string& why_not,
    const TimingPlan& plan) {
  const int rows = blas_int(m);
  const int columns = blas_int(n);
  const int depth = blas_int(k);
  if (std::ssize(a) != m * k || std::ssize(b) != k * n ||
      std::ssize(c) != m * n) {
    throw std::invalid_argument(
        "cublas_sgemm: the matrices do not have m k, k n and m n elements");
  }
  if (!describe_gpu(why_not)) return std::nullopt;
  const std::string name = "libcublas.so." + std::to_string(CUBLAS_VER_MAJOR);
  const auto library =
      SharedLibrary::open({name, "/usr/local/cuda/lib64/" + name}, why_not);
  if (!library) return std::nullopt;
  try {
    return multiply(Cublas(*library), rows, columns, depth, a, b, c, plan);
  } catch (const std::runtime_error& error) {
    why_not = error.what();
    return std::nullopt;
  }
}

}  // namespace cnn

#else

namespace cnn {

std::optional<CublasSgemm> cublas_sgemm(std::int64_t, std::int64_t,
                                        std::int64_t, std::span<const float>,
                                        std::span<const float>,
                                        std::span<float>, std::string& why_not,
                                        const TimingPlan&) {
  why_not = "built without cuBLAS: cublas_v2.h was not found";
  return std::nullopt;
}

}  // namespace cnn

#endif
