// region quiet: includes
#pragma once

#include "chapters/06_tiled_cuda_adam/tuned_kernel.cuh"
#include "common/cuda/launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region parts
/// The terms, cut into `count` parts of `terms` each, the last of which may be
/// shorter. Tiles are never cut: their terms divide kUnit.
struct Parts {
  static constexpr int kUnit = 16;
  int count = 1;
  int terms = 0;
};
// endregion

// region launch-shape
/// Launches tuned_product for factors that lie in this way.
template <class Shape, Lies kA, Lies kB>
void launch_shape(const Product& product, const Finish& finish,
                  const Parts& parts, const Stream& stream) {
  static_assert(Parts::kUnit % Shape::kTerms == 0);
  using PanelA = Panel<Shape::kRows, Shape::kTerms, Shape::kThreads, kA>;
  using PanelB = Panel<Shape::kColumns, Shape::kTerms, Shape::kThreads, kB>;
  const dim3 tiles = tiles_of(product, Shape::kRows, Shape::kColumns);
  LaunchShape shape;
  shape.grid = dim3(tiles.x * tiles.y, 1, static_cast<unsigned>(parts.count));
  shape.block = dim3(Shape::kThreads);
  shape.shared_bytes = std::size_t{Shape::kStages} *
                       (PanelA::kPitch + PanelB::kPitch) * Shape::kTerms *
                       sizeof(float);
  launch(tuned_product<Shape, kA, kB>, shape, stream, product, finish,
         parts.terms);
}
// endregion

// region launch-form
/// Picks the kernel for how the factors lie.
template <class Shape>
void launch_form(const Product& product, const ProductForm& form,
                 const Finish& finish, const Parts& parts,
                 const Stream& stream) {
  const bool fours_a = in_fours(product.a, product.lda) && product.m % 4 == 0;
  const bool fours_b = in_fours(product.b, product.ldb) && product.n % 4 == 0;
  const bool fours =
      (fours_a || !form.transpose_a) && (fours_b || form.transpose_b);
  const auto run = [&](auto kernel) { kernel(product, finish, parts, stream); };
  using enum Lies;
  if (!form.transpose_a && form.transpose_b) {
    return run(launch_shape<Shape, kByLine, kByLine>);
  }
  if (!form.transpose_a) {
    return run(fours ? launch_shape<Shape, kByLine, kByTermInFours>
                     : launch_shape<Shape, kByLine, kByTerm>);
  }
  if (!form.transpose_b) {
    return run(fours ? launch_shape<Shape, kByTermInFours, kByTermInFours>
                     : launch_shape<Shape, kByTerm, kByTerm>);
  }
  return run(fours ? launch_shape<Shape, kByTermInFours, kByLine>
                   : launch_shape<Shape, kByTerm, kByLine>);
}
// endregion

// region launch-tiles
/// launch_form() for the shape that suits products of this size, each in a file
/// of its own: these kernels take their time to compile.
void launch_large(const Product& product, const ProductForm& form,
                  const Finish& finish, const Parts& parts,
                  const Stream& stream);
/// Likewise with tiles of 64 x 64.
void launch_medium(const Product& product, const ProductForm& form,
                   const Finish& finish, const Parts& parts,
                   const Stream& stream);
/// Likewise with tiles of 32 x 32.
void launch_small(const Product& product, const ProductForm& form,
                  const Finish& finish, const Parts& parts,
                  const Stream& stream);

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
