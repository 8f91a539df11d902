// Pictures without their paper, and what is done with their ink.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "chapters/03_blocked_gemm/isa.hpp"
#include "chapters/07_four_reports/ink.hpp"
#include "chapters/07_four_reports/sparse_pictures.hpp"
#include "common/error_bound.hpp"
#include "common/random.hpp"
#include "tests/chapters/07_four_reports/scribbles.hpp"

namespace cnn {
namespace {

/// All pixels of a group's pictures, from its ink.
std::vector<std::uint8_t> pixels_of(const InkGroup& group, std::size_t count) {
  std::vector<std::uint8_t> pixels(count * TwoLayers::kPixels);
  for (std::int64_t strip = 0; strip < group.strips; ++strip) {
    for (auto i = group.begins[strip]; i < group.begins[strip + 1]; ++i) {
      const Ink& ink = group.ink[i];
      std::copy_n(
          ink.brightness, kStrip,
          pixels.begin() + ink.picture * TwoLayers::kPixels + strip * kStrip);
    }
  }
  return pixels;
}

TEST(SparsePicturesTest, KeepAllInk) {
  const Dataset pictures = scribbles(300);
  const SparsePictures sparse(pictures);
  ASSERT_EQ(sparse.groups(), 2);
  std::vector<std::uint8_t> pixels = pixels_of(sparse.group(0), 256);
  const auto rest = pixels_of(sparse.group(1), 44);
  pixels.insert(pixels.end(), rest.begin(), rest.end());
  EXPECT_EQ(pixels, pictures.pixels);
}

std::vector<InkRoutines> all_ink_routines() {
  std::vector<InkRoutines> all{portable::ink_routines()};
#ifdef __x86_64__
  for (const Isa isa : supported_isas()) {
    if (isa == Isa::kAvx2) all.push_back(avx2::ink_routines());
    if (isa == Isa::kAvx512) all.push_back(avx512::ink_routines());
  }
#endif
  return all;
}

/// Whether `found` can be the sum of term(0), term(1) and so on.
template <class Term>
bool is_sum(float found, std::int64_t terms, const Term& term) {
  double sum = 0;
  double size = 0;
  for (std::int64_t k = 0; k < terms; ++k) {
    sum += term(k);
    size += std::abs(term(k));
  }
  // Brightness has been rounded before, and the sum begins at 0.
  return std::abs(found - sum) <= gamma_bound(terms + 2) * size;
}

TEST(InkRoutinesTest, AreThoseOfFloat64WithEveryInstructionSet) {
  constexpr std::int64_t kCount = 70;
  constexpr std::int64_t kPixels = TwoLayers::kPixels;
  const Dataset pictures = scribbles(kCount);
  const SparsePictures sparse(pictures);
  std::vector<float> rows(kPixels * kInkRow);
  const Random random(8, 1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i] = 2 * random.uniform(i) - 1;
  }
  const auto product = [&](std::int64_t n, std::int64_t place,
                           std::int64_t at) {
    return pictures.picture(n)[static_cast<std::size_t>(place)] / 255.0 *
           rows[static_cast<std::size_t>(at)];
  };
  for (const InkRoutines& routines : all_ink_routines()) {
    std::vector<float> sums(kCount * kInkRow);
    std::vector<float> gradient(rows.size());
    routines.weigh(sparse.group(0), rows.data(), sums.data());
    routines.blame(sparse.group(0), rows.data(), gradient.data());
    for (std::int64_t i = 0; i < std::ssize(sums); ++i) {
      EXPECT_TRUE(is_sum(
          sums[static_cast<std::size_t>(i)], kPixels, [&](std::int64_t place) {
            return product(i / kInkRow, place, place * kInkRow + i % kInkRow);
          }));
    }
    for (std::int64_t i = 0; i < std::ssize(gradient); ++i) {
      EXPECT_TRUE(is_sum(
          gradient[static_cast<std::size_t>(i)], kCount, [&](std::int64_t n) {
            return product(n, i / kInkRow, n * kInkRow + i % kInkRow);
          }));
    }
  }
}

}  // namespace
}  // namespace cnn
