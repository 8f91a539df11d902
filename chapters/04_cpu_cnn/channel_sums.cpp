// region quiet: includes
#include "chapters/04_cpu_cnn/channel_sums.hpp"

#include <algorithm>

#include "chapters/03_blocked_gemm/parallel.hpp"
#include "chapters/04_cpu_cnn/pieces.hpp"

namespace cnn {
// endregion

// region channel-sums-pieces
void channel_sums(std::int64_t rows, std::int64_t pixel, std::int64_t channels,
                  const float* values, std::span<double> partial, float* sums,
                  int threads) {
  const Pieces pieces(rows, 64);
  parallel_for(threads, pieces.count, [&](auto piece, int) {
    double* sum = partial.data() + piece * channels;
    std::fill_n(sum, channels, 0.0);
    for (auto row = pieces.begin(piece); row < pieces.end(piece); ++row) {
      const float* from = values + row * pixel;
      for (std::int64_t c = 0; c < channels; ++c) sum[c] += double{from[c]};
    }
  });
  add_pieces(pieces.count, channels, partial.data());
  for (std::int64_t c = 0; c < channels; ++c) {
    sums[c] = static_cast<float>(partial[static_cast<std::size_t>(c)]);
  }
}

void add_pieces(std::int64_t count, std::int64_t width, double* partial) {
  for (std::int64_t piece = 1; piece < count; ++piece) {
    const double* from = partial + piece * width;
    for (std::int64_t i = 0; i < width; ++i) partial[i] += from[i];
  }
}

}  // namespace cnn
// endregion
