#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "common/data/picture_cache.hpp"
#include "common/data/picture_folder.hpp"
#include "files_for_tests.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;

class PictureFolder : public testing::Test {
 protected:
  void SetUp() override {
    put("dog/1.png", test_picture(28, 28, 1));
    put("cat/2.png", test_picture(28, 28, 2));
    put("cat/1.PNG", test_picture(28, 28, 3));
  }
  void put(const std::string& name, const Picture& picture) {
    write_png(path_ / name, picture);
  }
  std::string read_refusal() const {
    return refusal([&] { read_picture_folder(path_); });
  }
  Dataset read() const { return read_picture_folder(path_); }

  TemporaryFolder folder_;
  fs::path path_ = folder_.path() / "animals";
  fs::path cache_ = path_ / ".loops-to-warps-cache";
};

TEST_F(PictureFolder, OrdersClassesAndPicturesByName) {
  const Dataset dataset = read();
  EXPECT_EQ(dataset.name, "animals");
  EXPECT_EQ(dataset.count, 3);
  EXPECT_EQ(dataset.class_names, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(dataset.labels, (std::vector<std::uint8_t>{0, 0, 1}));
  EXPECT_EQ(dataset.picture(0)[0], 3);
  EXPECT_EQ(dataset.picture(1)[0], 2);
  EXPECT_EQ(dataset.picture(2)[0], 1);
}

TEST_F(PictureFolder, NamesItsFilesInTheOrderOfItsPictures) {
  EXPECT_EQ(picture_files(path_),
            (std::vector<fs::path>{path_ / "cat/1.PNG", path_ / "cat/2.png",
                                   path_ / "dog/1.png"}));
  EXPECT_NE(refusal([] { picture_files("no such folder"); }), "");
}

TEST_F(PictureFolder, OrdersNumbersByValue) {
  const fs::path numbers = folder_.path() / "numbers";
  for (const char* name : {"10", "9", "2"}) {
    write_png(numbers / name / "a.png", test_picture(2, 2));
  }
  EXPECT_EQ(read_picture_folder(numbers).class_names,
            (std::vector<std::string>{"2", "9", "10"}));
}

TEST_F(PictureFolder, BringsAnyPictureToOneSize) {
  put("cat/3.png", {1, 1, 4, {0, 0, 0, 0}});
  put("cat/4.png", {56, 14, 3, std::vector<std::uint8_t>(56 * 14 * 3, 77)});
  const Dataset dataset = read();
  EXPECT_EQ(dataset.width, 28);
  EXPECT_EQ(dataset.height, 28);
  EXPECT_EQ(dataset.picture(2)[99], 255);
  EXPECT_EQ(dataset.picture(3)[783], 77);
  EXPECT_EQ(read_picture_folder(path_, {7, 5}).picture_size(), 35);
}

TEST_F(PictureFolder, PassesOverOtherFiles) {
  const Dataset before = read();
  write_file(path_ / "cat" / "notes.txt", "not a picture");
  write_file(path_ / "cat" / ".hidden.png", "not a picture either");
  write_file(path_ / "README.md", "about these animals");
  fs::create_directory(path_ / ".thumbnails");
  EXPECT_EQ(read().pixels, before.pixels);
}

TEST_F(PictureFolder, TakesTheCacheWhenNothingChanged) {
  const Dataset first = read();
  ASSERT_TRUE(fs::exists(cache_));
  // The same size and time: only the cache still knows the old pixels.
  const fs::path picture = path_ / "cat" / "2.png";
  const auto time = fs::last_write_time(picture);
  const auto size = fs::file_size(picture);
  write_file(picture, std::string(size, 'x'));
  fs::last_write_time(picture, time);
  EXPECT_EQ(read().pixels, first.pixels);
  EXPECT_EQ(read().labels, first.labels);
}

TEST_F(PictureFolder, NoticesEveryChange) {
  read();
  put("cat/3.png", test_picture(28, 28, 4));
  EXPECT_EQ(read().count, 4) << "a new picture";
  fs::remove(path_ / "cat" / "2.png");
  EXPECT_EQ(read().count, 3) << "a removed picture";
  fs::rename(path_ / "cat" / "3.png", path_ / "cat" / "0.png");
  EXPECT_EQ(read().picture(0)[0], 4) << "a renamed picture";
  fs::rename(path_ / "cat", path_ / "fox");
  EXPECT_EQ(read().class_names.back(), "fox") << "a renamed class";
  put("dog/1.png", test_picture(28, 28, 5));
  fs::last_write_time(
      path_ / "dog" / "1.png",
      fs::file_time_type::clock::now() + std::chrono::seconds(5));
  EXPECT_EQ(read().picture(0)[0], 5) << "a changed picture";
}

TEST_F(PictureFolder, ReplacesADamagedCache) {
  const Dataset first = read();
  const auto size = fs::file_size(cache_);
  for (const auto& damage : {std::string(), std::string(size, '\0'),
                             std::string("someone else's file")}) {
    write_file(cache_, damage);
    EXPECT_EQ(read().pixels, first.pixels);
    EXPECT_EQ(fs::file_size(cache_), size);
  }
  fs::resize_file(cache_, size - 1);
  EXPECT_EQ(read().pixels, first.pixels);
  fs::resize_file(cache_, size + 1);
  EXPECT_EQ(read().pixels, first.pixels);
}

TEST_F(PictureFolder, DoesWithoutACacheWhereNoneCanBe) {
  fs::create_directories(cache_ / "in the way");
  EXPECT_EQ(read().count, 3);
}

TEST_F(PictureFolder, RefusesMissingFolder) {
  const std::string none = (folder_.path() / "none").string();
  EXPECT_EQ(refusal([&] { read_picture_folder(none); }),
            none +
                ": listing the folder: found \"No such file or directory\", "
                "expected a folder that can be read");
}

TEST_F(PictureFolder, RefusesUnreadableFolder) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  fs::permissions(path_ / "cat", fs::perms::none);
  EXPECT_EQ(read_refusal(),
            (path_ / "cat").string() +
                ": listing the folder: found \"Permission denied\", expected a "
                "folder that can be read");
  fs::permissions(path_ / "cat", fs::perms::owner_all);
}

