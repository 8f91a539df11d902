#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "common/data/dataset.hpp"
#include "common/data/sheets.hpp"
#include "files_for_tests.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;

// Twelve digits, two of them for labels 0 and 1, in every format there is.
class EveryFormat : public testing::Test {
 protected:
  void SetUp() override {
    std::string csv = "label";
    for (int i = 0; i < 784; ++i)
      csv.append(",pixel").append(std::to_string(i));
    std::string pixels;
    std::string labels;
    for (int i = 0; i < 12; ++i) {
      // In the order of a folder: class by class.
      const int label = i < 4 ? i / 2 : i - 2;
      const Picture picture = test_picture(28, 28, i);
      csv.append("\n").append(std::to_string(label));
      for (const int pixel : picture.pixels)
        csv.append(",").append(std::to_string(pixel));
      pixels.append(picture.pixels.begin(), picture.pixels.end());
      labels += static_cast<char>(label);
      const std::string name = std::to_string(100 + i) + ".png";
      write_png(path("folder") / std::to_string(label) / name, picture);
    }
    write_file(path("digits.csv"), csv);
    const std::string images = idx_text({12, 28, 28}, pixels);
    labels = idx_text({12}, labels);
    write_file(path("my-images-idx3-ubyte"), images);
    write_file(path("my-labels-idx1-ubyte"), labels);
    for (const char* part : {"train", "t10k"}) {
      const std::string prefix = std::string("idx/") + part;
      write_file(path(prefix + "-images-idx3-ubyte"), images);
      write_file(path(prefix + "-labels-idx1-ubyte"), labels);
    }
  }
  fs::path path(const std::string& name) const { return folder_.path() / name; }
  DatasetPair load(const std::string& name) const {
    return load_dataset(path(name).string());
  }

  TemporaryFolder folder_;
};

void expect_same(const Dataset& a, const Dataset& b) {
  EXPECT_EQ(a.count, b.count);
  EXPECT_EQ(a.channels, b.channels);
  EXPECT_EQ(a.height, b.height);
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.pixels, b.pixels);
  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(a.class_names, b.class_names);
}

TEST_F(EveryFormat, GivesTheSameDataset) {
  const DatasetPair idx = load("my-images-idx3-ubyte");
  EXPECT_EQ(idx.train.count, 10);
  EXPECT_EQ(idx.test.count, 2);
  for (const char* name : {"digits.csv", "folder"}) {
    const DatasetPair other = load(name);
    expect_same(other.train, idx.train);
    expect_same(other.test, idx.test);
    EXPECT_EQ(other.train.source, "10 + 2 pictures, " + path(name).string());
  }
}

TEST_F(EveryFormat, TakesTheTestPartWhereThereIsOne) {
  for (const char* name : {"idx", "idx/train-images-idx3-ubyte"}) {
    const DatasetPair pair = load(name);
    EXPECT_EQ(pair.train.count, 12);
    expect_same(pair.train, pair.test);
  }
  fs::create_directory(path("both"));
  fs::copy(path("folder"), path("both/test"), fs::copy_options::recursive);
  fs::rename(path("folder"), path("both/train"));
  expect_same(load("both").train, load("idx").train);
  expect_same(load("both").test, load("idx").test);
}

TEST_F(EveryFormat, HoldsOutTheSamePicturesEachTime) {
  expect_same(load("digits.csv").test, load("digits.csv").test);
}

TEST_F(EveryFormat, RefusesTestPartOfOtherClasses) {
  fs::create_directory(path("both"));
  fs::copy(path("folder"), path("both/test"), fs::copy_options::recursive);
  fs::rename(path("folder"), path("both/train"));
  fs::rename(path("both/test/9"), path("both/test/ninety"));
  EXPECT_NE(refusal([&] { load("both"); }).find("test part: found"),
            std::string::npos);
  fs::remove_all(path("both/test/ninety"));
  EXPECT_EQ(refusal([&] { load("both"); }),
            path("both").string() +
                ": test part: found 28x28 pixels and 9 classes, expected those "
                "of the train part, 28x28 pixels and 10 classes");
}

TEST_F(EveryFormat, RefusesImagesWithoutLabels) {
  fs::remove(path("my-labels-idx1-ubyte"));
  EXPECT_EQ(refusal([&] { load("my-images-idx3-ubyte"); }),
            path("my-images-idx3-ubyte").string() +
                ": labels: found no such file, expected my-labels-idx1-ubyte "
                "beside the images");
  fs::remove(path("idx/train-labels-idx1-ubyte"));
  EXPECT_EQ(refusal([&] { load("idx"); }),
            path("idx").string() +
                ": files: found images without labels, expected "
                "train-labels-idx1-ubyte beside the images");
}

TEST(LoadDataset, RefusesUnknownNames) {
  EXPECT_EQ(refusal([] { load_dataset("mnits"); }),
            "mnits: data set: found no such file or folder, expected mnist, "
            "fashion-mnist or the path of a data set");
}

TEST(LoadDataset, RefusesUnknownFiles) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "digits.mat";
  write_file(file, "what?");
  EXPECT_NE(refusal([&] { load_dataset(file.string()); })
                .find(file.string() + ": name: found \"digits.mat\", expected "
                                      "a folder, a .csv file or an IDX file"),
            std::string::npos);
}

TEST(CheckDataset, RefusesLabelsThatDisagreeInNumber) {
  const Dataset dataset{"Two", "two", 2, 1, 1, 1, {7, 8}, {0}, {"a"}};
  EXPECT_EQ(refusal([&] { check_dataset(dataset, "two"); }),
            "two: labels: found 1, expected 2, one a picture");
}

TEST(Select, KeepsTheOrderAskedFor) {
  const Dataset dataset{"Three",   "three",   3, 1, 1, 2, {1, 2, 3, 4, 5, 6},
                        {0, 1, 0}, {"a", "b"}};
  const std::vector<std::int64_t> indices = {2, 0, 2};
  const Dataset chosen = select(dataset, indices);
  EXPECT_EQ(chosen.count, 3);
  EXPECT_EQ(chosen.pixels, (std::vector<std::uint8_t>{5, 6, 1, 2, 5, 6}));
  EXPECT_EQ(chosen.labels, (std::vector<std::uint8_t>{0, 0, 0}));
}

}  // namespace
}  // namespace cnn
