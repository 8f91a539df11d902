// region quiet: includes
#include "chapters/03_blocked_gemm/gemm.hpp"
#include "chapters/04_cpu_cnn/channel_sums.hpp"
#include "chapters/04_cpu_cnn/cpu_backend.hpp"

namespace cnn {
// endregion

// region dense-views
namespace {

/// A matrix of `rows` rows that lie one after another.
template <class T>
StridedView<T> matrix(T* numbers, std::int64_t rows, std::int64_t columns) {
  return {numbers, {rows, columns}, {columns, 1}};
}

std::int64_t products(const DenseGeometry& dense) {
  return dense.batch * dense.inputs * dense.outputs;
}

/// A core multiplies about so often in the time it takes to read one float.
constexpr std::int64_t kProductsPerFloat = 16;

}  // namespace

void CpuBackend::reserve_dense(const DenseGeometry& dense) {
  reserve_sums(dense.outputs);
}
// endregion

// region dense-forward
void CpuBackend::dense_forward(const DenseGeometry& dense, ConstArray input,
                               ConstArray weight, ConstArray bias, Array output,
                               bool relu) {
  GemmOptions options;
  options.epilogue = {.column_bias = bias, .relu = relu};
  options.threads = threads_for(products(dense) / kProductsPerFloat);
  gemm(matrix(input, dense.batch, dense.inputs),
       matrix(weight, dense.outputs, dense.inputs).transposed(),
       matrix(output, dense.batch, dense.outputs), options, *products_);
}
// endregion

// region dense-backward
void CpuBackend::dense_backward_input(const DenseGeometry& dense,
                                      ConstArray output_gradient,
                                      ConstArray weight, Array input_gradient) {
  GemmOptions options;
  options.threads = threads_for(products(dense) / kProductsPerFloat);
  gemm(matrix(output_gradient, dense.batch, dense.outputs),
       matrix(weight, dense.outputs, dense.inputs),
       matrix(input_gradient, dense.batch, dense.inputs), options, *products_);
}

void CpuBackend::dense_backward_weight(const DenseGeometry& dense,
                                       ConstArray input,
                                       ConstArray output_gradient,
                                       Array weight_gradient,
                                       Array bias_gradient) {
  GemmOptions options;
  options.threads = threads_for(products(dense) / kProductsPerFloat);
  gemm(matrix(output_gradient, dense.batch, dense.outputs).transposed(),
       matrix(input, dense.batch, dense.inputs),
       matrix(weight_gradient, dense.outputs, dense.inputs), options,
       *products_);
  channel_sums(dense.batch, dense.outputs, dense.outputs, output_gradient,
               sums_, bias_gradient, threads_for(dense.batch * dense.outputs));
}

}  // namespace cnn
// endregion
