// region quiet: includes
#include <stdexcept>

#include "chapters/06_tiled_cuda_adam/channel_sums.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"
#include "chapters/06_tiled_cuda_adam/tuned_product.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tiled-dense-product
namespace {

/// c = a b, where c is m x n and sums have k terms; all rows lie without gaps.
Product dense_product(std::int64_t m, std::int64_t n, std::int64_t k,
                      const ProductForm& form, const float* a, const float* b,
                      float* c) {
  const auto rows = static_cast<int>(m);
  const auto columns = static_cast<int>(n);
  const auto terms = static_cast<int>(k);
  return {.m = rows,
          .n = columns,
          .k = terms,
          .a = a,
          .lda = form.transpose_a ? rows : terms,
          .b = b,
          .ldb = form.transpose_b ? terms : columns,
          .c = c,
          .ldc = columns};
}

/// The kernels look up to 32 rows ahead, and count in 32 bits.
void require_matrix(std::int64_t rows, std::int64_t columns,
                    const std::string& what) {
  constexpr std::int64_t kSpare = 32;
  require_countable((rows + kSpare) * columns, what);
}

}  // namespace
// endregion

// region tiled-dense-reserve
void TiledBackend::reserve_dense(const DenseGeometry& dense) {
  const auto& [batch, inputs, outputs] = dense;
  require_matrix(outputs, inputs, "the weights of a dense layer");
  require_matrix(batch, inputs, "the inputs of a dense layer");
  require_matrix(batch, outputs, "the outputs of a dense layer");
  if (find(dense) != nullptr) return;
  const auto plan = [&](std::int64_t m, std::int64_t n, std::int64_t k) {
    const auto rows = static_cast<int>(m);
    const auto columns = static_cast<int>(n);
    const ProductPlan chosen =
        plan_product(rows, columns, static_cast<int>(k), multiprocessors_);
    reserve_workspace(scratch_floats(rows, columns, chosen));
    return chosen;
  };
  reserve_workspace(channel_sums_workspace({batch, outputs, 1, 1}));
  const ReservedDense planned{dense, plan(batch, outputs, inputs),
                              plan(batch, inputs, outputs),
                              plan(outputs, inputs, batch)};
  dense_layers_.push_back(planned);
}

const TiledBackend::ReservedDense* TiledBackend::find(
    const DenseGeometry& dense) const {
  for (const ReservedDense& each : dense_layers_) {
    if (each.geometry.batch == dense.batch &&
        each.geometry.inputs == dense.inputs &&
        each.geometry.outputs == dense.outputs) {
      return &each;
    }
  }
  return nullptr;
}

const TiledBackend::ReservedDense& TiledBackend::reserved(
    const DenseGeometry& dense) const {
  if (const ReservedDense* found = find(dense)) return *found;
  throw std::logic_error("a dense layer was not reserved");
}
// endregion

// region tiled-dense-forward
/// Sums over the inputs; the product itself adds the bias and applies the ReLU.
void TiledBackend::dense_forward(const DenseGeometry& dense, ConstArray input,
                                 ConstArray weight, ConstArray bias,
                                 Array output, bool relu) {
  const ProductForm form{.transpose_b = true, .bias = bias, .relu = relu};
  multiply_tuned(dense_product(dense.batch, dense.outputs, dense.inputs, form,
                               input, weight, output),
                 form, reserved(dense).forward, workspace(), stream());
}
// endregion

// region tiled-dense-backward
/// Sums over the outputs.
void TiledBackend::dense_backward_input(const DenseGeometry& dense,
                                        ConstArray output_gradient,
                                        ConstArray weight,
                                        Array input_gradient) {
  const ProductForm form;
  multiply_tuned(dense_product(dense.batch, dense.inputs, dense.outputs, form,
                               output_gradient, weight, input_gradient),
                 form, reserved(dense).input_gradient, workspace(), stream());
}

/// Sums over the batch. The bias went into every row of the output: its
/// gradient is the sum of the rows, channels of one pixel.
void TiledBackend::dense_backward_weight(const DenseGeometry& dense,
                                         ConstArray input,
                                         ConstArray output_gradient,
                                         Array weight_gradient,
                                         Array bias_gradient) {
  const ProductForm form{.transpose_a = true};
  multiply_tuned(dense_product(dense.outputs, dense.inputs, dense.batch, form,
                               output_gradient, input, weight_gradient),
                 form, reserved(dense).weight_gradient, workspace(), stream());
  const Shape rows{dense.batch, dense.outputs, 1, 1};
  const PartialSums biases = channel_parts(rows, bias_gradient, workspace());
  sum_channels(rows, output_gradient, biases, stream());
  add_parts(biases, stream());
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
