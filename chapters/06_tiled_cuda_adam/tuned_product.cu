// region quiet: includes
#include "chapters/06_tiled_cuda_adam/tuned_product.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include "chapters/06_tiled_cuda_adam/tuned_launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region sum-parts
namespace {

constexpr int kSumThreads = 256;

/// c = the parts' sums, added in their order, and what else becomes of them.
__global__ void sum_parts(Product p, Finish finish, const float* parts,
                          int count) {
  const std::int64_t size = std::int64_t{p.m} * p.n;
  const std::int64_t element =
      std::int64_t{blockIdx.x} * kSumThreads + threadIdx.x;
  if (element >= size) return;
  constexpr int kAtOnce = 16;  // so many reads are on their way together
  float sum = 0;
  for (int first = 0; first < count; first += kAtOnce) {
    float some[kAtOnce];
    for (int i = 0; i < kAtOnce; ++i) {
      const bool there = first + i < count;
      some[i] = there ? parts[(first + i) * size + element] : 0.0F;
    }
    for (const float one : some) sum += one;
  }
  const int row = static_cast<int>(element) / p.n;
  const int column = static_cast<int>(element) % p.n;
  if (finish.bias != nullptr) sum += finish.bias[column];
  p.c[row * p.ldc + column] = finish.relu && sum < 0 ? 0.0F : sum;
}

void launch_sum_parts(const Product& product, const Finish& finish,
                      const float* parts, int count, const Stream& stream) {
  const int blocks = pieces(product.m * product.n, kSumThreads);
  launch(sum_parts, {dim3(static_cast<unsigned>(blocks)), dim3(kSumThreads)},
         stream, product, finish, parts, count);
}
// endregion

// region launch-tile
void launch_tile(ProductPlan::Tile tile, Product product,
                 const ProductForm& form, const Finish& finish,
                 const Parts& parts, const Stream& stream) {
  // Factors without terms may be null. They are not read, but a panel moves on
  // before it knows, and null must not be moved.
  if (product.k == 0) product.a = product.b = product.c;
  switch (tile) {
    case ProductPlan::Tile::kLarge:
      return launch_large(product, form, finish, parts, stream);
    case ProductPlan::Tile::kMedium:
      return launch_medium(product, form, finish, parts, stream);
    case ProductPlan::Tile::kSmall:
      return launch_small(product, form, finish, parts, stream);
  }
}

Parts cut(int k, int wanted) {
  const int units = pieces(k, Parts::kUnit);
  if (units == 0) return {};
  const int terms = pieces(units, std::min(wanted, units)) * Parts::kUnit;
  return {pieces(k, terms), terms};
}

}  // namespace
// endregion

// region multiply-tuned
void multiply_tuned(const Product& product, const ProductForm& form,
                    const ProductPlan& plan, float* scratch,
                    const Stream& stream) {
  require_product("multiply_tuned", product, form);
  if (plan.parts < 1 || (plan.parts > 1 && scratch == nullptr)) {
    throw std::invalid_argument(
        "multiply_tuned: the parts have to be one at least, and more of them "
        "need scratch memory");
  }
  if (product.m == 0 || product.n == 0) return;
  const Finish finish = {form.bias, form.relu,
                         in_fours(product.c, product.ldc)};
  const Parts parts = cut(product.k, plan.parts);
  if (parts.count == 1) {
    return launch_tile(plan.tile, product, form, finish, parts, stream);
  }
  Product partial = product;
  partial.c = scratch;
  partial.ldc = product.n;
  launch_tile(plan.tile, partial, form,
              {nullptr, false, in_fours(scratch, product.n)}, parts, stream);
  launch_sum_parts(product, finish, scratch, parts.count, stream);
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
