#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "common/data/dataset.hpp"
#include "common/data/sheets.hpp"
#include "files_for_tests.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;

const SheetIndex kLetters{"Letters", 3, 2, 2, 4, 2, {"a", "b", "c"}};

std::string index_refusal(std::string_view text) {
  return refusal([&] { parse_sheet_index(bytes_of(text), "index.json"); });
}

std::string changed(const std::string& from, const std::string& to) {
  std::string text = sheet_index_text(kLetters);
  return text.replace(text.find(from), from.size(), to);
}

// Tile t of class c starts with pixel 40c + 10t.
void write_sheets(const fs::path& folder) {
  write_file(folder / "index.json", sheet_index_text(kLetters));
  for (int label = 0; label < 3; ++label) {
    std::vector<Picture> pictures;
    for (int tile = 0; tile < 4; ++tile) {
      pictures.push_back(test_picture(3, 2, 40 * label + 10 * tile));
    }
    std::vector<std::span<const std::uint8_t>> tiles;
    for (const Picture& picture : pictures) tiles.emplace_back(picture.pixels);
    const std::string name = std::to_string(label) + ".png";
    write_png(folder / "train" / name, make_sheet(tiles, 3, 2, 2));
    tiles.resize(2);
    write_png(folder / "test" / name, make_sheet(tiles, 3, 2, 2));
  }
}

TEST(SheetIndex, ComesBackUnchanged) {
  const std::string text = sheet_index_text(kLetters);
  const SheetIndex index = parse_sheet_index(bytes_of(text), "index.json");
  EXPECT_EQ(sheet_index_text(index), text);
}

TEST(SheetIndex, RefusesWhatIsNoIndex) {
  const std::string expected =
      "index.json: whole file: found something else, expected a JSON object";
  for (const char* text : {"", "[1]", "{", "{}x", "7", "\xff"}) {
    EXPECT_EQ(index_refusal(text), expected);
  }
  EXPECT_EQ(index_refusal("{}"),
            "index.json: name: found \"null\", expected a text");
}

TEST(SheetIndex, RefusesFieldsOutOfRange) {
  EXPECT_EQ(index_refusal(changed("\"columns\": 2", "\"columns\": 0")),
            "index.json: columns: found \"0\", expected a number from 1 to 64");
  EXPECT_EQ(index_refusal(changed("\"tile_width\": 3", "\"tile_width\": -3")),
            "index.json: tile_width: found \"-3\", expected a number from 1 to "
            "256");
  EXPECT_EQ(index_refusal(changed("\"tile_height\"", "\"tile_hight\"")),
            "index.json: tile_height: found nothing, expected a number from 1 "
            "to 256");
  EXPECT_EQ(index_refusal(changed("_class\": 4", "_class\": 3")),
            "index.json: train_per_class: found 3, expected a multiple of the "
            "2 columns of a sheet");
  EXPECT_EQ(index_refusal(changed("\"a\"", "1")),
            "index.json: classes: found \"1\", expected a text");
  EXPECT_EQ(index_refusal(changed("\"classes\"", "\"Classes\"")),
            "index.json: classes: found nothing, expected a list of 1 to 256 "
            "names");
}

TEST(Sheets, ComeOneOfEachClassInTurn) {
  const TemporaryFolder folder;
  write_sheets(folder.path());
  const DatasetPair pair = read_sheets(folder.path());
  EXPECT_EQ(pair.train.count, 12);
  EXPECT_EQ(pair.test.count, 6);
  for (std::int64_t i = 0; i < 12; ++i) {
    const auto expected = test_picture(3, 2, 40 * (i % 3) + 10 * (i / 3));
    EXPECT_EQ(pair.train.labels[static_cast<std::size_t>(i)], i % 3);
    EXPECT_TRUE(std::ranges::equal(pair.train.picture(i), expected.pixels));
  }
}

