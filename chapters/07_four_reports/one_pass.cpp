// region quiet: includes
#include "chapters/07_four_reports/one_pass.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "chapters/03_blocked_gemm/isa.hpp"
#include "chapters/03_blocked_gemm/parallel.hpp"
#include "chapters/04_cpu_cnn/pieces.hpp"
#include "chapters/07_four_reports/two_layers.hpp"

namespace cnn {
// endregion

// region ink-routines
InkRoutines ink_routines() {
#ifdef __x86_64__
  if (best_isa() == Isa::kAvx512) return avx512::ink_routines();
  if (best_isa() == Isa::kAvx2) return avx2::ink_routines();
#endif
  return portable::ink_routines();
}
// endregion

// region one-pass-rows
namespace {

constexpr int kNeurons = TwoLayers::kNeurons;
constexpr int kOutputRow = TwoLayers::kPixels;  // the first of ten
constexpr int kOutputBiasRow = kOutputRow + kNeurons;
constexpr int kHiddenBiasRow = kOutputBiasRow + 1;
constexpr int kRows = kHiddenBiasRow + 1;

/// Where row `row` begins.
template <class Rows>
auto at(Rows& rows, int row) {
  return rows.data() + std::ptrdiff_t{row} * kInkRow;
}

/// TwoLayers has rows of ten, in this order.
void widen(std::span<const float> layers, std::vector<float>& rows) {
  for (int row = 0; row < kRows; ++row) {
    std::copy_n(layers.begin() + row * kNeurons, kNeurons, at(rows, row));
  }
}
// endregion

// region one-pass-hidden-ink
/// Up to ten neurons that say something: what is 0 is paper here, too.
struct HiddenInk {
  std::array<Ink, kNeurons> ink;
  std::int64_t count = 0;

  explicit HiddenInk(const float* numbers) {
    for (std::uint32_t i = 0; i < kNeurons; ++i) {
      if (numbers[i] <= 0) continue;
      ink.at(static_cast<std::size_t>(count++)) = {i, numbers[i]};
    }
  }
};

/// All ten numbers of a row.
std::array<Ink, kNeurons> ink_of_row(const float* row) {
  std::array<Ink, kNeurons> ink;
  for (std::uint32_t i = 0; i < kNeurons; ++i) ink.at(i) = {i, row[i]};
  return ink;
}

void add_row(const float* from, float* to) {
  for (int i = 0; i < kInkRow; ++i) to[i] += from[i];
}
// endregion

// region one-pass-learn
}  // namespace

/// A picture from its ink to its part of the gradient; a picture has 150 pixels
/// of ink, and so it stays in the first-level cache all the way.
void OnePass::learn(std::int64_t picture, Part& part) const {
  using Row = std::array<float, kInkRow>;
  const auto ink = pictures_.ink(picture);
  Row hidden;
  std::copy_n(at(rows_, kHiddenBiasRow), kInkRow, hidden.begin());
  routines_.weigh(ink.data(), std::ssize(ink), rows_.data(), hidden.data());
  const HiddenInk active(hidden.data());

  Row slopes;  // first the logits
  std::copy_n(at(rows_, kOutputBiasRow), kInkRow, slopes.begin());
  routines_.weigh(active.ink.data(), active.count, at(rows_, kOutputRow),
                  slopes.data());
  judge(picture, slopes.data(), part);

  Row back{};
  routines_.weigh(ink_of_row(slopes.data()).data(), kNeurons,
                  output_columns_.data(), back.data());
  for (std::size_t i = 0; i < kNeurons; ++i) {
    if (hidden[i] <= 0) back[i] = 0;
  }
  routines_.blame(active.ink.data(), active.count, slopes.data(),
                  at(part.gradient, kOutputRow));
  add_row(slopes.data(), at(part.gradient, kOutputBiasRow));
  add_row(back.data(), at(part.gradient, kHiddenBiasRow));
  routines_.blame(ink.data(), std::ssize(ink), back.data(),
                  part.gradient.data());
}
// endregion

// region one-pass-judge
/// Turns logits into slopes of the loss: softmax - one-hot.
void OnePass::judge(std::int64_t picture, float* logits, Part& part) const {
  const auto label = labels_[static_cast<std::size_t>(picture)];
  float* const end = logits + classes_;
  const float* largest = std::max_element(logits, end);
  const float top = *largest;
  const float of_label = logits[label];
  part.right += largest - logits == label ? 1 : 0;
  float sum = 0;
  for (float* logit = logits; logit < end; ++logit) {
    *logit = std::exp(*logit - top);
    sum += *logit;
  }
  for (float* logit = logits; logit < end; ++logit) *logit /= sum;
  std::fill(end, logits + kInkRow, 0.0F);
  logits[label] -= 1;
  part.loss += std::log(sum) - (of_label - top);
}
// endregion

// region one-pass-run
namespace {

const Dataset& expected(const Dataset& pictures) {
  expect_two_layers(pictures);
  return pictures;
}

}  // namespace

OnePass::OnePass(const Dataset& pictures, int threads)
    : pictures_(expected(pictures)),
      labels_(pictures.labels),
      classes_(std::ssize(pictures.class_names)),
      threads_(threads),
      routines_(ink_routines()),
      rows_(std::size_t{kRows} * kInkRow),
      output_columns_(std::size_t{kNeurons} * kInkRow),
      parts_(static_cast<std::size_t>(Pieces(pictures.count, 256).count)) {}

Score OnePass::run(std::span<const float> layers, std::span<float> gradient) {
  const Pieces pieces(pictures_.count(), 256);
  widen(layers, rows_);
  for (int h = 0; h < kNeurons; ++h) {
    for (int c = 0; c < kNeurons; ++c) {
      at(output_columns_, c)[h] = at(rows_, kOutputRow + h)[c];
    }
  }
  parallel_for(threads_, pieces.count, [&](std::int64_t piece, int) {
    Part& part = parts_[static_cast<std::size_t>(piece)];
    part.gradient.assign(rows_.size(), 0);
    part.loss = 0;
    part.right = 0;
    for (auto n = pieces.begin(piece); n < pieces.end(piece); ++n) {
      learn(n, part);
    }
  });
  return add_parts(gradient);
}
// endregion

// region one-pass-add-parts
Score OnePass::add_parts(std::span<float> gradient) const {
  std::ranges::fill(gradient, 0.0F);
  const auto count = static_cast<double>(pictures_.count());
  Score score;
  for (const Part& part : parts_) {
    for (int row = 0; row < kRows; ++row) {
      const float* const from = at(part.gradient, row);
      float* const to = gradient.data() + std::ptrdiff_t{row} * kNeurons;
      for (int i = 0; i < kNeurons; ++i) to[i] += from[i];
    }
    score.loss += part.loss / count;
    score.accuracy += static_cast<double>(part.right) / count;
  }
  const auto share = static_cast<float>(1 / count);
  for (float& number : gradient) number *= share;
  return score;
}

std::int64_t OnePass::bytes() const {
  return pictures_.bytes() +
         static_cast<std::int64_t>(sizeof(float) * rows_.size() *
                                   (parts_.size() + 1));
}

void descend(float rate, std::span<const float> gradient,
             std::span<float> layers) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    layers[i] -= rate * gradient[i];
  }
}

}  // namespace cnn
// endregion
