// region quiet: includes
#pragma once

#include "chapters/04_cpu_cnn/backend.hpp"
#include "chapters/05_naive_cuda/device.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"
#include "chapters/06_tiled_cuda_adam/product_plan.hpp"

namespace cnn {
// endregion

// region exhibit-launches
/// A product of m x k with k x n numbers.
struct ProductSizes {
  int m = 0;
  int n = 0;
  int k = 0;
};

/// What the microscope launches and no backend offers by itself, in one of the
/// worlds: each on numbers of its own, and waited for. Plans are given, since
/// those that a backend chooses depend on the GPU.
struct ExhibitLaunches {
  /// The product's step with this number.
  void (*step)(int number, const ProductSizes& sizes);
  /// Step 2 with tiles of 4 x 4, its matrices named for a picture.
  void (*tiny_tiles)(const ProductSizes& sizes);
  /// multiply_tuned().
  void (*product)(const ProductSizes& sizes, bool transpose_a, bool transpose_b,
                  const ProductPlan& plan);
  /// One of a convolution's three passes, with what is fused with it.
  void (*convolution)(const ConvolutionBlock& block, ConvolutionPass pass,
                      const ConvolutionPlan& plan);
  /// The sums of an activation's channels.
  void (*channel_sums)(const Shape& shape);
};
// endregion

// region exhibit-launches-where
/// Those of a device. Throws SkipError with why_not() where kernels cannot run.
ExhibitLaunches exhibit_launches(Device device);
/// The same lines of exhibit_kernels.cpp, compiled for a GPU and for the
/// emulator; only exhibit_launches() calls them.
ExhibitLaunches exhibit_launches_on_gpu();
/// See above.
ExhibitLaunches exhibit_launches_emulated();

}  // namespace cnn
// endregion
