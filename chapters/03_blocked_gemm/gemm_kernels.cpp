// region quiet: includes
#include "chapters/03_blocked_gemm/gemm_kernels.hpp"

#include <utility>

#include "chapters/03_blocked_gemm/simd.hpp"

// endregion

// region tile-size
namespace cnn::CNN_ISA {
namespace {

/// Two vectors wide, and as high as the registers allow: besides the tile's
/// sums there must be room for the two vectors of B and a number of A.
constexpr int kTileVectors = 2;
constexpr int kTileRows = kLanes == 16 ? 14 : kLanes == 8 ? 6 : 4;
// endregion

// region write-back
/// c = relu(alpha * sum + beta * c + bias), all of it still in registers.
template <int Rows, int Vectors>
void write_back(const GemmTile& tile, Vector (&sum)[Rows][Vectors]) {
  const auto for_each = [&](const auto& change) {
    for (int row = 0; row < Rows; ++row) {
      for (int v = 0; v < Vectors; ++v) {
        change(sum[row][v], row, v * kLanes);
      }
    }
  };
  const auto place = [&](int row, int column) {
    return tile.c + row * tile.c_row + column;
  };
  if (tile.alpha != 1) {
    for_each([&](Vector& value, int, int) { value *= tile.alpha; });
  }
  if (tile.beta != 0) {
    for_each([&](Vector& value, int row, int column) {
      value += tile.beta * load(place(row, column));
    });
  }
  if (tile.row_bias != nullptr) {
    for_each([&](Vector& value, int row, int) {
      value += broadcast(tile.row_bias[row]);
    });
  }
  if (tile.column_bias != nullptr) {
    for_each([&](Vector& value, int, int column) {
      value += load(tile.column_bias + column);
    });
  }
  if (tile.relu) {  // written so that NaN stays NaN
    for_each(
        [](Vector& value, int, int) { value = value < 0 ? Vector{} : value; });
  }
  for_each([&](const Vector& value, int row, int column) {
    store(place(row, column), value);
  });
}
// endregion

// region micro-kernel
/// B comes from the level 2 cache, so it is asked for some terms ahead.
constexpr int kTermsAhead = 16;

/// Each term adds a column of A times a row of B to the whole tile: Rows
/// numbers and Vectors vectors are loaded for Rows * Vectors multiply-adds.
template <int Rows, int Vectors>
void multiply_tile(const GemmTile& tile) {
  Vector sum[Rows][Vectors] = {};
  const float* a = tile.a;
  const float* b = tile.b;
  for (std::int64_t term = 0; term < tile.terms; ++term) {
    Vector right[Vectors];
    for (int v = 0; v < Vectors; ++v) {
      right[v] = load(b + v * kLanes);
      __builtin_prefetch(b + (kTermsAhead * Vectors + v) * kLanes);
    }
    for (int row = 0; row < Rows; ++row) {
      const Vector left = broadcast(a[row]);
      for (int v = 0; v < Vectors; ++v) sum[row][v] += left * right[v];
    }
    a += Rows;
    b += Vectors * kLanes;
  }
  write_back<Rows, Vectors>(tile, sum);
}
// endregion

// region kernel-table
/// The kernels of all sizes up to the largest, written out by the compiler.
template <int... Index>
constexpr auto make_table(std::integer_sequence<int, Index...>) {
  struct Table {
    MicroKernel entry[sizeof...(Index)];
  };
  return Table{
      {multiply_tile<Index / kTileVectors + 1, Index % kTileVectors + 1>...}};
}

constexpr auto kMicroKernels =
    make_table(std::make_integer_sequence<int, kTileRows * kTileVectors>());
// endregion

// region pack-anything
/// The term's numbers one by one, from wherever they lie: always right.
void pack_term(const MatrixPiece& piece, std::int64_t term, std::int64_t width,
               float* to) {
  const float* from = piece.from + term * piece.term_step;
  to += term * width;
  for (std::int64_t i = 0; i < piece.count; ++i) to[i] = from[i * piece.step];
  for (std::int64_t i = piece.count; i < width; ++i) to[i] = 0;
}
// endregion

// region pack-dense
/// For numbers that lie side by side. Count is a template's parameter so that
/// the copy becomes a few vector moves instead of a call of memcpy.
template <int Count>
void pack_dense(const MatrixPiece& piece, std::int64_t width, float* to) {
  const float* from = piece.from;
  for (std::int64_t term = 0; term < piece.terms; ++term) {
    __builtin_memcpy(to, from, Count * sizeof(float));
    for (std::int64_t i = Count; i < width; ++i) to[i] = 0;
    from += piece.term_step;
    to += width;
  }
}

template <int... Index>
constexpr auto make_packers(std::integer_sequence<int, Index...>) {
  struct Table {
    Packer entry[sizeof...(Index)];
  };
  return Table{{pack_dense<Index + 1>...}};
}

constexpr auto kDensePackers =
    make_packers(std::make_integer_sequence<int, kTileVectors * kLanes>());
// endregion

// region transpose-square
/// Row `upper` after it has exchanged squares, Step wide, with row `lower`, and
/// (with Lower) the other way round.
template <int Step, bool Lower, int... Lane>
Vector exchange(Vector upper, Vector lower,
                std::integer_sequence<int, Lane...>) {
  if constexpr (Lower) {
    return __builtin_shufflevector(
        upper, lower, ((Lane & Step) != 0 ? kLanes + Lane : Lane + Step)...);
  } else {
    return __builtin_shufflevector(
        upper, lower, ((Lane & Step) != 0 ? kLanes + Lane - Step : Lane)...);
  }
}

/// Transposes a square of kLanes x kLanes numbers in registers: the quarters
/// off the diagonal change places, then the quarters of each quarter, and so on
/// down to single numbers.
template <int Step = kLanes / 2>
void transpose(Vector (&row)[kLanes]) {
  constexpr auto kAll = std::make_integer_sequence<int, kLanes>();
  for (int i = 0; i < kLanes; ++i) {
    if ((i & Step) != 0) continue;
    const Vector upper = row[i];
    const Vector lower = row[i + Step];
    row[i] = exchange<Step, false>(upper, lower, kAll);
    row[i + Step] = exchange<Step, true>(upper, lower, kAll);
  }
  if constexpr (Step > 1) transpose<Step / 2>(row);
}
// endregion

// region pack-transposed
/// For terms that lie side by side: squares are loaded along the terms,
/// transposed, and stored along the positions. A square may be wider than the
/// group it is stored to; what it writes too much, the next group overwrites,
/// as long as there is one.
void pack_transposed(const MatrixPiece& piece, std::int64_t width, float* to) {
  const std::int64_t whole = piece.terms / kLanes * kLanes;
  for (std::int64_t first = 0; first < width; first += kLanes) {
    for (std::int64_t term = 0; term < whole; term += kLanes) {
      Vector row[kLanes];
      for (int i = 0; i < kLanes; ++i) {
        const float* from = piece.from + (first + i) * piece.step + term;
        row[i] = first + i < piece.count ? load(from) : Vector{};
      }
      transpose(row);
      for (int i = 0; i < kLanes; ++i) {
        const std::int64_t here = (term + i) * width + first;
        if (here + kLanes <= piece.terms * width) {
          store(to + here, row[i]);
        } else {
          __builtin_memcpy(to + here, &row[i],
                           static_cast<std::size_t>(width) * sizeof(float));
        }
      }
    }
  }
  for (std::int64_t term = whole; term < piece.terms; ++term) {
    pack_term(piece, term, width, to);
  }
}
// endregion

// region pack
void pack(const MatrixPiece& piece, std::int64_t width, float* to) {
  if (piece.count > 0 && piece.step == 1) {
    kDensePackers.entry[piece.count - 1](piece, width, to);
  } else if (piece.term_step == 1) {
    pack_transposed(piece, width, to);
  } else {
    for (std::int64_t term = 0; term < piece.terms; ++term) {
      pack_term(piece, term, width, to);
    }
  }
}

}  // namespace
// endregion

// region kernel-set
const GemmKernels& gemm_kernels() {
  static constexpr GemmKernels kKernels{kLanes, kTileRows, kTileVectors,
                                        kMicroKernels.entry, pack};
  return kKernels;
}

}  // namespace cnn::CNN_ISA
// endregion
