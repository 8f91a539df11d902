#include <climits>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/shared_library.hpp"
#include "common/yardsticks.hpp"

namespace cnn {

namespace {

// As in OpenBLAS' cblas.h, which need not be installed.
constexpr int kRowMajor = 101;
constexpr int kNoTranspose = 111;
constexpr int kTranspose = 112;
using Sgemm = void(int order, int transpose_a, int transpose_b, int m, int n,
                   int k, float alpha, const float* a, int lda, const float* b,
                   int ldb, float beta, float* c, int ldc);

int blas_int(std::int64_t size) {
  if (size < 0 || size > INT_MAX) {
    throw std::invalid_argument("OpenBLAS: " + std::to_string(size) +
                                " does not fit its 32-bit integers");
  }
  return static_cast<int>(size);
}

}  // namespace

struct OpenBlas::Functions {
  explicit Functions(const SharedLibrary& library)
      : config(library.function<char*()>("openblas_get_config")),
        core_name(library.function<char*()>("openblas_get_corename")),
        set_threads(library.function<void(int)>("openblas_set_num_threads")),
        sgemm(library.function<Sgemm>("cblas_sgemm")) {}

  char* (*config)();
  char* (*core_name)();
  void (*set_threads)(int);
  Sgemm* sgemm;
};

std::optional<OpenBlas> OpenBlas::load(std::string& why_not) {
  const auto library =
      SharedLibrary::open({"libopenblas.so.0", "libopenblas.so"}, why_not);
  if (!library) return std::nullopt;
  try {
    OpenBlas blas;
    blas.functions_ = std::make_shared<const Functions>(*library);
    const std::string_view config = blas.functions_->config();
    if (config.find("USE64BITINT") != std::string_view::npos) {
      why_not = "this OpenBLAS was built for 64-bit integers";
      return std::nullopt;
    }
    return blas;
  } catch (const std::runtime_error& error) {
    why_not = error.what();
    return std::nullopt;
  }
}

std::string OpenBlas::description() const {
  // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...": two words are enough.
  const std::string config = functions_->config();
  const auto name_end = config.find(' ');
  const auto version_end =
      name_end == std::string::npos ? name_end : config.find(' ', name_end + 1);
  return config.substr(0, version_end) + ", " + functions_->core_name();
}

void OpenBlas::set_threads(int threads) const {
  functions_->set_threads(threads);
}

void OpenBlas::sgemm(bool transpose_a, bool transpose_b, std::int64_t m,
                     std::int64_t n, std::int64_t k, float alpha,
                     const float* a, std::int64_t lda, const float* b,
                     std::int64_t ldb, float beta, float* c,
                     std::int64_t ldc) const {
  functions_->sgemm(kRowMajor, transpose_a ? kTranspose : kNoTranspose,
                    transpose_b ? kTranspose : kNoTranspose, blas_int(m),
                    blas_int(n), blas_int(k), alpha, a, blas_int(lda), b,
                    blas_int(ldb), beta, c, blas_int(ldc));
}

}  // namespace cnn
