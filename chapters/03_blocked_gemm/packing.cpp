// region quiet: includes
#include "chapters/03_blocked_gemm/packing.hpp"

#include <stdexcept>

namespace cnn {
// endregion

// region matrix-source
void MatrixSource::pack(const PanelPiece& piece, std::int64_t width,
                        float* to) const {
  const std::int64_t term_step = matrix_.strides()[0];
  const std::int64_t step = matrix_.strides()[1];
  kernels_.pack({.from = matrix_.data() + piece.first_term * term_step +
                         piece.first * step,
                 .term_step = term_step,
                 .step = step,
                 .terms = piece.terms,
                 .count = piece.count},
                width, to);
}
// endregion

// region scratch
GemmScratch::GemmScratch(int threads) {
  if (threads < 1) {
    throw std::invalid_argument("GemmScratch: for " + std::to_string(threads) +
                                " threads, expected at least 1");
  }
  buffers_ = std::make_unique<Buffers>(threads);
}

GemmScratch::GemmScratch(GemmScratch&&) noexcept = default;
GemmScratch& GemmScratch::operator=(GemmScratch&&) noexcept = default;
GemmScratch::~GemmScratch() = default;

int GemmScratch::threads() const {
  return buffers_->threads;
}

std::int64_t GemmScratch::bytes() const {
  return buffers_->memory.size() * static_cast<std::int64_t>(sizeof(float));
}

}  // namespace cnn
// endregion
