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
  float sum = 0;
  for (int part = 0; part < count; ++part) sum += parts[part * size + element];
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
void launch_tile(ProductPlan::Tile tile, const Product& product,
                 const ProductForm& form, const Finish& finish,
                 const Parts& parts, const Stream& stream) {
  switch (tile) {
    case ProductPlan::Tile::k128x128:
      return launch_128x128(product, form, finish, parts, stream);
    case ProductPlan::Tile::k64x64:
      return launch_64x64(product, form, finish, parts, stream);
    case ProductPlan::Tile::k32x32:
      return launch_32x32(product, form, finish, parts, stream);
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
// endregion

// region plan-product
std::int64_t scratch_floats(int m, int n, const ProductPlan& plan) {
  return plan.parts == 1 ? 0 : std::int64_t{plan.parts} * m * n;
}

ProductPlan plan_product(int m, int n, int k, int multiprocessors) {
  using enum ProductPlan::Tile;
  ProductPlan plan;
  const auto tiles = [&](int side) {
    return std::int64_t{pieces(m, side)} * pieces(n, side);
  };
  int side = 128;
  if (tiles(side) < multiprocessors) {
    plan.tile = k64x64;
    side = 64;
  }
  if (tiles(side) < multiprocessors && (m <= 32 || n <= 32)) {
    plan.tile = k32x32;
    side = 32;
  }
  // Parts that go round, but none that is hardly worth its launch.
  constexpr int kFewestTerms = 64;
  const auto room = static_cast<int>(std::min<std::int64_t>(
      2 * multiprocessors / std::max<std::int64_t>(tiles(side), 1), 64));
  plan.parts = std::max(1, std::min(room, k / kFewestTerms));
  return plan;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
