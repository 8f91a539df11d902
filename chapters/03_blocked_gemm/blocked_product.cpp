// region quiet: includes
#include "chapters/03_blocked_gemm/blocked_product.hpp"

#include <algorithm>

#include "chapters/03_blocked_gemm/parallel.hpp"

namespace cnn {
// endregion

// region block-type
namespace {

/// So many of something, from `first` on.
struct Range {
  std::int64_t first;
  std::int64_t count;
};

/// Block number `index` of those that `whole` is cut into.
Range block(Range whole, std::int64_t block_size, std::int64_t index) {
  const std::int64_t before = index * block_size;
  return {whole.first + before, std::min(block_size, whole.count - before)};
}

/// Likewise, of so many, counted from 0.
Range block(std::int64_t size, std::int64_t block_size, std::int64_t index) {
  return block(Range{0, size}, block_size, index);
}
// endregion

// region product-class
/// A piece of a product: some of its rows and columns, or some of its terms.
struct Block {
  Range rows;
  Range columns;
  Range terms;
};

/// A rectangle of C and the one thread that computes it.
class BlockedProduct {
 public:
  /// @param task the rectangle, with all terms
  BlockedProduct(const Block& task, const PanelSource& a, const PanelSource& b,
                 const StridedView<float>& c, const GemmOptions& options,
                 std::span<float> memory);
  void run() const;

 private:
  struct Operand {
    const PanelSource& source;
    std::int64_t width;  ///< of a panel
    std::int64_t step;   ///< a narrower one is padded to a multiple of this
    float* packed;
  };
  void pack(const Operand& operand, Range positions, Range terms) const;
  float* packed(const Operand& operand, Range positions, Range terms,
                std::int64_t position) const;
  void multiply(const Block& packed) const;
  void multiply_tile(const Block& area, Range terms, Range rows,
                     Range columns) const;
  void multiply_at_edge(GemmTile tile, std::int64_t rows,
                        std::int64_t columns) const;

