// region quiet: includes
#include "chapters/03_blocked_gemm/direct_kernels.hpp"

#include "chapters/03_blocked_gemm/direct_first_layer.hpp"
#include "chapters/03_blocked_gemm/direct_vectors.hpp"
#include "chapters/03_blocked_gemm/simd.hpp"

namespace cnn::CNN_ISA {
namespace {
// endregion

// region tile-kernel
/// Addresses of rows that fit in the processor's sixteen ordinary registers,
/// beside what else a loop needs.
constexpr int kAddresses = 8;

/// Everything is known to the compiler but the numbers and the offsets: it
/// unrolls the loops over rows and vectors, and `sum` never leaves registers.
template <int rows, int vectors>
void multiply_tile(const DirectTile& tile) {
  const float* row[rows];
  Vector sum[rows][vectors];
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
    row[i] = tile.a + tile.row[i];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) {
      sum[i][v] = load(tile.start + i * tile.start_step + v * kLanes);
    }
  }

  const float* b = tile.b;
  const std::int64_t b_step = tile.b_step;
  const std::int64_t* const end = tile.column + tile.terms;
  for (const std::int64_t* k = tile.column; k != end; ++k, b += b_step) {
    std::int64_t column = *k;
    Vector right[vectors];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) right[v] = load(b + v * kLanes);
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) {
      // No instructions, but hints. The first hides that `column` stays the
      // same: else all addresses would be computed beforehand, and kept. The
      // second keeps in memory the addresses that there is no register for:
      // else they would wait in vector registers, and come back slowly.
      asm volatile("" : "+r"(column));
      if (i >= kAddresses) asm volatile("" : "+m"(row[i]));
      const Vector left = broadcast(row[i][column]);
#pragma GCC unroll 4
      for (int v = 0; v < vectors; ++v) sum[i][v] += left * right[v];
    }
  }

  const Vector lowest = broadcast(tile.lowest);
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i) {
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) {
      const Vector value = sum[i][v];  // NaN is not below anything, and stays
      store(tile.c + i * tile.c_step + v * kLanes,
            value < lowest ? lowest : value);
    }
  }
}
// endregion

// region winner-kernel
template <int vectors>
void add_winners(const WinnerTile& tile) {
  std::int64_t offset[vectors];
  Vector sum[vectors];
#pragma GCC unroll 18
  for (int v = 0; v < vectors; ++v) {
    offset[v] = tile.a_offset[v];
    sum[v] = load(tile.c + tile.c_offset[v]);
  }
  for (std::int64_t w = 0; w < tile.count; ++w) {
    const Vector gradient = broadcast(tile.winners[w].gradient);
    const float* a = tile.a + tile.winners[w].offset;
#pragma GCC unroll 18
    for (int v = 0; v < vectors; ++v) sum[v] += gradient * load(a + offset[v]);
  }
#pragma GCC unroll 18
  for (int v = 0; v < vectors; ++v) store(tile.c + tile.c_offset[v], sum[v]);
}
// endregion

// region pool-kernel
/// @tparam fixed the size of the windows, or 0: as the row says
template <int lanes, int fixed>
void pool_pixel(const PoolRow& row, const float* from, float* to,
                std::uint8_t* winners) {
  Maximum<lanes> maximum{floats_at<lanes>(from)};
  const std::int64_t pool = fixed == 0 ? row.pool : fixed;
  for (std::int64_t y = 0; y < pool; ++y) {
    for (std::int64_t x = 0; x < pool; ++x) {
      maximum.meet(
          floats_at<lanes>(from + y * row.from_row + x * row.from_step),
          static_cast<std::int32_t>(y * pool + x));
    }
  }
  if (row.relu) maximum.relu();
  store_floats<lanes>(to, maximum.best);
  if (winners != nullptr) store_bytes<lanes>(winners, maximum.winner);
}
// endregion

// region pool-row-kernel
template <int lanes, int fixed>
void pool_pixels(const PoolRow& row) {
  for (std::int64_t x = 0; x < row.width; ++x) {
    for (std::int64_t c = 0; c < row.channels; c += lanes) {
      const std::int64_t at = x * row.channels + c;
      pool_pixel<lanes, fixed>(
          row, row.from + x * row.pool * row.from_step + c, row.to + at,
          row.winners == nullptr ? nullptr : row.winners + at);
    }
  }
}
// endregion

// region unpool-kernel
template <int lanes>
void unpool_pixels(const UnpoolRow& row) {
  using P = Pack<lanes>;
  const typename P::Floats zero{};
  for (std::int64_t x = 0; x < row.width; ++x) {
    float* to = row.to + x * row.pool * row.to_step;
    for (std::int64_t c = 0; c < row.channels; c += lanes) {
      const std::int64_t at = x * row.channels + c;
      const typename P::Floats from =
          *reinterpret_cast<const typename P::AnyFloats*>(row.from + at);
      const auto winner = ints_at<lanes>(row.winners + at);
      for (std::int64_t i = 0; i < row.pool; ++i) {
        const auto here = static_cast<std::int32_t>(row.y * row.pool + i);
        *reinterpret_cast<typename P::AnyFloats*>(to + i * row.to_step + c) =
            winner == here ? from : zero;
      }
    }
  }
}
// endregion

