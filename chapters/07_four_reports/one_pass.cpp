// region quiet: includes
#include "chapters/07_four_reports/one_pass.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "chapters/03_blocked_gemm/parallel.hpp"
#include "chapters/04_cpu_cnn/pieces.hpp"

namespace cnn {
namespace {
// endregion

// region lanes
constexpr std::int64_t kGroup = 32;  // pictures

/// sum += factor * numbers: one multiply-add for all lanes.
inline void add(float factor, const Lanes& numbers, Lanes& sum) {
  for (std::size_t i = 0; i < Lanes::kMost; ++i) {
    sum.lane[i] += factor * numbers.lane[i];
  }
}

/// Row i of the result is column i of the argument.
std::array<Lanes, Lanes::kMost> transposed(
    const std::array<Lanes, Lanes::kMost>& rows) {
  std::array<Lanes, Lanes::kMost> columns;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows.size(); ++j) {
      columns[j].lane[i] = rows[i].lane[j];
    }
  }
  return columns;
}
// endregion

// region sparse-row-times-weights
using Pixels = std::span<const SparsePictures::Pixel>;

/// sum += the weights of each pixel, times its brightness. Two sums by turns:
/// an addition has to wait for the one before it, and so two can overlap.
void add_weighted(Pixels pixels, const std::vector<Lanes>& weights,
                  Lanes& sum) {
  Lanes odd;
  std::size_t i = 0;
  for (; i + 1 < pixels.size(); i += 2) {
    add(pixels[i].brightness, weights[pixels[i].place], sum);
    add(pixels[i + 1].brightness, weights[pixels[i + 1].place], odd);
  }
  if (i < pixels.size()) {
    add(pixels[i].brightness, weights[pixels[i].place], sum);
  }
  add(1, odd, sum);
}
// endregion

// region add-all
/// sum += factor * numbers, all of them.
void add(float factor, const TwoLayers& numbers, TwoLayers& sum) {
  for (std::size_t i = 0; i < sum.hidden.size(); ++i) {
    add(factor, numbers.hidden[i], sum.hidden[i]);
  }
  add(factor, numbers.hidden_bias, sum.hidden_bias);
  for (std::size_t i = 0; i < sum.output.size(); ++i) {
    add(factor, numbers.output[i], sum.output[i]);
  }
  add(factor, numbers.output_bias, sum.output_bias);
}

}  // namespace

void descend(float rate, const TwoLayers& gradient, TwoLayers& layers) {
  add(-rate, gradient, layers);
}
// endregion

// region between-the-layers
/// What lies between the two passes over one picture's pixels: everything but
/// the pixels. Adds to the gradients, and returns that of the hidden sums.
Lanes OnePass::slope_of_hidden(const TwoLayers& layers, std::int64_t picture,
                               Lanes hidden, Part& part) const {
  const auto classes = static_cast<std::size_t>(classes_);
  const auto label = labels_[static_cast<std::size_t>(picture)];
  for (float& number : hidden.lane) number = std::max(number, 0.0F);
  Lanes logits = layers.output_bias;
  for (std::size_t i = 0; i < Lanes::kMost; ++i) {
    add(hidden.lane[i], layers.output[i], logits);
  }
  const auto end = logits.lane.begin() + classes_;
  const auto largest = std::max_element(logits.lane.begin(), end);
  Lanes slope;  // of the loss, by the logits: softmax - one-hot
  float sum = 0;
  for (std::size_t i = 0; i < classes; ++i) {
    slope.lane[i] = std::exp(logits.lane[i] - *largest);
    sum += slope.lane[i];
  }
  part.loss += std::log(sum) - (logits.lane[label] - *largest);
  part.right += largest - logits.lane.begin() == label ? 1 : 0;
  for (float& number : slope.lane) number /= sum;
  slope.lane[label] -= 1;

  Lanes hidden_slope;
  for (std::size_t i = 0; i < classes; ++i) {
    add(slope.lane[i], output_columns_[i], hidden_slope);
  }
  for (std::size_t i = 0; i < Lanes::kMost; ++i) {
    if (hidden.lane[i] <= 0) hidden_slope.lane[i] = 0;
    add(hidden.lane[i], slope, part.gradient.output[i]);
  }
  add(1, slope, part.gradient.output_bias);
  add(1, hidden_slope, part.gradient.hidden_bias);
  return hidden_slope;
}
// endregion

// region group-of-pictures
/// A group of pictures, band by band, so that the weights of a band, and then
/// their gradients, stay in the first-level cache for all of them.
void OnePass::learn(const TwoLayers& layers, std::int64_t begin,
                    std::int64_t end, Part& part) const {
  std::array<Lanes, kGroup> hidden;
  hidden.fill(layers.hidden_bias);
  const auto of = [&](std::int64_t picture) -> Lanes& {
    return hidden[static_cast<std::size_t>(picture - begin)];
  };
  for (std::int64_t band = 0; band < pictures_->bands(); ++band) {
    for (std::int64_t n = begin; n < end; ++n) {
      add_weighted(pictures_->pixels(n, band), layers.hidden, of(n));
    }
  }
  for (std::int64_t n = begin; n < end; ++n) {
    of(n) = slope_of_hidden(layers, n, of(n), part);
  }
  for (std::int64_t band = 0; band < pictures_->bands(); ++band) {
    for (std::int64_t n = begin; n < end; ++n) {
      for (const auto& pixel : pictures_->pixels(n, band)) {
        add(pixel.brightness, of(n), part.gradient.hidden[pixel.place]);
      }
    }
  }
}
// endregion

// region one-pass-run
OnePass::OnePass(const SparsePictures& pictures,
                 std::span<const std::uint8_t> labels, std::int64_t classes,
                 int threads)
    : pictures_(&pictures),
      labels_(labels),
      classes_(classes),
      threads_(threads),
      parts_(static_cast<std::size_t>(Pieces(pictures.count(), 256).count)) {
  if (classes < 1 || classes > Lanes::kMost ||
      std::ranges::any_of(labels, [&](auto it) { return it >= classes; }) ||
      std::ssize(labels) != pictures.count()) {
    throw std::invalid_argument("one pass: labels do not fit");
  }
}

Score OnePass::run(const TwoLayers& layers, TwoLayers& gradient) {
  const Pieces pieces(pictures_->count(), 256);
  const auto pixels = static_cast<std::size_t>(pictures_->picture_size());
  output_columns_ = transposed(layers.output);
  parallel_for(threads_, pieces.count, [&](std::int64_t piece, int) {
    Part& part = parts_[static_cast<std::size_t>(piece)];
    part.gradient = {.hidden = std::move(part.gradient.hidden),
                     .hidden_bias = {},
                     .output = {},
                     .output_bias = {}};
    part.gradient.hidden.assign(pixels, {});
    part.loss = 0;
    part.right = 0;
    const std::int64_t end = pieces.end(piece);
    for (auto n = pieces.begin(piece); n < end; n += kGroup) {
      learn(layers, n, std::min(n + kGroup, end), part);
    }
  });
  gradient = {.hidden = std::vector<Lanes>(pixels),
              .hidden_bias = {},
              .output = {},
              .output_bias = {}};
  const auto count = static_cast<double>(pictures_->count());
  Score score;
  for (const Part& part : parts_) {
    add(static_cast<float>(1 / count), part.gradient, gradient);
    score.loss += part.loss / count;
    score.accuracy += static_cast<double>(part.right) / count;
  }
  return score;
}

}  // namespace cnn
// endregion
