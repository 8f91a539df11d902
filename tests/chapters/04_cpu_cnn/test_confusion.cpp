#include <gtest/gtest.h>

#include <sstream>

#include "chapters/04_cpu_cnn/confusion.hpp"
#include "chapters/04_cpu_cnn/worst.hpp"

namespace cnn {
namespace {

Prediction answer(std::int64_t truth, std::int64_t said,
                  double truth_probability = 0, std::int64_t picture = 0) {
  return {.picture = picture,
          .said = said,
          .confidence = 0.9,
          .truth = truth,
          .truth_probability = truth_probability};
}

ConfusionMatrix small() {
  const std::vector<Prediction> predictions{
      answer(0, 0), answer(0, 0), answer(0, 2), answer(1, 1), answer(1, 0),
      answer(1, 0), answer(1, 0), answer(2, 2), answer(2, 1)};
  return {{"cat", "dog", "crocodile"}, predictions};
}

TEST(ConfusionMatrix, Counts) {
  const ConfusionMatrix matrix = small();
  EXPECT_EQ(matrix.classes(), 3);
  EXPECT_EQ(matrix.count(0, 0), 2);
  EXPECT_EQ(matrix.count(0, 2), 1) << "rows are truths";
  EXPECT_EQ(matrix.count(2, 0), 0);
  EXPECT_EQ(matrix.count(1, 0), 3);
  EXPECT_EQ(matrix.pictures(1), 4);
  EXPECT_DOUBLE_EQ(matrix.accuracy(1), 0.25);
}

TEST(ConfusionMatrix, ComesBackFromItsCounts) {
  const ConfusionMatrix matrix = small();
  const ConfusionMatrix again({"cat", "dog", "crocodile"},
                              std::vector<std::int64_t>(matrix.counts().begin(),
                                                        matrix.counts().end()));
  EXPECT_EQ(to_table(again), to_table(matrix));
  EXPECT_THROW(ConfusionMatrix({"cat", "dog"}, std::vector<std::int64_t>(3)),
               std::invalid_argument);
}

TEST(ConfusionMatrix, NamesTheMostConfusedPairs) {
  const auto pairs = most_confused(small(), 2);
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(pairs[0].truth, 1);
  EXPECT_EQ(pairs[0].said, 0);
  EXPECT_EQ(pairs[0].count, 3);
  EXPECT_EQ(pairs[1].count, 1);
  EXPECT_EQ(most_confused(small(), 100).size(), 3U) << "only wrong answers";
}

TEST(ConfusionMatrix, IsAnAlignedTable) {
  std::istringstream table(to_table(small()));
  std::string line;
  std::getline(table, line);
  const std::size_t width = line.size();
  EXPECT_EQ(line.find("right"), width - 5);
  int rows = 0;
  while (std::getline(table, line)) {
    EXPECT_EQ(line.size(), width) << line;
    ++rows;
  }
  EXPECT_EQ(rows, 3);
  EXPECT_NE(to_table(small()).find("25.0 %"), std::string::npos);
}

TEST(ConfusionMatrix, IsAPicture) {
  const Picture picture = to_picture(small(), 5);
  EXPECT_EQ(picture.width, 15);
  EXPECT_EQ(picture.height, 15);
  const auto cell = [&](std::int64_t truth, std::int64_t said) {
    return picture
        .pixels[static_cast<std::size_t>((truth * 5 + 2) * 15 + said * 5 + 2)];
  };
  EXPECT_EQ(cell(1, 0), 255) << "the most frequent confusion";
  EXPECT_EQ(cell(2, 0), 0) << "never";
  EXPECT_GT(cell(0, 2), cell(1, 1));
  EXPECT_LT(cell(0, 2), 255);
}

TEST(ConfusionMatrix, HoldsWithoutAWrongAnswer) {
  const std::vector<Prediction> right{answer(0, 0), answer(1, 1)};
  const ConfusionMatrix matrix({"a", "b"}, right);
  EXPECT_TRUE(most_confused(matrix, 5).empty());
  EXPECT_EQ(to_picture(matrix, 3).pixels.size(), 36U);
}

TEST(MostWrong, AreTheLeastProbableTruths) {
  const auto worst = most_wrong({answer(0, 0, 0.001, 0), answer(0, 1, 0.2, 1),
                                 answer(1, 0, 0.01, 2), answer(2, 1, 0.1, 3)},
                                2);
  ASSERT_EQ(worst.size(), 2U);
  EXPECT_EQ(worst[0].picture, 2) << "right answers are not wrong";
  EXPECT_EQ(worst[1].picture, 3);
}

TEST(MostWrong, AreShownOnASheet) {
  Dataset dataset;
  dataset.count = 2;
  dataset.channels = 1;
  dataset.height = dataset.width = 2;
  dataset.pixels = {0, 0, 0, 0, 255, 255, 255, 255};
  const std::vector<Prediction> both{answer(0, 1, 0, 1), answer(0, 1, 0, 0)};
  const Picture sheet = picture_sheet(dataset, both, 10, 3);
  EXPECT_EQ(sheet.height, 4 + 2 * 3 + 4);
  EXPECT_EQ(sheet.width, 4 + 2 * (2 * 3 + 4));
  EXPECT_EQ(sheet.pixels[static_cast<std::size_t>(6 * sheet.width + 6)], 255);
  EXPECT_EQ(sheet.pixels[static_cast<std::size_t>(6 * sheet.width + 16)], 0);
  EXPECT_FALSE(picture_sheet(dataset, {}, 10, 3).pixels.empty());
}

}  // namespace
}  // namespace cnn
