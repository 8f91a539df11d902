// region quiet: includes
#include "chapters/01_naive_convolution/loop_orders.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "chapters/01_naive_convolution/convolution.hpp"

namespace cnn {

namespace {
// endregion

// region valid-range
/// Outputs first <= position < last along one axis.
struct Range {
  std::int64_t first;
  std::int64_t last;
  bool contains(std::int64_t position) const {
    return first <= position && position < last;
  }
};

/// For each kernel position along one axis, the outputs whose input lies
/// inside the image. Asking once, here, leaves inner loops without branches.
std::vector<Range> valid_outputs(std::int64_t inputs, std::int64_t outputs,
                                 std::int64_t kernel, std::int64_t stride,
                                 std::int64_t padding) {
  std::vector<Range> ranges;
  for (std::int64_t k = 0; k < kernel; ++k) {
    // 0 <= output * stride + k - padding < inputs, solved for output.
    const std::int64_t before = std::max<std::int64_t>(padding - k, 0);
    const std::int64_t reach = inputs - 1 + padding - k;
    const std::int64_t first = (before + stride - 1) / stride;
    const std::int64_t last = reach < 0 ? 0 : reach / stride + 1;
    ranges.push_back({first, std::max(first, std::min(last, outputs))});
  }
  return ranges;
}
// endregion

// region row-step
/// One weight, one row: output[x] += weight * input[x * stride]. __restrict is
/// our word that the two rows do not overlap; without it the compiler has to
/// look, every time, before it may handle several pixels at once.
void add_row(float weight, const float* __restrict input, std::int64_t stride,
             float* __restrict output, std::int64_t count) {
  if (stride == 1) {
    for (std::int64_t x = 0; x < count; ++x) output[x] += weight * input[x];
    return;
  }
  for (std::int64_t x = 0; x < count; ++x) {
    output[x] += weight * input[x * stride];
  }
}
// endregion

// region problem
/// What every order below needs: the shapes and where the numbers are.
struct Problem {
  const ConvolutionGeometry& geometry;
  const float* input;
  const float* filter;
  float* output;
  Shape in = geometry.input_shape();
  Shape weights = geometry.filter_shape();
  Shape out = geometry.output_shape();

  std::vector<Range> rows = valid_outputs(in.height, out.height, weights.height,
                                          geometry.stride, geometry.padding);
  std::vector<Range> columns = valid_outputs(in.width, out.width, weights.width,
                                             geometry.stride, geometry.padding);

  Range row_range(std::int64_t ky) const {
    return rows[static_cast<std::size_t>(ky)];
  }
  Range column_range(std::int64_t kx) const {
    return columns[static_cast<std::size_t>(kx)];
  }
  /// The input pixel under output (y, x) for kernel position (ky, kx).
  const float* input_at(std::int64_t n, std::int64_t i, std::int64_t y,
                        std::int64_t ky, std::int64_t x,
                        std::int64_t kx) const {
    return input + offset(in, n, i, y * geometry.stride + ky - geometry.padding,
                          x * geometry.stride + kx - geometry.padding);
  }
  float weight(std::int64_t o, std::int64_t i, std::int64_t ky,
               std::int64_t kx) const {
    return filter[offset(weights, o, i, ky, kx)];
  }
  float* output_at(std::int64_t n, std::int64_t o, std::int64_t y,
                   std::int64_t x) const {
    return output + offset(out, n, o, y, x);
  }

