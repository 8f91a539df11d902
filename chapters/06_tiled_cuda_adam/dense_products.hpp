// region quiet: includes
#pragma once

#include <array>

#include "chapters/06_tiled_cuda_adam/product.hpp"

namespace cnn {
// endregion

// region dense-products
/// What the reports' dense layers need, forward and backward, and a filter
/// gradient: few elements, many terms.
struct DenseProduct {
  Product sizes;
  ProductForm form;
};
inline constexpr std::array kDenseProducts{
    // Report 001 at batch 64: 1600 to 128 to 10.
    DenseProduct{{64, 128, 1600}, {false, true}},
    DenseProduct{{64, 1600, 128}, {false, false}},
    DenseProduct{{128, 1600, 64}, {true, false}},
    DenseProduct{{64, 10, 128}, {false, true}},
    // Report 002 at batch 512: 2940 to 25 to 50 to 10.
    DenseProduct{{512, 25, 2940}, {false, true}},
    DenseProduct{{512, 2940, 25}, {false, false}},
    DenseProduct{{25, 2940, 512}, {true, false}},
    DenseProduct{{512, 50, 25}, {false, true}},
    DenseProduct{{64, 288, 123904}, {true, false}},
    // Sizes that are no multiple of anything.
    DenseProduct{{1000, 1000, 1000}, {false, false}},
    DenseProduct{{2047, 2049, 2051}, {false, false}},
    // Large ones in all other forms.
    DenseProduct{{4096, 4096, 4096}, {false, true}},
    DenseProduct{{4096, 4096, 4096}, {true, false}},
    DenseProduct{{4096, 4096, 4096}, {true, true}}};

}  // namespace cnn
// endregion
