// region quiet: includes
#include "chapters/07_four_reports/bounded_gradient.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "chapters/07_four_reports/two_layers.hpp"

namespace cnn {
namespace {

constexpr auto kNeurons = static_cast<std::size_t>(TwoLayers::kNeurons);
constexpr double kRounding = 0x1p-24;  // of one operation in float32
// endregion

// region bounded-numbers
/// Ten numbers, and how far off each of them may be in float32.
struct Ten {
  std::array<double, kNeurons> value{};
  std::array<double, kNeurons> error{};
};

/// A sum of products in the making: factors that are off, and a sum whose every
/// addition is. `terms` roundings befall the whole of it at the end.
struct BoundedSum {
  double value = 0;
  double error = 0;
  double magnitude = 0;

  void add(double a, double a_error, double b, double b_error = 0) {
    const double off =
        std::abs(a) * b_error + a_error * std::abs(b) + a_error * b_error;
    value += a * b;
    error += off;
    magnitude += std::abs(a * b) + off;
  }
  double bound(std::int64_t terms) const {
    return error + gamma_bound(terms) * magnitude;
  }
};
// endregion

// region bounded-hidden
/// Weights and biases, by the kind that they are of.
struct Layers {
  std::span<const float> row;
  double hidden(std::size_t pixel, std::size_t h) const {
    return row[pixel * kNeurons + h];
  }
  double output(std::size_t h, std::size_t c) const {
    return row[TwoLayers::kOutput + h * kNeurons + c];
  }
  double output_bias(std::size_t c) const {
    return row[TwoLayers::kOutputBias + c];
  }
  double hidden_bias(std::size_t h) const {
    return row[TwoLayers::kHiddenBias + h];
  }
};

/// A byte by 255 is off by two roundings at most; a sum of 784 products and a
/// bias is off by one for each of them.
constexpr std::int64_t kPixelTerms = 2;
constexpr std::int64_t kHiddenTerms = TwoLayers::kPixels + 2 + kPixelTerms;

Ten hidden_sums(std::span<const std::uint8_t> picture, const Layers& layers) {
  Ten hidden;
  for (std::size_t h = 0; h < kNeurons; ++h) {
    BoundedSum sum;
    sum.add(layers.hidden_bias(h), 0, 1);
    for (std::size_t p = 0; p < picture.size(); ++p) {
      if (picture[p] != 0) sum.add(picture[p] / 255.0, 0, layers.hidden(p, h));
    }
    hidden.value[h] = sum.value;
    hidden.error[h] = sum.bound(kHiddenTerms);
  }
  return hidden;
}

/// What is surely below 0 becomes exactly 0.
Ten relu_of(Ten sums) {
  for (std::size_t h = 0; h < kNeurons; ++h) {
    if (sums.value[h] < -sums.error[h]) sums.error[h] = 0;
    sums.value[h] = std::max(sums.value[h], 0.0);
  }
  return sums;
}
// endregion

// region bounded-softmax
/// A picture's loss, and how it changes with the logits.
struct BoundedLoss {
  double loss = 0;
  double error = 0;
  Ten slopes;
};

/// Logits that are off by `shift` at most change a probability by a factor of
/// e^(2 shift) at most. So do the differences that exp() is asked for, by their
/// own rounding; exp() itself is off by 4 (two units in the last place), the
/// sum of ten by 10, the division by 2.
BoundedLoss softmax(const Ten& logits, std::size_t classes, std::size_t label) {
  constexpr double kOwn = 4 + 4 + 10 + 2;
  const auto end = logits.value.begin() + static_cast<std::ptrdiff_t>(classes);
  const double largest = *std::max_element(logits.value.begin(), end);
  const double shift = *std::max_element(
      logits.error.begin(),
      logits.error.begin() + static_cast<std::ptrdiff_t>(classes));
  double widest = 0;
  double sum = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    widest = std::max(widest, largest - logits.value[c] + 2 * shift);
    sum += std::exp(logits.value[c] - largest);
  }
  const double exponent = 2 * shift + (2 * widest + kOwn) * kRounding;
  BoundedLoss result;
  for (std::size_t c = 0; c < classes; ++c) {
    const double p = std::exp(logits.value[c] - largest) / sum;
    result.slopes.value[c] = p - (c == label ? 1 : 0);
    result.slopes.error[c] = p * std::expm1(exponent) + kRounding;
  }
  result.loss = std::log(sum) - (logits.value[label] - largest);
  result.error =
      exponent + 4 * kRounding * (std::log(sum) + widest);  // log() and two -
  return result;
}
// endregion

// region bounded-picture
/// The four kinds of sums over pictures.
struct Sums {
  std::vector<BoundedSum> row =
      std::vector<BoundedSum>(static_cast<std::size_t>(TwoLayers::kNumbers));
  BoundedSum loss;
};

/// What a hidden sum is to the loss. A sum so near to 0 that float32 might see
/// it on the other side may get all of the slope, or nothing of it.
Ten hidden_slopes(const Ten& sums, const Ten& slopes, const Layers& layers) {
  Ten result;
  for (std::size_t h = 0; h < kNeurons; ++h) {
    BoundedSum sum;
    for (std::size_t c = 0; c < kNeurons; ++c) {
      sum.add(slopes.value[c], slopes.error[c], layers.output(h, c));
    }
    const double error = sum.bound(TwoLayers::kNeurons);
    const bool sure = std::abs(sums.value[h]) > sums.error[h];
    if (sums.value[h] > 0) result.value[h] = sum.value;
    if (sums.value[h] > 0 || !sure) result.error[h] = error;
    if (!sure) result.error[h] += std::abs(sum.value);
  }
  return result;
}
// endregion

// region bounded-add-picture
void add_picture(std::span<const std::uint8_t> picture, std::size_t label,
                 std::size_t classes, const Layers& layers, Sums& sums) {
  const Ten before = hidden_sums(picture, layers);
  const Ten hidden = relu_of(before);
  Ten logits;
  for (std::size_t c = 0; c < kNeurons; ++c) {
    BoundedSum sum;
    sum.add(layers.output_bias(c), 0, 1);
    for (std::size_t h = 0; h < kNeurons; ++h) {
      sum.add(hidden.value[h], hidden.error[h], layers.output(h, c));
    }
    logits.value[c] = sum.value;
    logits.error[c] = sum.bound(TwoLayers::kNeurons + 1);
  }
  const BoundedLoss judged = softmax(logits, classes, label);
  const Ten& slopes = judged.slopes;
  sums.loss.add(judged.loss, judged.error, 1);
  const Ten back = hidden_slopes(before, slopes, layers);
  for (std::size_t i = 0; i < kNeurons; ++i) {
    sums.row[TwoLayers::kOutputBias + i].add(slopes.value[i], slopes.error[i],
                                             1);
    sums.row[TwoLayers::kHiddenBias + i].add(back.value[i], back.error[i], 1);
    for (std::size_t h = 0; h < kNeurons; ++h) {
      sums.row[TwoLayers::kOutput + h * kNeurons + i].add(
          hidden.value[h], hidden.error[h], slopes.value[i], slopes.error[i]);
    }
    for (std::size_t p = 0; p < picture.size(); ++p) {
      if (picture[p] == 0) continue;
      sums.row[p * kNeurons + i].add(picture[p] / 255.0, 0, back.value[i],
                                     back.error[i]);
    }
  }
}
// endregion

// region bounded-gradient-made
}  // namespace

