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

constexpr std::int64_t kGroup = 32;  // pictures

/// Where row `row` begins.
template <class Rows>
auto at(Rows& rows, int row) {
  return rows[static_cast<std::size_t>(row)].data();
}

/// TwoLayers has rows of ten, in this order.
template <class Rows>
void widen(std::span<const float> layers, Rows& rows) {
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

// region one-pass-between
}  // namespace

/// All between a picture's ink and its ink: `sums` of the hidden neurons become
/// what the loss says of them. The same two routines serve, as a neuron that is
/// silent is paper, too.
void OnePass::turn(std::int64_t picture, Row& sums, Part& part) const {
  const HiddenInk active(sums.data());
  Row slopes;  // first the logits
  std::copy_n(at(rows_, kOutputBiasRow), kInkRow, slopes.begin());
  routines_.weigh(active.ink.data(), active.count, at(rows_, kOutputRow),
                  slopes.data());
  judge(picture, slopes.data(), part);

  Row back{};
  routines_.weigh(ink_of_row(slopes.data()).data(), kNeurons,
                  at(output_columns_, 0), back.data());
  for (std::size_t i = 0; i < kNeurons; ++i) {
    if (sums[i] <= 0) back[i] = 0;
  }
  routines_.blame(active.ink.data(), active.count, slopes.data(),
                  at(part.gradient, kOutputRow));
  add_row(slopes.data(), at(part.gradient, kOutputBiasRow));
  add_row(back.data(), at(part.gradient, kHiddenBiasRow));
  sums = back;
}
// endregion

// region one-pass-learn
/// A few pictures, from their ink to their part of the gradient. All of them
/// forward and then all of them back: weights and gradients would drive each
/// other out of the first-level cache.
void OnePass::learn(std::int64_t begin, std::int64_t end, Part& part) const {
  std::array<Row, kGroup> sums;
  Row* own = sums.data();
  for (std::int64_t n = begin; n < end; ++n, ++own) {
    const auto ink = pictures_.ink(n);
    std::copy_n(at(rows_, kHiddenBiasRow), kInkRow, own->begin());
    routines_.weigh(ink.data(), std::ssize(ink), at(rows_, 0), own->data());
  }
  own = sums.data();
  for (std::int64_t n = begin; n < end; ++n) turn(n, *own++, part);
  own = sums.data();
  for (std::int64_t n = begin; n < end; ++n, ++own) {
    const auto ink = pictures_.ink(n);
    routines_.blame(ink.data(), std::ssize(ink), own->data(),
                    at(part.gradient, 0));
  }
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
  const float share = 1 / sum;
  for (float* logit = logits; logit < end; ++logit) *logit *= share;
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
      rows_(kRows),
      output_columns_(kNeurons),
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
    part.gradient.assign(rows_.size(), Row{});
    part.loss = 0;
    part.right = 0;
    const std::int64_t end = pieces.end(piece);
    for (auto n = pieces.begin(piece); n < end; n += kGroup) {
      learn(n, std::min(n + kGroup, end), part);
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
         static_cast<std::int64_t>(sizeof(Row) * rows_.size() *
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