TEST_F(PictureFolder, RefusesFolderWithoutClasses) {
  EXPECT_EQ(refusal([&] { read_picture_folder(path_ / "cat"); }),
            (path_ / "cat").string() +
                ": folders in it: found 0, expected 1 to 256, one for each "
                "class of pictures");
}

TEST_F(PictureFolder, RefusesEmptyClass) {
  fs::create_directory(path_ / "emu");
  EXPECT_EQ(read_refusal(),
            (path_ / "emu").string() +
                ": class folder: found no picture, expected at least one .png, "
                ".jpg or .jpeg file");
}

TEST_F(PictureFolder, RefusesPictureThatDoesNotDecode) {
  write_file(path_ / "cat" / "9.jpg", "no picture");
  EXPECT_EQ(read_refusal().find((path_ / "cat" / "9.jpg").string() +
                                ": decoding the picture: found "),
            0U);
  EXPECT_FALSE(fs::exists(cache_));
}

TEST_F(PictureFolder, RefusesDanglingLink) {
  fs::create_symlink("nowhere", path_ / "cat" / "9.png");
  EXPECT_EQ(read_refusal(), (path_ / "cat" / "9.png").string() +
                                ": opening it: found no such file, expected a "
                                "file that can be read");
}

TEST(PictureCache, FitsOnlyWhatItWasMadeFor) {
  Dataset dataset{"Two", "two", 2, 1, 1, 1, {7, 8}, {0, 1}, {"a", "b"}};
  auto bytes = make_picture_cache(dataset, 42);
  EXPECT_TRUE(parse_picture_cache(bytes, 42, dataset));
  EXPECT_FALSE(parse_picture_cache(bytes, 43, dataset)) << "another key";
  Dataset smaller = dataset;
  smaller.class_names.pop_back();
  EXPECT_FALSE(parse_picture_cache(bytes, 42, smaller)) << "fewer classes";
  Dataset longer = dataset;
  longer.count = 3;
  EXPECT_FALSE(parse_picture_cache(bytes, 42, longer)) << "more pictures";
  for (std::byte& byte : bytes) {
    byte ^= std::byte{4};
    EXPECT_FALSE(parse_picture_cache(bytes, 42, dataset)) << "a changed byte";
    byte ^= std::byte{4};
  }
}

TEST(PictureCache, KeyTellsWhereNamesEnd) {
  const auto key = [](std::string_view first, std::string_view second) {
    CacheKey result;
    result.add(bytes_of(first));
    result.add(std::int64_t{0});
    result.add(bytes_of(second));
    return result.value();
  };
  EXPECT_NE(key("a", "bc"), key("ab", "c"));
  EXPECT_EQ(key("a", "bc"), key("a", "bc"));
}

}  // namespace
}  // namespace cnn
