// A reader's own pictures: how they are dealt out, and what is refused.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>

#include "chapters/07_four_reports/own_split.hpp"
#include "common/data/picture.hpp"
#include "common/errors.hpp"
#include "tests/common/temporary_folder.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;

class OwnPicturesTest : public testing::Test {
 protected:
  /// Pictures of one grey each, of sizes that differ; names count from `first`.
  void put(const std::string& folder, int count, int first = 0) {
    fs::create_directories(path() / folder);
    for (int i = 0; i < count; ++i) {
      const std::int64_t width = 20 + i % 5;
      const std::int64_t height = 30;
      const auto grey = static_cast<std::uint8_t>(first + i);
      write_png(path() / folder / (std::to_string(first + i) + ".png"),
                {width, height, 1,
                 std::vector<std::uint8_t>(
                     static_cast<std::size_t>(width * height), grey)});
    }
  }
  std::string refusal() const {
    try {
      read_own_pictures(path(), 1);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }
  fs::path path() const { return folder_.path() / "pets"; }

 private:
  TemporaryFolder folder_;
};

std::int64_t of_class(const Dataset& pictures, std::uint8_t label) {
  return std::ranges::count(pictures.labels, label);
}

TEST_F(OwnPicturesTest, EveryClassGetsItsShareOfEveryPart) {
  put("cat", 60);
  put("dog", 4, 100);
  const OwnPictures own = read_own_pictures(path(), 1);
  EXPECT_EQ(of_class(own.test, 0), 10);
  EXPECT_EQ(of_class(own.split.validation, 0), 8);
  EXPECT_EQ(of_class(own.split.train, 0), 42);
  EXPECT_EQ(of_class(own.test, 1), 1);
  EXPECT_EQ(of_class(own.split.validation, 1), 1);
  EXPECT_EQ(of_class(own.split.train, 1), 2);
}

TEST_F(OwnPicturesTest, EveryPictureIsInOnePartAndKeepsItsName) {
  put("cat", 12);
  put("dog", 12, 100);
  const OwnPictures own = read_own_pictures(path(), 1);
  std::multiset<int> greys;
  for (const Dataset* part :
       {&own.split.train, &own.split.validation, &own.test}) {
    for (std::int64_t i = 0; i < part->count; ++i) {
      const int grey = part->picture(i)[0];
      greys.insert(grey);
      EXPECT_EQ(part->labels[static_cast<std::size_t>(i)], grey >= 100);
    }
  }
  EXPECT_EQ(greys.size(), 24U);
  EXPECT_EQ(std::set<int>(greys.begin(), greys.end()).size(), 24U);
  ASSERT_EQ(std::ssize(own.test_files), own.test.count);
  for (std::int64_t i = 0; i < own.test.count; ++i) {
    const fs::path file = own.test_files[static_cast<std::size_t>(i)];
    EXPECT_EQ(file.stem().string(), std::to_string(own.test.picture(i)[0]));
  }
}

TEST_F(OwnPicturesTest, TheSeedDecidesAndNothingElse) {
  put("cat", 20);
  put("dog", 20, 100);
  const auto files = [&](std::uint64_t seed) {
    return read_own_pictures(path(), seed).test_files;
  };
  EXPECT_EQ(files(1), files(1));
  EXPECT_NE(files(1), files(2));
}

TEST_F(OwnPicturesTest, TakesATestPartWhereThereIsOne) {
  for (const char* part : {"train", "test"}) {
    put(std::string(part) + "/cat", 3);
    put(std::string(part) + "/dog", 3, 100);
  }
  const OwnPictures own = read_own_pictures(path(), 1);
  EXPECT_EQ(own.test.count, 6);
  ASSERT_EQ(own.test_files.size(), 6U);
  EXPECT_EQ(own.test_files.back(), (path() / "test/dog/102.png").string());
  EXPECT_EQ(own.split.train.count, 4);
  EXPECT_EQ(own.split.validation.count, 2);
}

TEST_F(OwnPicturesTest, OneClassIsNothingToTellApart) {
  put("cat", 9);
  EXPECT_EQ(refusal(), path().string() +
                           ": classes: found 1, expected at least two: with "
                           "one, there is nothing to tell apart");
}

TEST_F(OwnPicturesTest, AnEmptyClassIsNamed) {
  put("cat", 9);
  fs::create_directories(path() / "dog");
  EXPECT_NE(refusal().find("pets/dog"), std::string::npos) << refusal();
}

TEST_F(OwnPicturesTest, AClassOfTwoPicturesIsNamed) {
  put("cat", 9);
  put("dog", 2, 100);
  EXPECT_NE(refusal().find("class \"dog\": found 2 pictures, expected at "
                           "least 3"),
            std::string::npos)
      << refusal();
}

TEST_F(OwnPicturesTest, ABrokenPictureIsNamed) {
  put("cat", 9);
  put("dog", 9, 100);
  std::ofstream(path() / "dog" / "broken.png") << "this is no picture";
  EXPECT_NE(refusal().find("dog/broken.png"), std::string::npos) << refusal();
}

TEST_F(OwnPicturesTest, AFolderThatIsNotThereIsNamed) {
  EXPECT_NE(refusal().find("pets"), std::string::npos) << refusal();
}

}  // namespace
}  // namespace cnn