// region add-won-kernel
/// `nobody` is all ones, in a byte.
template <int lanes>
void add_won_pixels(const UnpoolRow& row) {
  using P = Pack<lanes>;
  const typename P::Floats zero{};
  for (std::int64_t c = 0; c < row.channels; c += lanes) {
    auto* to = reinterpret_cast<typename P::AnyFloats*>(row.to + c);
    typename P::Floats sum = *to;
    for (std::int64_t x = 0; x < row.width; ++x) {
      const std::int64_t at = x * row.channels + c;
      const typename P::Floats from =
          *reinterpret_cast<const typename P::AnyFloats*>(row.from + at);
      const auto winner = ints_at<lanes>(row.winners + at);
      sum += winner == 255 ? zero : from;
    }
    *to = sum;
  }
}
// endregion

// region by-channels
/// Calls the variant whose vectors divide a pixel, the longest there is.
template <template <int> class Kernel, class Row>
void by_channels(const Row& row) {
  if (row.channels % kLanes == 0) return Kernel<kLanes>::run(row);
  if constexpr (kLanes > 8) {
    if (row.channels % 8 == 0) return Kernel<8>::run(row);
  }
  if constexpr (kLanes > 4) {
    if (row.channels % 4 == 0) return Kernel<4>::run(row);
  }
  if (row.channels % 2 == 0) return Kernel<2>::run(row);
  Kernel<1>::run(row);
}

template <int lanes>
struct Pool {
  static void run(const PoolRow& row) {
    if (row.pool == 2) return pool_pixels<lanes, 2>(row);
    pool_pixels<lanes, 0>(row);
  }
};
template <int lanes>
struct Unpool {
  static void run(const UnpoolRow& row) { unpool_pixels<lanes>(row); }
};
template <int lanes>
struct AddWon {
  static void run(const UnpoolRow& row) { add_won_pixels<lanes>(row); }
};
// endregion

// region add-rows-kernel
/// In registers: a sum that goes through memory waits for itself there.
template <int vectors>
void add_columns(const float* from, std::int64_t rows, std::int64_t width,
                 float* to) {
  Vector sum[vectors];
  for (int v = 0; v < vectors; ++v) sum[v] = load(to + v * kLanes);
  for (std::int64_t i = 0; i < rows; ++i) {
    for (int v = 0; v < vectors; ++v) {
      sum[v] += load(from + i * width + v * kLanes);
    }
  }
  for (int v = 0; v < vectors; ++v) store(to + v * kLanes, sum[v]);
}

void add_rows(const float* from, std::int64_t rows, std::int64_t width,
              float* to) {
  std::int64_t j = 0;
  for (; j + 4 * kLanes <= width; j += 4 * kLanes) {
    add_columns<4>(from + j, rows, width, to + j);
  }
  for (; j < width; j += kLanes) {
    add_columns<1>(from + j, rows, width, to + j);
  }
}
// endregion

// region table
/// How many rows fit: their sums, the vectors of B, and one number of A. With
/// one vector, no address should need a load that is not used twice.
constexpr int most_rows(int vectors) {
  const int fit = (kRegisters - 1 - vectors) / vectors;
  const int most = vectors == 1 ? kAddresses : kMostRows;
  return fit < most ? fit : most;
}

/// Enters the tiles of `vectors` vectors and up to `rows` rows.
template <int vectors, int rows = most_rows(vectors)>
constexpr void enter_tiles(DirectKernels& table) {
  table.tile[vectors - 1][rows - 1] = multiply_tile<rows, vectors>;
  if constexpr (rows > 1) enter_tiles<vectors, rows - 1>(table);
}

constexpr int kWinnerVectors =
    kRegisters < 32 ? kRegisters - 4 : kMostWinnerVectors;

template <int vectors>
constexpr void enter_winners(DirectKernels& table) {
  table.winner[vectors - 1] = add_winners<vectors>;
  if constexpr (vectors > 1) enter_winners<vectors - 1>(table);
}
// endregion

// region table-itself
constexpr DirectKernels make_table() {
  DirectKernels table;
  table.lanes = kLanes;
  for (int v = 0; v < kMostVectors; ++v) table.most_rows[v] = most_rows(v + 1);
  enter_tiles<1>(table);
  enter_tiles<2>(table);
  enter_tiles<3>(table);
  enter_tiles<4>(table);
  table.most_winner_vectors = kWinnerVectors;
  enter_winners<kWinnerVectors>(table);
  table.pool = by_channels<Pool, PoolRow>;
  table.unpool = by_channels<Unpool, UnpoolRow>;
  table.add_won = by_channels<AddWon, UnpoolRow>;
  table.add_rows = add_rows;
  enter_first_layers(table);
  return table;
}

}  // namespace

const DirectKernels& direct_kernels() {
  static constexpr DirectKernels kKernels = make_table();
  return kKernels;
}

}  // namespace cnn::CNN_ISA
// endregion
