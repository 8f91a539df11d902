#include <gtest/gtest.h>

#include <string>

#include "common/data/csv.hpp"
#include "files_for_tests.hpp"

namespace cnn {
namespace {

std::string header(int pixels = 784) {
  std::string line = "label";
  for (int i = 0; i < pixels; ++i)
    line.append(",pixel").append(std::to_string(i));
  return line + "\n";
}

// A line whose pixels are all `pixel`, but for the last one, which is 255.
std::string line(int label, const std::string& pixel = "0") {
  std::string text = std::to_string(label);
  for (int i = 0; i < 783; ++i) text.append(",").append(pixel);
  return text + ",255\n";
}

std::string all_labels() {
  std::string text;
  for (int label = 9; label >= 0; --label) text += line(label);
  return text;
}

std::string csv_refusal(const std::string& text) {
  return refusal([&] { parse_digit_csv(bytes_of(text), "train.csv"); });
}

TEST(Csv, ReadsLabelsAndPixels) {
  const std::string text = header() + all_labels() + line(3, "17");
  const Dataset dataset = parse_digit_csv(bytes_of(text), "train.csv");
  EXPECT_EQ(dataset.count, 11);
  EXPECT_EQ(dataset.height, 28);
  EXPECT_EQ(dataset.width, 28);
  EXPECT_EQ(dataset.class_names.size(), 10U);
  EXPECT_EQ(dataset.labels.front(), 9);
  EXPECT_EQ(dataset.labels.back(), 3);
  EXPECT_EQ(dataset.picture(10)[0], 17);
  EXPECT_EQ(dataset.picture(10)[783], 255);
}

TEST(Csv, ReadsLinesThatEndLikeOnWindowsOrNotAtAll) {
  std::string text = header() + all_labels();
  const Dataset expected = parse_digit_csv(bytes_of(text), "train.csv");
  text.pop_back();
  EXPECT_EQ(parse_digit_csv(bytes_of(text), "train.csv").pixels,
            expected.pixels);
  std::string windows;
  for (const char character : text) {
    if (character == '\n') windows += '\r';
    windows += character;
  }
  EXPECT_EQ(parse_digit_csv(bytes_of(windows), "train.csv").pixels,
            expected.pixels);
}

TEST(Csv, RefusesEmptyFile) {
  EXPECT_EQ(csv_refusal(""),
            "train.csv: line 1, column 1: found \"\", expected \"label\"");
}

TEST(Csv, RefusesOtherHeaders) {
  EXPECT_EQ(csv_refusal("label,pixel0,pixel2"),
            "train.csv: line 1, column 3: found \"pixel2\", expected "
            "\"pixel1\"");
  EXPECT_EQ(csv_refusal(header(783)),
            "train.csv: line 1, column 785: found \"\", expected "
            "\"pixel783\"");
  EXPECT_EQ(csv_refusal(header(785)),
            "train.csv: line 1: found 786 fields, expected a label and 784 "
            "pixels, 785 fields");
}

TEST(Csv, SaysWhichFileHasNoLabels) {
  EXPECT_EQ(csv_refusal(header().substr(6)),
            "train.csv: line 1, column 1: found \"pixel0\", expected "
            "\"label\": Kaggle's test.csv has no labels, its train.csv has");
}

TEST(Csv, RefusesTooFewAndTooManyFields) {
  const std::string expected = ", expected a label and 784 pixels, 785 fields";
  EXPECT_EQ(csv_refusal(header() + line(1) + "7,0,0\n"),
            "train.csv: line 3: found 3 fields" + expected);
  EXPECT_EQ(csv_refusal(header() + "\n" + line(1)),
            "train.csv: line 2: found 1 field" + expected);
  std::string longer = line(1);
  longer.insert(longer.size() - 1, ",0");
  EXPECT_EQ(csv_refusal(header() + longer),
            "train.csv: line 2: found 786 fields" + expected);
}

TEST(Csv, RefusesFieldsThatAreNoBytes) {
  for (const char* field : {"x", "", "1.5", " 1", "-1", "256", "0x1", "+1",
                            "99999999999999999999"}) {
    std::string text = line(5);
    text.replace(2, 1, field);  // pixel0
    EXPECT_EQ(csv_refusal(header() + line(1) + text),
              "train.csv: line 3, column 2 (pixel0): found \"" +
                  std::string(field) + "\", expected a number from 0 to 255");
  }
}

TEST(Csv, RefusesLabelOutOfRange) {
  EXPECT_EQ(csv_refusal(header() + line(10)),
            "train.csv: line 2, column 1 (label): found \"10\", expected a "
            "number from 0 to 9");
}

TEST(Csv, ShortensWhatItQuotes) {
  const std::string sentence = csv_refusal(std::string(1000, '\n') + "x");
  EXPECT_LT(sentence.size(), 200U);
  EXPECT_EQ(csv_refusal(std::string("\x01").append(1000, 'a')),
            "train.csv: line 1, column 1: found \"\\x01" +
                std::string(39, 'a') + "...\", expected \"label\"");
}

TEST(Csv, RefusesEmptyClass) {
  EXPECT_EQ(csv_refusal(header() + line(0) + line(1)),
            "train.csv: class \"2\": found no picture, expected at least one "
            "in each of the 10 classes");
}

TEST(Csv, RefusesHeaderAlone) {
  EXPECT_EQ(csv_refusal(header()),
            "train.csv: whole set: found 0 pictures of 28x28 pixels, expected "
            "at least one picture with at least one pixel");
}

TEST(Csv, RefusesMissingFileAndFolder) {
  const TemporaryFolder folder;
  EXPECT_EQ(
      refusal([&] { read_digit_csv(folder.path()); }),
      folder.path().string() + ": opening it: found a folder, expected a file");
}

}  // namespace
}  // namespace cnn
