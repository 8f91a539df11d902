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

static_assert(kNeurons == kInkNumbers);

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

// region one-pass-between
void add_row(const float* from, float* to) {
  for (int i = 0; i < kInkRow; ++i) to[i] += from[i];
}

}  // namespace

/// All between a picture's ink and its ink: `sums` of the hidden neurons become
/// what the loss says of them.
void OnePass::turn(std::int64_t picture, Row& sums, Part& part) const {
  for (float& sum : sums) sum = sum <= 0 ? 0 : sum;
  Row slopes;  // first the logits
  std::copy_n(at(rows_, kOutputBiasRow), kInkRow, slopes.begin());
  routines_.gather(sums.data(), at(rows_, kOutputRow), slopes.data());
  judge(picture, slopes.data(), part);

  Row back{};
  routines_.gather(slopes.data(), at(output_columns_, 0), back.data());
  for (std::size_t i = 0; i < kInkRow; ++i) {
    back[i] = sums[i] == 0 ? 0 : back[i];
  }
  routines_.scatter(sums.data(), slopes.data(), at(part.gradient, kOutputRow));
  add_row(slopes.data(), at(part.gradient, kOutputBiasRow));
  add_row(back.data(), at(part.gradient, kHiddenBiasRow));
  sums = back;
}
// endregion

// region one-pass-learn
/// A group of pictures, from their ink to their part of the gradient. Their
/// sums, and then their slopes, stay in the first-level cache.
void OnePass::learn(std::int64_t group, Part& part) const {
  const std::int64_t begin = group * InkGroup::kPictures;
  const std::int64_t end =
      std::min(begin + InkGroup::kPictures, pictures_.count());
  const InkGroup ink = pictures_.group(group);
  std::array<Row, InkGroup::kPictures> sums;
  for (Row& row : sums) {
    std::copy_n(at(rows_, kHiddenBiasRow), kInkRow, row.begin());
  }
  routines_.weigh(ink, at(rows_, 0), at(sums, 0));
  Row* own = sums.data();
  for (std::int64_t n = begin; n < end; ++n) turn(n, *own++, part);
  routines_.blame(ink, at(sums, 0), at(part.gradient, 0));
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
      parts_(static_cast<std::size_t>(Pieces(pictures_.groups()).count)) {}

Score OnePass::run(std::span<const float> layers, std::span<float> gradient) {
  const Pieces pieces(pictures_.groups());
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
    for (auto g = pieces.begin(piece); g < end; ++g) learn(g, part);
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
