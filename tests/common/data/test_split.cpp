#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/data/split.hpp"
#include "files_for_tests.hpp"

namespace cnn {
namespace {

// Picture i is one pixel of value i; its label is i % 3.
Dataset numbered(int count) {
  Dataset dataset{"Numbers", "numbers", count,          1, 1, 1,
                  {},        {},        {"a", "b", "c"}};
  for (int i = 0; i < count; ++i) {
    dataset.pixels.push_back(static_cast<std::uint8_t>(i));
    dataset.labels.push_back(static_cast<std::uint8_t>(i % 3));
  }
  return dataset;
}

TEST(Split, PutsEveryPictureIntoExactlyOnePart) {
  const Dataset dataset = numbered(100);
  const Split split = split_by_count(dataset, 17, 1);
  EXPECT_EQ(split.train.count, 83);
  EXPECT_EQ(split.validation.count, 17);
  auto all = split.train.pixels;
  all.insert(all.end(), split.validation.pixels.begin(),
             split.validation.pixels.end());
  EXPECT_NE(all, dataset.pixels);  // shuffled
  std::ranges::sort(all);
  EXPECT_EQ(all, dataset.pixels);
}

TEST(Split, KeepsLabelsWithTheirPictures) {
  const Split split = split_by_count(numbered(100), 50, 7);
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(split.train.labels[i], split.train.pixels[i] % 3);
    EXPECT_EQ(split.validation.labels[i], split.validation.pixels[i] % 3);
  }
  EXPECT_EQ(split.train.class_names, numbered(1).class_names);
  EXPECT_EQ(split.train.name, "Numbers");
}

TEST(Split, DependsOnTheSeedAndNothingElse) {
  const Dataset dataset = numbered(100);
  EXPECT_EQ(split_by_count(dataset, 20, 5).validation.pixels,
            split_by_count(dataset, 20, 5).validation.pixels);
  EXPECT_NE(split_by_count(dataset, 20, 5).validation.pixels,
            split_by_count(dataset, 20, 6).validation.pixels);
}

TEST(Split, ChoosesAllPicturesEquallyOften) {
  // Each of 12 pictures is set aside with probability 1/4 in 2,000 tries:
  // 500 times, standard deviation 19.4. Five of those are 97.
  std::vector<int> chosen(12);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    for (const int pixel :
         split_by_count(numbered(12), 3, seed).validation.pixels) {
      ++chosen[static_cast<std::size_t>(pixel)];
    }
  }
  for (const int times : chosen) EXPECT_NEAR(times, 500, 97);
}

TEST(Split, RoundsFractions) {
  EXPECT_EQ(split_by_fraction(numbered(10), 0.26, 1).validation.count, 3);
  EXPECT_EQ(split_by_fraction(numbered(10), 0.24, 1).validation.count, 2);
}

TEST(Split, RefusesEmptyParts) {
  EXPECT_EQ(refusal([] { split_by_count(numbered(10), 0, 1); }),
            "numbers: validation part: found 0 pictures, expected at least 1 "
            "and fewer than all 10");
  EXPECT_EQ(refusal([] { split_by_count(numbered(10), 10, 1); }),
            "numbers: validation part: found 10 pictures, expected at least 1 "
            "and fewer than all 10");
  EXPECT_NE(refusal([] {
              split_by_count(numbered(10), -1, 1);
            }).find("found -1 pictures"),
            std::string::npos);
  EXPECT_NE(refusal([] {
              split_by_fraction(numbered(10), 0.01, 1);
            }).find("found 0 pictures"),
            std::string::npos);
}

TEST(Split, RefusesFractionsThatAreNone) {
  for (const double fraction :
       {0.0, 1.0, -0.5, 2.0, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_NE(refusal([&] {
                split_by_fraction(numbered(10), fraction, 1);
              }).find("expected one between 0 and 1"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace cnn
