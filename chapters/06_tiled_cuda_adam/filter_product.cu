// region quiet: includes
#include "chapters/06_tiled_cuda_adam/filter_product.hpp"

#include "chapters/06_tiled_cuda_adam/window_loader.cuh"
#include "common/cuda/launch.cuh"
#include "common/cuda/shared.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region make-filter-product
FilterProduct filter_product(const ConvolutionGeometry& geometry,
                             const float* input, const float* output_gradient,
                             int splits) {
  const auto narrow = [](std::int64_t size) { return static_cast<int>(size); };
  FilterProduct p{};
  p.input = input;
  p.output_gradient = output_gradient;
  p.rows = narrow(geometry.output_channels);
  p.columns = narrow(geometry.terms());
  p.plane = narrow(geometry.output_height() * geometry.output_width());
  p.pixels = narrow(geometry.batch) * p.plane;
  p.share = pieces(pieces(p.pixels, splits), 8) * 8;
  p.splits = pieces(p.pixels, p.share);
  p.channels = narrow(geometry.input_channels);
  p.input_plane = narrow(geometry.input_height * geometry.input_width);
  p.input_height = narrow(geometry.input_height);
  p.input_width = narrow(geometry.input_width);
  p.stride = narrow(geometry.stride);
  p.padding = narrow(geometry.padding);
  p.by_plane = FastDivisor(p.plane);
  p.by_width = FastDivisor(narrow(geometry.output_width()));
  p.by_taps =
      FastDivisor(narrow(geometry.kernel_height * geometry.kernel_width));
  p.by_kernel_width = FastDivisor(narrow(geometry.kernel_width));
  return p;
}
// endregion

// region filter-loader
namespace {

/// A step is eight pixels. Both operands lie pixel by pixel in memory, and the
/// product wants them row by row (column by column): eight lanes copy eight
/// neighbouring pixels of one row, four such groups four rows, and the stage's
/// padding keeps the 32 of them in 32 banks.
///
/// kSquare: the kernel is kSquare x kSquare, and a bit for each tap says
/// whether a pixel's tap lies inside of the input; 0: any kernel, compared.
template <class Tile, int kSquare>
class FilterLoader {
 public:
  static constexpr int kDepth = 8;

 private:
  static constexpr int kGroups = Tile::kThreads / kDepth;
  static constexpr int kRowCopies = (Tile::kRows + kGroups - 1) / kGroups;
  static constexpr int kColumnCopies = (Tile::kColumns + kGroups - 1) / kGroups;
  using S = Stage<Tile, kDepth>;

  const FilterProduct& p_;
  int first_row_;
  int end_pixel_;
  int lane_ = static_cast<int>(threadIdx.x) % kDepth;
  int group_ = static_cast<int>(threadIdx.x) / kDepth;
  int pixel_;                  // that this thread copies next
  int weight_[kColumnCopies];  // offset from the window's first pixel
  // kSquare: the tap's bit; else its row and column. No window has it: 0, -1.
  int tap_[kColumnCopies];
  // endregion

  // region filter-loader-begin
 public:
  __device__ FilterLoader(const FilterProduct& product, int first_row,
                          int first_column, int split)
      : p_(product),
        first_row_(first_row),
        end_pixel_(min((split + 1) * product.share, product.pixels)),
        pixel_(split * product.share + lane_) {
#pragma unroll
    for (int i = 0; i < kColumnCopies; ++i) {
      const int column = first_column + group_ + i * kGroups;
      const int channel = p_.by_taps.quotient(column);
      const int tap = p_.by_taps.remainder(column, channel);
      const int y = p_.by_kernel_width.quotient(tap);
      const int x = p_.by_kernel_width.remainder(tap, y);
      const bool inside = column < p_.columns;
      weight_[i] = channel * p_.input_plane + y * p_.input_width + x;
      tap_[i] =
          kSquare > 0 ? (inside ? 1 << tap : 0) : (inside ? y << 16 | x : -1);
    }
  }

  __device__ int steps() const {
    return pieces(end_pixel_ - (pixel_ - lane_), kDepth);
  }
  // endregion

  // region filter-loader-load
  __device__ __forceinline__ void load(float* stage, int /*step*/) {
    const int image = p_.by_plane.quotient(pixel_);
    const int in_image = p_.by_plane.remainder(pixel_, image);
    const int y = p_.by_width.quotient(in_image);
    const int x = p_.by_width.remainder(in_image, y);
    const bool inside = pixel_ < end_pixel_;
    pixel_ += kDepth;
    load_rows(stage + lane_ * S::kRowStep, image, in_image, inside);
    load_columns(stage + S::kColumnsBegin + lane_ * S::kColumnStep, image,
                 y * p_.stride - p_.padding, x * p_.stride - p_.padding,
                 inside);
  }

