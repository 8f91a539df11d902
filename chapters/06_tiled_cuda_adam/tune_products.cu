// region quiet: includes
#include "chapters/06_tiled_cuda_adam/tune_products.hpp"
#include "chapters/06_tiled_cuda_adam/tuned_launch.cuh"

namespace cnn {
inline namespace CNN_GPU {
namespace {
// endregion

// region tuned-candidates
/// The kernel in one shape, for matrices that can be accessed in fours.
template <class Shape, Lies kA, Lies kB>
void run_shape(const Product& product, const Stream& stream) {
  const Finish finish{nullptr, false, in_fours(product.c, product.ldc)};
  const Parts parts{1, pieces(product.k, Parts::kUnit) * Parts::kUnit};
  launch_shape<Shape, kA, kB>(product, finish, parts, stream);
}

constexpr auto kLine = Lies::kByLine;
constexpr auto kFours = Lies::kByTermInFours;

// clang-format off
#define NN(...) {"NN " #__VA_ARGS__, {}, \
                 run_shape<TileShape<__VA_ARGS__>, kLine, kFours>}
#define NT(...) {"NT " #__VA_ARGS__, {false, true}, \
                 run_shape<TileShape<__VA_ARGS__>, kLine, kLine>}
#define TN(...) {"TN " #__VA_ARGS__, {true, false}, \
                 run_shape<TileShape<__VA_ARGS__>, kFours, kFours>}
// clang-format on

/// Tile of c, terms; tile of a warp, rows of lanes; stages, blocks at once.
constexpr Candidate kCandidates[] = {
    NN(64, 128, 8, 64, 64, 8, 4, 4),  NN(64, 128, 8, 64, 64, 8, 3, 4),
    NN(64, 128, 8, 64, 64, 8, 6, 4),  NN(64, 128, 8, 64, 64, 4, 4, 4),
    NN(128, 64, 8, 64, 64, 8, 4, 4),  NN(128, 64, 8, 64, 64, 4, 4, 4),
    NN(64, 64, 8, 64, 64, 8, 4, 8),   NN(128, 128, 8, 64, 64, 8, 4, 2),
    NN(128, 128, 8, 64, 64, 4, 4, 2), NN(64, 256, 8, 64, 64, 8, 4, 2),
    NN(128, 256, 8, 64, 64, 8, 4, 1), NN(128, 128, 16, 64, 64, 8, 3, 2),
    NN(128, 128, 8, 64, 32, 8, 4, 2), NN(64, 64, 8, 64, 32, 8, 4, 6),
    NN(64, 64, 16, 64, 32, 8, 3, 6),  NN(64, 64, 16, 64, 32, 8, 3, 5),
    NN(64, 64, 8, 32, 32, 4, 4, 4),   NT(64, 128, 8, 64, 64, 8, 4, 4),
    NT(128, 128, 8, 64, 64, 8, 4, 2), NT(128, 128, 8, 64, 64, 4, 4, 2),
    NT(256, 128, 8, 64, 64, 8, 4, 1), NT(64, 64, 16, 64, 32, 8, 3, 6),
    NT(64, 64, 8, 64, 32, 8, 4, 6),   TN(64, 128, 8, 64, 64, 8, 4, 4),
    TN(64, 64, 8, 64, 64, 8, 4, 8),   TN(128, 128, 8, 64, 64, 8, 4, 2),
    TN(128, 128, 16, 64, 64, 8, 3, 2)};

}  // namespace

std::span<const Candidate> tuned_candidates() {
  return kCandidates;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
