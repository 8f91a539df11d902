// region quiet: includes
#include <cstdint>
#include <span>
#include <vector>

#include "chapters/06_tiled_cuda_adam/channel_sums.hpp"
#include "chapters/06_tiled_cuda_adam/exhibit_launches.hpp"
#include "chapters/06_tiled_cuda_adam/fused_convolution.hpp"
#include "chapters/06_tiled_cuda_adam/product_steps.hpp"
#include "chapters/06_tiled_cuda_adam/tuned_product.hpp"
#include "common/cuda/buffer.hpp"
#include "common/cuda/memory_names.hpp"
#include "common/random.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region exhibit-numbers
namespace {

/// Random numbers on the device, there by the time this returns.
DeviceBuffer<float> numbers(std::int64_t count, const Stream& stream) {
  std::vector<float> values(static_cast<std::size_t>(count));
  Random(6, 0).fill_uniform(values, -1, 1);
  DeviceBuffer<float> buffer(values.size());
  buffer.upload(values, stream);
  stream.synchronize();
  return buffer;
}

DeviceBuffer<float> room(std::int64_t count) {
  return DeviceBuffer<float>(static_cast<std::size_t>(count));
}
// endregion

// region exhibit-product
/// The matrices of a product, whose rows lie without gaps.
class Matrices {
 public:
  explicit Matrices(const ProductSizes& sizes, const ProductForm& form = {})
      : sizes_(sizes),
        form_(form),
        a_(numbers(std::int64_t{sizes.m} * sizes.k, stream)),
        b_(numbers(std::int64_t{sizes.k} * sizes.n, stream)),
        c_(room(std::int64_t{sizes.m} * sizes.n)) {
    name_memory(a_.data(), "a");
    name_memory(b_.data(), "b");
    name_memory(c_.data(), "c");
  }
  Product product() {
    const auto& [m, n, k] = sizes_;
    return {.m = m,
            .n = n,
            .k = k,
            .a = a_.data(),
            .lda = form_.transpose_a ? m : k,
            .b = b_.data(),
            .ldb = form_.transpose_b ? k : n,
            .c = c_.data(),
            .ldc = n};
  }

  Stream stream;

 private:
  ProductSizes sizes_;
  ProductForm form_;
  DeviceBuffer<float> a_;
  DeviceBuffer<float> b_;
  DeviceBuffer<float> c_;
};

void run_step(int number, const ProductSizes& sizes) {
  Matrices matrices(sizes);
  const auto& step = product_steps()[static_cast<std::size_t>(number)];
  step.run(matrices.product(), matrices.stream);
  matrices.stream.synchronize();
}

void run_tiny_tiles(const ProductSizes& sizes) {
  Matrices matrices(sizes);
  multiply_in_tiny_tiles(matrices.product(), matrices.stream);
  matrices.stream.synchronize();
}

void run_product(const ProductSizes& sizes, bool transpose_a, bool transpose_b,
                 const ProductPlan& plan) {
  const ProductForm form{.transpose_a = transpose_a,
                         .transpose_b = transpose_b};
  Matrices matrices(sizes, form);
  auto scratch = room(scratch_floats(sizes.m, sizes.n, plan));
  multiply_tuned(matrices.product(), form, plan, scratch.data(),
                 matrices.stream);
  matrices.stream.synchronize();
}
// endregion

// region exhibit-convolution-pass
void run_convolution(const ConvolutionBlock& block, ConvolutionPass pass,
                     const ConvolutionPlan& plan) {
  const Stream stream;
  const ConvolutionGeometry& geometry = block.geometry;
  const Shape output = block.output();
  const auto input = numbers(geometry.input_shape().size(), stream);
  const auto filter = numbers(geometry.filter_shape().size(), stream);
  const auto bias = numbers(geometry.output_channels, stream);
  const auto gradient = numbers(output.size(), stream);
  const std::vector<std::uint8_t> first(static_cast<std::size_t>(output.size()),
                                        0);  // the first of each window
  DeviceBuffer<std::uint8_t> winners(first.size());
  winners.upload(first, stream);
  auto result = room(pass == ConvolutionPass::kForward
                         ? output.size()
                         : result_shape(geometry, pass).size());
  auto of_bias = room(geometry.output_channels);
  auto workspace = room(fused_workspace(block, pass, plan));
  switch (pass) {
    case ConvolutionPass::kForward:
      fused_forward(block, plan, input.data(), filter.data(), bias.data(),
                    result.data(), winners.data(), workspace.data(), stream);
      break;
    case ConvolutionPass::kInputGradient:
      fused_backward_input(block, plan, gradient.data(), winners.data(),
                           filter.data(), result.data(), workspace.data(),
                           stream);
      break;
    case ConvolutionPass::kFilterGradient:
      fused_backward_filter(block, plan, input.data(), gradient.data(),
                            winners.data(), result.data(), of_bias.data(),
                            workspace.data(), stream);
      break;
  }
  stream.synchronize();
}

void run_channel_sums(const Shape& shape) {
  const Stream stream;
  const auto values = numbers(shape.size(), stream);
  auto sums = room(shape.channels);
  auto workspace = room(channel_sums_workspace(shape));
  const PartialSums parts = channel_parts(shape, sums.data(), workspace.data());
  sum_channels(shape, values.data(), parts, stream);
  add_parts(parts, stream);
  stream.synchronize();
}

}  // namespace
}  // namespace CNN_GPU
// endregion

// region exhibit-worlds
#ifdef COURSE_SIMT
ExhibitLaunches exhibit_launches_emulated() {
#else
ExhibitLaunches exhibit_launches_on_gpu() {
#endif
  return {run_step, run_tiny_tiles, run_product, run_convolution,
          run_channel_sums};
}

}  // namespace cnn
// endregion
