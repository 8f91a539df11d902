// region quiet: includes
#include "chapters/06_tiled_cuda_adam/window_loader.cuh"
#include "chapters/06_tiled_cuda_adam/window_product.hpp"
#include "common/cuda/launch.cuh"
#include "common/cuda/shared.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region pack-filters
namespace {

constexpr int kPackThreads = 128;
constexpr int kTermsAtOnce = 72;  // what all steps' lengths divide

/// packed[term][row]: a transposition; what is padding becomes 0.
__global__ void __launch_bounds__(kPackThreads)
    pack_filters(WindowProduct p, bool reverse_taps,
                 float* __restrict__ packed) {
  const int row = static_cast<int>(blockIdx.y * kPackThreads + threadIdx.x);
  const int term = static_cast<int>(blockIdx.x);
  if (row >= p.packed_rows) return;
  const int channel = p.by_taps.quotient(term);
  const int tap = p.by_taps.remainder(term, channel);
  const int taps = p.kernel_height * p.kernel_width;
  const int from = reverse_taps ? taps - 1 - tap : tap;
  const bool there = row < p.rows && channel < p.channels;
  packed[term * p.packed_rows + row] =
      there ? p.filter[row * p.row_step + channel * p.channel_step + from]
            : 0.0F;
}

int terms_of(const WindowProduct& p) {
  return p.channels * p.kernel_height * p.kernel_width;
}
// endregion

// region write-pixels

/// Bias and ReLU while the sums are still in registers: they cost no traffic.
template <class Tile>
__device__ __forceinline__ void write_pixels(const WindowProduct& p,
                                             const Sums<Tile>& sums,
                                             float* shared, int first_row,
                                             int first_pixel) {
  constexpr int kEach = Tile::kColumnsOfWarp / 32;
  int offset[kEach];
#pragma unroll
  for (int each = 0; each < kEach; ++each) {
    const int pixel = first_pixel + column_of<Tile>(each);
    const int image = p.by_plane.quotient(pixel);
    offset[each] = pixel < p.pixels ? image * p.rows * p.plane +
                                          p.by_plane.remainder(pixel, image)
                                    : -1;
  }
  write_tile<Tile>(sums, shared, [&](int row, int each, float sum) {
    const int channel = first_row + row;
    if (channel >= p.rows || offset[each] < 0) return;
    if (p.bias != nullptr) sum += p.bias[channel];
    if (p.relu && sum < 0) sum = 0;  // NaN stays NaN
    p.result[offset[each] + channel * p.plane] = sum;
  });
}
// endregion

// region window-kernels
/// Rows of the result are filters, columns are pixels of the whole batch: the
/// matrix of chapter 2's im2col, whose columns exist a step at a time.
template <class Tile, int kStages, int kBlocks, class Loader>
__global__ void __launch_bounds__(Tile::kThreads, kBlocks)
    multiply_windows(WindowProduct p) {
  float* const shared = dynamic_shared<float>();
  const int first_pixel = static_cast<int>(blockIdx.x) * Tile::kColumns;
  const int first_row = static_cast<int>(blockIdx.y) * Tile::kRows;
  Loader loader(p, first_row, first_pixel);
  Sums<Tile> sums;
  const int terms = p.channels * p.kernel_height * p.kernel_width;
  multiply_tiles<Tile, kStages>(loader, pieces(terms, Loader::kDepth), shared,
                                sums);
  write_pixels<Tile>(p, sums, shared, first_row, first_pixel);
}
// endregion

// region launch-windows
template <class Tile, int kStages, int kBlocks, class Loader>
void launch_windows(WindowProduct product, bool reverse_taps, float* workspace,
                    const Stream& stream) {
  product.packed_rows = padded(product.rows, Tile::kRows);
  launch(
      pack_filters,
      {dim3(static_cast<unsigned>(padded(terms_of(product), kTermsAtOnce)),
            static_cast<unsigned>(pieces(product.packed_rows, kPackThreads))),
       dim3(kPackThreads)},
      stream, product, reverse_taps, workspace);
  product.filter = workspace;
  static_assert(kTermsAtOnce % Loader::kDepth == 0);
  LaunchShape shape;
  shape.grid =
      dim3(static_cast<unsigned>(pieces(product.pixels, Tile::kColumns)),
           static_cast<unsigned>(pieces(product.rows, Tile::kRows)));
  shape.block = dim3(Tile::kThreads);
  shape.shared_bytes =
      kStages * Stage<Tile, Loader::kDepth>::kSize * sizeof(float);
  launch(multiply_windows<Tile, kStages, kBlocks, Loader>, shape, stream,
         product);
}
// endregion

// region window-instances
/// For one tile: its shape, and how many steps are in shared memory and blocks
/// on a multiprocessor at a time.
template <class TileShape, int kOfChannels, int kOfStages, int kOfBlocks>
struct SquareInstance {
  using Tile = TileShape;
  static void run(const WindowProduct& product, bool backward, float* workspace,
                  const Stream& stream) {
    if (backward) {
      launch_windows<Tile, kOfStages, kOfBlocks,
                     SquareWindowLoader<Tile, 3, kOfChannels, true>>(
          product, true, workspace, stream);
    } else {
      launch_windows<Tile, kOfStages, kOfBlocks,
                     SquareWindowLoader<Tile, 3, kOfChannels, false>>(
          product, false, workspace, stream);
    }
  }
};

struct AnyInstance {
  using Tile = BlockTile<8, 8, 4, 2, 2>;
  static void run(const WindowProduct& product, bool backward, float* workspace,
                  const Stream& stream) {
    if (backward) {
      launch_windows<Tile, 2, 3, AnyWindowLoader<Tile, true>>(
          product, false, workspace, stream);
    } else {
      launch_windows<Tile, 2, 3, AnyWindowLoader<Tile, false>>(
          product, false, workspace, stream);
    }
  }
};
// endregion

// region window-dispatch
/// Calls `use` with the instance for this tile.
template <class Use>
auto with_instance(WindowTile tile, const Use& use) {
  switch (tile) {
    case WindowTile::kAny:
      break;
    case WindowTile::k128x128:
      return use(SquareInstance<BlockTile<16, 8, 4, 2, 2>, 2, 3, 2>{});
    case WindowTile::k64x256:
      return use(SquareInstance<BlockTile<16, 8, 4, 1, 4>, 2, 3, 2>{});
    case WindowTile::k64x128:
      return use(SquareInstance<BlockTile<16, 8, 4, 1, 2>, 2, 3, 4>{});
    case WindowTile::k64x64:
      return use(SquareInstance<BlockTile<8, 4, 4, 2, 2>, 2, 3, 4>{});
    case WindowTile::k48x256:
      return use(SquareInstance<BlockTile<12, 8, 4, 1, 4>, 2, 2, 3>{});
    case WindowTile::k32x128:
      return use(SquareInstance<BlockTile<8, 8, 4, 1, 2>, 2, 3, 6>{});
    case WindowTile::k32x96:
      return use(SquareInstance<BlockTile<8, 4, 4, 1, 3>, 2, 3, 4>{});
  }
  return use(AnyInstance{});
}

}  // namespace

std::int64_t window_workspace(const WindowProduct& product, WindowTile tile) {
  return with_instance(tile, [&]<class Instance>(Instance) {
    return std::int64_t{padded(product.rows, Instance::Tile::kRows)} *
           padded(terms_of(product), kTermsAtOnce);
  });
}

void multiply_windows(const WindowProduct& product, bool backward,
                      WindowTile tile, float* workspace, const Stream& stream) {
  with_instance(tile, [&]<class Instance>(Instance) {
    Instance::run(product, backward, workspace, stream);
  });
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