  Block task_;
  const StridedView<float>& c_;
  const GemmOptions& options_;
  const GemmKernels& kernels_;
  Blocking blocking_;
  Operand a_;
  Operand b_;
};
// endregion

// region product-constructor
BlockedProduct::BlockedProduct(const Block& task, const PanelSource& a,
                               const PanelSource& b,
                               const StridedView<float>& c,
                               const GemmOptions& options,
                               std::span<float> memory)
    : task_(task),
      c_(c),
      options_(options),
      kernels_(gemm_kernels(options.isa)),
      blocking_(choose_blocking(
          {task.rows.count, task.columns.count, task.terms.count}, kernels_,
          static_cast<std::int64_t>(memory.size()))),
      a_{a, blocking_.panel_rows, 1,
         memory.data() + blocking_.columns * blocking_.round},
      b_{b, blocking_.panel_columns, kernels_.lanes, memory.data()} {}
// endregion

// region rounds
/// The outer loops: from round to round, pack a block of A and one of B, then
/// multiply them. With no terms at all there is still one empty round, because
/// beta and bias want to be applied.
void BlockedProduct::run() const {
  const Blocking& by = blocking_;
  const std::int64_t rounds =
      std::max<std::int64_t>(1, block_count(task_.terms.count, by.round));
  for (std::int64_t j = 0; j < task_.columns.count; j += by.columns) {
    const Range columns = block(task_.columns, by.columns, j / by.columns);
    for (std::int64_t k = 0; k < rounds; ++k) {
      const Range terms = block(task_.terms, by.round, k);
      pack(b_, columns, terms);
      for (std::int64_t i = 0; i < task_.rows.count; i += by.rows) {
        const Range rows = block(task_.rows, by.rows, i / by.rows);
        pack(a_, rows, terms);
        multiply({rows, columns, terms});
      }
    }
  }
}
// endregion

// region packed-layout
/// Where a panel lies: behind all panels of the blocks of terms before its own,
/// and behind its own block's panels before it.
float* BlockedProduct::packed(const Operand& operand, Range positions,
                              Range terms, std::int64_t position) const {
  return operand.packed +
         terms.first * round_up(positions.count, operand.step) +
         position * terms.count;
}
// endregion

// region pack-block
/// Packs piece by piece, a few terms each; the same terms of all panels come
/// one after another, because they are likely to be neighbours in memory.
void BlockedProduct::pack(const Operand& operand, Range positions,
                          Range terms) const {
  const std::int64_t panels = block_count(positions.count, operand.width);
  const std::int64_t pieces = block_count(terms.count, kTermStep);
  for (std::int64_t item = 0; item < panels * pieces; ++item) {
    const Range panel = block(positions.count, operand.width, item % panels);
    const Range piece = block(terms.count, kTermStep, item / panels);
    const Range around =
        block(terms.count, blocking_.terms, piece.first / blocking_.terms);
    const std::int64_t width = round_up(panel.count, operand.step);
    operand.source.pack({.first_term = terms.first + piece.first,
                         .terms = piece.count,
                         .first = positions.first + panel.first,
                         .count = panel.count},
                        width,
                        packed(operand, positions, around, panel.first) +
                            (piece.first - around.first) * width);
  }
}
// endregion

// region tile-walk
/// The inner loops: block of terms, sweep, panel of A, panel of B. A panel of A
/// stays in the level 1 cache during a sweep along some panels of B, and those
/// in the level 2 cache from sweep to sweep.
void BlockedProduct::multiply(const Block& packed) const {
  const Blocking& by = blocking_;
  const std::int64_t sweep = by.sweep * by.panel_columns;
  std::int64_t k = 0;
  do {
    const Range terms = block(packed.terms.count, by.terms, k);
    for (std::int64_t j = 0; j < packed.columns.count; j += sweep) {
      const std::int64_t end = std::min(j + sweep, packed.columns.count);
      for (std::int64_t i = 0; i < packed.rows.count; i += by.panel_rows) {
        const Range rows =
            block(packed.rows.count, by.panel_rows, i / by.panel_rows);
        for (std::int64_t jj = j; jj < end; jj += by.panel_columns) {
          multiply_tile(packed, terms, rows,
                        block(packed.columns.count, by.panel_columns,
                              jj / by.panel_columns));
        }
      }
    }
  } while (++k * by.terms < packed.terms.count);
}
// endregion

// region multiply-tile
/// One tile; all three ranges are counted from where the packed block begins.
void BlockedProduct::multiply_tile(const Block& area, Range terms, Range rows,
                                   Range columns) const {
  const std::int64_t row = area.rows.first + rows.first;
  const std::int64_t column = area.columns.first + columns.first;
  const std::int64_t term = area.terms.first + terms.first;
  const Epilogue& epilogue = options_.epilogue;
  GemmTile tile{
      .a = packed(a_, area.rows, terms, rows.first),
      .b = packed(b_, area.columns, terms, columns.first),
      .terms = terms.count,
      .c = c_.data() + row * c_.strides()[0] + column * c_.strides()[1],
      .c_row = c_.strides()[0],
      .alpha = options_.alpha,
      .beta = term == 0 ? options_.beta : 1,
      .row_bias = nullptr,
      .column_bias = nullptr,
      .relu = false};
  if (term + terms.count == task_.terms.count) {  // the sums are complete
    if (epilogue.row_bias != nullptr) tile.row_bias = epilogue.row_bias + row;
    if (epilogue.column_bias != nullptr) {
      tile.column_bias = epilogue.column_bias + column;
    }
    tile.relu = epilogue.relu;
  }
  if (columns.count % kernels_.lanes == 0 && c_.strides()[1] == 1) {
    micro_kernel(kernels_, rows.count, columns.count)(tile);
  } else {
    multiply_at_edge(tile, rows.count, columns.count);
  }
}
// endregion

// region edge
/// A micro-kernel writes whole vectors. Where C has not room for them, or its
/// columns lie apart, it works on a copy of the tile.
void BlockedProduct::multiply_at_edge(GemmTile tile, std::int64_t rows,
                                      std::int64_t columns) const {
  constexpr std::int64_t kMostRows = 16;
  constexpr std::int64_t kMostColumns = 32;
  alignas(64) float copy[kMostRows * kMostColumns] = {};
  alignas(64) float bias[kMostColumns] = {};
  if (tile.column_bias != nullptr) {
    std::copy_n(tile.column_bias, columns, bias);
    tile.column_bias = bias;
  }
  const auto for_each = [&](const auto& change) {
    for (std::int64_t i = 0; i < rows; ++i) {
      for (std::int64_t j = 0; j < columns; ++j) {
        change(copy[i * kMostColumns + j],
               tile.c[i * c_.strides()[0] + j * c_.strides()[1]]);
      }
    }
  };
  GemmTile detour = tile;
  detour.c = copy;
  detour.c_row = kMostColumns;
  if (tile.beta != 0) {
    for_each([](float& here, float& there) { here = there; });
  }
  micro_kernel(kernels_, rows, columns)(detour);
  for_each([](float& here, float& there) { there = here; });
}

}  // namespace
// endregion

// region blocked-product
void blocked_product(const ProductSizes& sizes, const PanelSource& a,
                     const PanelSource& b, const StridedView<float>& c,
                     const GemmOptions& options, std::span<float> memory) {
  if (sizes.rows == 0 || sizes.columns == 0) return;
  const TaskSize size =
      choose_tasks(sizes, gemm_kernels(options.isa), options.threads);
  const std::int64_t down = block_count(sizes.rows, size.rows);
  const std::int64_t across = block_count(sizes.columns, size.columns);
  const std::size_t share =
      memory.size() / static_cast<std::size_t>(options.threads);
  // All threads, even if there are fewer tasks: libgomp ends those that a
  // smaller team has no use for, and starts them anew for the next large one.
  parallel_for(
      options.threads, down * across, [&](std::int64_t number, int thread) {
        const Block task{
            .rows = block(sizes.rows, size.rows, number % down),
            .columns = block(sizes.columns, size.columns, number / down),
            .terms = {0, sizes.terms}};
        const auto own =
            memory.subspan(static_cast<std::size_t>(thread) * share, share);
        BlockedProduct(task, a, b, c, options, own).run();
      });
}

}  // namespace cnn
// endregion