BoundedGradient bounded_gradient(const Dataset& pictures,
                                 std::span<const float> layers) {
  expect_two_layers(pictures);
  Sums sums;
  for (std::int64_t n = 0; n < pictures.count; ++n) {
    add_picture(pictures.picture(n),
                pictures.labels[static_cast<std::size_t>(n)],
                pictures.class_names.size(), {layers}, sums);
  }
  // The sum over pictures; a product, a byte's scale, a share of the mean.
  const std::int64_t terms = pictures.count + 1 + kPixelTerms + 3;
  const auto count = static_cast<double>(pictures.count);
  BoundedGradient result{.value = {},
                         .bound = {},
                         .loss = sums.loss.value / count,
                         .loss_bound = sums.loss.bound(terms) / count};
  for (const BoundedSum& sum : sums.row) {
    result.value.push_back(sum.value / count);
    result.bound.push_back(sum.bound(terms) / count);
  }
  return result;
}

Comparison compare(std::span<const float> gradient, double loss,
                   const BoundedGradient& expected) {
  // The bounds are made: what is left is to multiply by gamma(1).
  const auto of_one = [](double bound) { return bound / gamma_bound(1); };
  std::vector<double> magnitudes;
  for (const double bound : expected.bound) magnitudes.push_back(of_one(bound));
  const auto one_loss = static_cast<float>(loss);
  const double of_loss = of_one(expected.loss_bound);
  return merge(
      compare(gradient, {expected.value, magnitudes}, 1),
      compare({&one_loss, 1}, {{&expected.loss, 1}, {&of_loss, 1}}, 1));
}

}  // namespace cnn
// endregion
