// Makes the sets in the repository from the full ones: of each class, pictures
// at even distances over the whole file. Not the first ones: the first half of
// MNIST's test pictures is known to be easier to read than the second.
//
// make_subsets FULL OUT    reads FULL/mnist and FULL/fashion-mnist (IDX files),
//                          writes OUT/mnist and OUT/fashion-mnist
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "common/atomic_file.hpp"
#include "common/data/dataset.hpp"
#include "common/data/input.hpp"
#include "common/data/picture.hpp"
#include "common/data/sheets.hpp"

namespace {

namespace fs = std::filesystem;

struct Subset {
  std::string folder;
  cnn::SheetIndex index;
};

// How many pictures is a matter of room: together the files stay below 3 MB,
// and a clothes picture takes three times as much as a digit.
const std::array<Subset, 2> kSubsets = {{
    {"mnist",
     {"MNIST",
      28,
      28,
      25,
      600,
      100,
      {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}}},
    {"fashion-mnist",
     {"Fashion-MNIST",
      28,
      28,
      25,
      300,
      100,
      {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt",
       "Sneaker", "Bag", "Ankle boot"}}},
}};

// Number floor(i * n / wanted), for i from 0 to wanted - 1, of the n pictures
// of a class in the file's order.
std::vector<std::span<const std::uint8_t>> spread_over_class(
    const cnn::Dataset& dataset, std::size_t label, std::int64_t wanted) {
  std::vector<std::span<const std::uint8_t>> all;
  for (std::int64_t i = 0; i < dataset.count; ++i) {
    if (dataset.labels[static_cast<std::size_t>(i)] == label) {
      all.push_back(dataset.picture(i));
    }
  }
  if (std::ssize(all) < wanted) {
    throw cnn::bad_input(dataset.source, "class " + std::to_string(label),
                         std::to_string(all.size()) + " pictures",
                         "at least " + std::to_string(wanted));
  }
  std::vector<std::span<const std::uint8_t>> chosen;
  for (std::int64_t i = 0; i < wanted; ++i) {
    chosen.push_back(
        all[static_cast<std::size_t>(i * std::ssize(all) / wanted)]);
  }
  return chosen;
}

void write_part(const fs::path& folder, const cnn::SheetIndex& index,
                const cnn::Dataset& dataset, std::int64_t per_class) {
  for (std::size_t label = 0; label < index.class_names.size(); ++label) {
    const auto tiles = spread_over_class(dataset, label, per_class);
    cnn::write_png(folder / (std::to_string(label) + ".png"),
                   cnn::make_sheet(tiles, index.tile_width, index.tile_height,
                                   index.columns));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: make_subsets FULL OUT\n", stderr);
    return 2;
  }
  try {
    for (const Subset& subset : kSubsets) {
      const auto full =
          cnn::load_dataset((fs::path(argv[1]) / subset.folder).string());
      const fs::path out = fs::path(argv[2]) / subset.folder;
      write_part(out / "train", subset.index, full.train,
                 subset.index.train_per_class);
      write_part(out / "test", subset.index, full.test,
                 subset.index.test_per_class);
      cnn::write_atomically(out / "index.json",
                            cnn::sheet_index_text(subset.index));
      std::printf("wrote %s\n", out.c_str());
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_subsets: %s\n", error.what());
    return 2;
  }
  return 0;
}