TEST(Sheets, RefuseASheetOfAnotherSize) {
  const TemporaryFolder folder;
  write_sheets(folder.path());
  const fs::path sheet = folder.path() / "test" / "1.png";
  write_png(sheet, test_picture(6, 4));
  EXPECT_EQ(refusal([&] { read_sheets(folder.path()); }),
            sheet.string() +
                ": picture header: found 6x4 pixels with 1 channels, expected "
                "6x2 grey pixels (2 tiles)");
  fs::remove(sheet);
  EXPECT_EQ(refusal([&] { read_sheets(folder.path()); }),
            sheet.string() +
                ": opening it: found no such file, expected a file that can be "
                "read");
}

// The sets in the repository themselves.
class Repository : public testing::TestWithParam<const char*> {
 protected:
  fs::path folder() const {
    return fs::path(COURSE_SOURCE_DIR) / "datasets" / GetParam();
  }
};

TEST_P(Repository, IsBalancedAndWhole) {
  const DatasetPair pair = read_sheets(folder());
  for (const Dataset* part : {&pair.train, &pair.test}) {
    check_dataset(*part, GetParam());
    EXPECT_EQ(part->channels, 1);
    EXPECT_EQ(part->height, 28);
    EXPECT_EQ(part->width, 28);
    ASSERT_EQ(part->class_names.size(), 10U);
    EXPECT_EQ(std::ssize(part->pixels), part->count * 784);
    for (std::uint8_t label = 0; label < 10; ++label) {
      EXPECT_EQ(std::ranges::count(part->labels, label), part->count / 10);
    }
    for (std::int64_t i = 0; i < part->count; ++i) {
      EXPECT_GT(std::ranges::max(part->picture(i)), 100) << "picture " << i;
    }
  }
  EXPECT_EQ(pair.test.count, 1000);
  EXPECT_GE(pair.train.count, 3000);
}

TEST_P(Repository, HoldsNoTestPictureInItsTrainPart) {
  const DatasetPair pair = read_sheets(folder());
  std::vector<std::string> train;
  for (std::int64_t i = 0; i < pair.train.count; ++i) {
    const auto picture = pair.train.picture(i);
    train.emplace_back(picture.begin(), picture.end());
  }
  std::ranges::sort(train);
  for (std::int64_t i = 0; i < pair.test.count; ++i) {
    const auto picture = pair.test.picture(i);
    EXPECT_FALSE(std::ranges::binary_search(
        train, std::string(picture.begin(), picture.end())))
        << "test picture " << i;
  }
}

TEST_P(Repository, IsFoundByName) {
  const DatasetPair pair = load_dataset(GetParam());
  EXPECT_EQ(pair.train.class_names, read_sheets(folder()).train.class_names);
  EXPECT_NE(pair.train.source.find("pictures"), std::string::npos);
  EXPECT_EQ(pair.train.source, pair.test.source);
}

std::string readable(const testing::TestParamInfo<const char*>& info) {
  return std::string(info.param) == "mnist" ? "Mnist" : "FashionMnist";
}

INSTANTIATE_TEST_SUITE_P(Sets, Repository,
                         testing::Values("mnist", "fashion-mnist"), readable);

// Pixels, not bytes of files: another zlib packs the same pixels differently.
TEST(Subsets, AreWhatMakeSubsetsMakesOfTheFullSets) {
  const fs::path full = datasets_folder() / "full";
  for (const char* name : {"mnist", "fashion-mnist"}) {
    if (!fs::exists(full / name / "train-images-idx3-ubyte")) {
      GTEST_SKIP() << "the full sets are not here (./course data)";
    }
  }
  const TemporaryFolder out;
  const std::string command = std::string("'") + MAKE_SUBSETS + "' '" +
                              full.string() + "' '" + out.path().string() +
                              "' > /dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0);
  for (const char* name : {"mnist", "fashion-mnist"}) {
    const DatasetPair made = read_sheets(out.path() / name);
    const DatasetPair here =
        read_sheets(fs::path(COURSE_SOURCE_DIR) / "datasets" / name);
    EXPECT_EQ(made.train.pixels, here.train.pixels);
    EXPECT_EQ(made.test.pixels, here.test.pixels);
    EXPECT_EQ(made.train.class_names, here.train.class_names);
  }
}

}  // namespace
}  // namespace cnn