  /// All of one output row, for one weight.
  void one_row(std::int64_t n, std::int64_t o, std::int64_t i, std::int64_t ky,
               std::int64_t kx, std::int64_t y) const {
    const auto [first, last] = column_range(kx);
    if (first >= last) return;
    add_row(weight(o, i, ky, kx), input_at(n, i, y, ky, first, kx),
            geometry.stride, output_at(n, o, y, first), last - first);
  }
};
// endregion

// region images-inside
void images_inside(const Problem& p) {  // i ky kx n o y x
  for (std::int64_t i = 0; i < p.in.channels; ++i)
    for (std::int64_t ky = 0; ky < p.weights.height; ++ky)
      for (std::int64_t kx = 0; kx < p.weights.width; ++kx)
        for (std::int64_t n = 0; n < p.out.batch; ++n)
          for (std::int64_t o = 0; o < p.out.channels; ++o)
            for (auto y = p.row_range(ky).first; y < p.row_range(ky).last; ++y)
              p.one_row(n, o, i, ky, kx, y);
}
// endregion

// region pixels-inside
void pixels_inside(const Problem& p) {  // n o i ky kx y x
  for (std::int64_t n = 0; n < p.out.batch; ++n)
    for (std::int64_t o = 0; o < p.out.channels; ++o)
      for (std::int64_t i = 0; i < p.in.channels; ++i)
        for (std::int64_t ky = 0; ky < p.weights.height; ++ky)
          for (std::int64_t kx = 0; kx < p.weights.width; ++kx)
            for (auto y = p.row_range(ky).first; y < p.row_range(ky).last; ++y)
              p.one_row(n, o, i, ky, kx, y);
}
// endregion

// region rows-inside
void rows_inside(const Problem& p) {  // n o y i ky kx x
  for (std::int64_t n = 0; n < p.out.batch; ++n)
    for (std::int64_t o = 0; o < p.out.channels; ++o)
      for (std::int64_t y = 0; y < p.out.height; ++y)
        for (std::int64_t i = 0; i < p.in.channels; ++i)
          for (std::int64_t ky = 0; ky < p.weights.height; ++ky) {
            if (!p.row_range(ky).contains(y)) continue;
            for (std::int64_t kx = 0; kx < p.weights.width; ++kx)
              p.one_row(n, o, i, ky, kx, y);
          }
}
// endregion

// region columns-inside
void columns_inside(const Problem& p) {  // n o i ky kx x y
  const auto [in_step, out_step] =
      std::pair{p.geometry.stride * p.in.width, p.out.width};
  for (std::int64_t n = 0; n < p.out.batch; ++n)
    for (std::int64_t o = 0; o < p.out.channels; ++o)
      for (std::int64_t i = 0; i < p.in.channels; ++i)
        for (std::int64_t ky = 0; ky < p.weights.height; ++ky)
          for (std::int64_t kx = 0; kx < p.weights.width; ++kx)
            for (auto x = p.column_range(kx).first; x < p.column_range(kx).last;
                 ++x) {
              const auto [first, last] = p.row_range(ky);
              if (first >= last) continue;
              const float weight = p.weight(o, i, ky, kx);
              const float* input = p.input_at(n, i, first, ky, x, kx);
              float* output = p.output_at(n, o, first, x);
              for (std::int64_t y = 0; y < last - first; ++y)
                output[y * out_step] += weight * input[y * in_step];
            }
}
// endregion

// region channels-inside
void channels_inside(const Problem& p) {  // n y x i ky kx o
  for (std::int64_t n = 0; n < p.out.batch; ++n)
    for (std::int64_t y = 0; y < p.out.height; ++y)
      for (std::int64_t x = 0; x < p.out.width; ++x)
        for (std::int64_t i = 0; i < p.in.channels; ++i)
          for (std::int64_t ky = 0; ky < p.weights.height; ++ky) {
            if (!p.row_range(ky).contains(y)) continue;
            for (std::int64_t kx = 0; kx < p.weights.width; ++kx) {
              if (!p.column_range(kx).contains(x)) continue;
              const float pixel = *p.input_at(n, i, y, ky, x, kx);
              for (std::int64_t o = 0; o < p.out.channels; ++o)
                *p.output_at(n, o, y, x) += pixel * p.weight(o, i, ky, kx);
            }
          }
}
// endregion

// region loop-order-table
/// Clears the output, which every order but the definition's adds to, and
/// lets `order` fill it.
template <void (*order)(const Problem&)>
void run(const ConvolutionGeometry& geometry, std::span<const float> input,
         std::span<const float> filter, std::span<float> output) {
  std::fill(output.begin(), output.end(), 0.0F);
  order({geometry, input.data(), filter.data(), output.data()});
}

constexpr std::array kLoopOrders{
    LoopOrder{"definition", "n o y x i ky kx", convolution_forward},
    LoopOrder{"channels-inside", "n y x i ky kx o", run<channels_inside>},
    LoopOrder{"columns-inside", "n o i ky kx x y", run<columns_inside>},
    LoopOrder{"images-inside", "i ky kx n o y x", run<images_inside>},
    LoopOrder{"rows-inside", "n o y i ky kx x", run<rows_inside>},
    LoopOrder{"pixels-inside", "n o i ky kx y x", run<pixels_inside>},
};

}  // namespace

std::span<const LoopOrder> loop_orders() {
  return kLoopOrders;
}

}  // namespace cnn
// endregion