 private:
  __device__ __forceinline__ void load_rows(float* to, int image, int in_image,
                                            bool inside) {
    const int first = first_row_ + group_;
    const float* from =
        p_.output_gradient + (image * p_.rows + first) * p_.plane + in_image;
#pragma unroll
    for (int i = 0; i < kRowCopies; ++i) {
      const int row = i * kGroups;
      if (Tile::kRows % kGroups != 0 && group_ + row >= Tile::kRows) break;
      copy_or_zero(to + group_ + row, from + row * p_.plane,
                   inside && first + row < p_.rows);
    }
  }
  // endregion

  // region filter-loader-columns
  __device__ __forceinline__ void load_columns(float* to, int image, int top,
                                               int left, bool inside) {
    const int window =
        image * p_.channels * p_.input_plane + top * p_.input_width + left;
    const int taps = kSquare > 0 && inside ? taps_inside(top, left) : 0;
#pragma unroll
    for (int i = 0; i < kColumnCopies; ++i) {
      const int column = group_ + i * kGroups;
      if (Tile::kColumns % kGroups != 0 && column >= Tile::kColumns) break;
      const bool there = kSquare > 0 ? (taps & tap_[i]) != 0
                                     : inside && has_tap(top, left, tap_[i]);
      copy_or_zero(to + column, p_.input + (window + weight_[i]), there);
    }
  }

  __device__ bool has_tap(int top, int left, int tap) const {
    const int y = top + (tap >> 16);
    const int x = left + (tap & 0xffff);
    return tap >= 0 && y >= 0 && y < p_.input_height && x >= 0 &&
           x < p_.input_width;
  }

  /// Which columns of the kernel meet the input, repeated for each of its rows
  /// that does.
  __device__ __forceinline__ int taps_inside(int top, int left) const {
    int columns = 0;
    int taps = 0;
#pragma unroll
    for (int k = 0; k < kSquare; ++k) {
      if (left + k >= 0 && left + k < p_.input_width) columns |= 1 << k;
    }
#pragma unroll
    for (int k = 0; k < kSquare; ++k) {
      const bool row = top + k >= 0 && top + k < p_.input_height;
      taps |= row ? columns << k * kSquare : 0;
    }
    return taps;
  }
};
// endregion

// region filter-kernel
template <class Tile, int kStages, int kBlocks, int kSquare>
__global__ void __launch_bounds__(Tile::kThreads, kBlocks)
    multiply_filters(FilterProduct p) {
  float* const shared = dynamic_shared<float>();
  const int tiles = pieces(p.columns, Tile::kColumns);
  const int tile = static_cast<int>(blockIdx.x);
  const int split = static_cast<int>(blockIdx.y);
  const int first_row = tile / tiles * Tile::kRows;
  const int first_column = tile % tiles * Tile::kColumns;
  FilterLoader<Tile, kSquare> loader(p, first_row, first_column, split);
  Sums<Tile> sums;
  multiply_tiles<Tile, kStages>(loader, loader.steps(), shared, sums);

  float* const result = p.result + split * p.rows * p.columns;
  write_tile<Tile>(sums, shared, [&](int row, int each, float sum) {
    const int column = first_column + column_of<Tile>(each);
    if (first_row + row >= p.rows || column >= p.columns) return;
    result[(first_row + row) * p.columns + column] = sum;
  });
}
// endregion

// region launch-filters
template <class Tile, int kStages, int kBlocks, int kSquare>
void launch_filters(const FilterProduct& product, const Stream& stream) {
  LaunchShape shape;
  shape.grid =
      dim3(static_cast<unsigned>(pieces(product.rows, Tile::kRows) *
                                 pieces(product.columns, Tile::kColumns)),
           static_cast<unsigned>(product.splits));
  shape.block = dim3(Tile::kThreads);
  shape.shared_bytes = kStages * Stage<Tile, 8>::kSize * sizeof(float);
  launch(multiply_filters<Tile, kStages, kBlocks, kSquare>, shape, stream,
         product);
}

}  // namespace

void multiply_filters(const FilterProduct& product, FilterTile tile,
                      const Stream& stream) {
  switch (tile) {
    case FilterTile::kAny:
      return launch_filters<BlockTile<8, 8, 4, 2, 2>, 3, 3, 0>(product, stream);
    case FilterTile::k64x96:
      return launch_filters<BlockTile<8, 12, 4, 2, 1>, 3, 4, 3>(product,
                                                                stream);
    case FilterTile::k128x96:
      return launch_filters<BlockTile<8, 12, 4, 4, 1>, 3, 2, 3>(product,
                                                                stream);
    case FilterTile::k64x128:
      return launch_filters<BlockTile<16, 8, 4, 1, 2>, 3, 4, 3>(product,
                                                                stream);
    case FilterTile::k128x128:
      return launch_filters<BlockTile<16, 8, 4, 2, 2>, 3, 2, 3>(product,
                                                                stream);
  }
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
