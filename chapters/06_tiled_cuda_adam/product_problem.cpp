// region quiet: includes
#include "chapters/06_tiled_cuda_adam/product_problem.hpp"

#include <cmath>

#include "common/cuda/check.hpp"
#include "common/random.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region problem
namespace {

std::size_t place(int row, int step, int column) {
  return static_cast<std::size_t>(row) * static_cast<std::size_t>(step) +
         static_cast<std::size_t>(column);
}

/// Number i of `samples` places among `size`, from the first to the last.
int spread(int i, int samples, int size) {
  return static_cast<int>(std::int64_t{size - 1} * i / (samples - 1));
}

}  // namespace

ProductProblem::ProductProblem(std::int64_t capacity, std::int64_t scratch)
    : a_(static_cast<std::size_t>(capacity)),
      b_(a_.size()),
      device_a_(a_.size()),
      device_b_(a_.size()),
      device_c_(a_.size()),
      scratch_(static_cast<std::size_t>(scratch)) {
  Random(1, 0).fill_uniform(a_, -1, 1);
  Random(1, 1).fill_uniform(b_, -1, 1);
  device_a_.upload(a_, stream_);
  device_b_.upload(b_, stream_);
  stream_.synchronize();
}

Product ProductProblem::product(int m, int n, int k, const ProductForm& form) {
  cuda_check(cudaMemsetAsync(device_c_.data(), 0xff,
                             device_c_.size() * sizeof(float), stream_.get()),
             "cudaMemsetAsync");
  return {m,
          n,
          k,
          device_a_.data(),
          form.transpose_a ? m : k,
          device_b_.data(),
          form.transpose_b ? k : n,
          device_c_.data(),
          n};
}
// endregion

// region judge
Comparison ProductProblem::judge(const Product& p, const ProductForm& form) {
  const auto a = [&](int row, int k) {
    return a_[form.transpose_a ? place(k, p.lda, row) : place(row, p.lda, k)];
  };
  const auto b = [&](int k, int column) {
    return b_[form.transpose_b ? place(column, p.ldb, k)
                               : place(k, p.ldb, column)];
  };
  const int samples = p.k > 20000 ? 5 : 21;  // of rows, and of columns
  std::vector<float> row_of_c(static_cast<std::size_t>(p.n));
  std::vector<float> actual;
  std::vector<double> value;
  std::vector<double> magnitude;
  for (int i = 0; i < samples; ++i) {
    const int row = spread(i, samples, p.m);
    copy_to_host(row_of_c.data(), p.c + place(row, p.ldc, 0),
                 row_of_c.size() * sizeof(float), stream_);
    stream_.synchronize();
    for (int j = 0; j < samples; ++j) {
      const int column = spread(j, samples, p.n);
      double sum = 0;
      double size = 0;
      for (int k = 0; k < p.k; ++k) {
        const double term = double{a(row, k)} * double{b(k, column)};
        sum += term;
        size += std::abs(term);
      }
      actual.push_back(row_of_c[static_cast<std::size_t>(column)]);
      value.push_back(sum);
      magnitude.push_back(size);
    }
  }
  return compare(actual, {value, magnitude}, p.k);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
