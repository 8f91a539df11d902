#include "common/data/dataset.hpp"

#include <array>
#include <cstdlib>
#include <optional>
#include <utility>

#include "common/data/csv.hpp"
#include "common/data/idx.hpp"
#include "common/data/input.hpp"
#include "common/data/picture_folder.hpp"
#include "common/data/sheets.hpp"
#include "common/data/split.hpp"

namespace cnn {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kHeldOutSeed = 1;
constexpr double kHeldOutFraction = 1.0 / 6;

// MNIST's names for its files: PART-images-idx3-ubyte and
// PART-labels-idx1-ubyte, with .gz when gzipped.
constexpr std::string_view kImages = "-images-idx3-ubyte";
constexpr std::string_view kLabels = "-labels-idx1-ubyte";
constexpr std::string_view kTrainPart = "train";
constexpr std::string_view kTestPart = "t10k";

std::optional<fs::path> find_idx(const fs::path& folder, std::string_view part,
                                 std::string_view kind) {
  for (const std::string_view ending : {"", ".gz"}) {
    fs::path path = folder / (std::string(part).append(kind).append(ending));
    if (fs::exists(path)) return path;
  }
  return std::nullopt;
}

// Both files of a part, or nothing.
std::optional<Dataset> read_idx_part(
    const fs::path& folder, std::string_view part,
    const std::vector<std::string>& class_names) {
  const auto images = find_idx(folder, part, kImages);
  const auto labels = find_idx(folder, part, kLabels);
  if (!images || !labels) return std::nullopt;
  return read_idx_dataset(*images, *labels, class_names);
}

bool has_all_idx_files(const fs::path& folder) {
  for (const std::string_view part : {kTrainPart, kTestPart}) {
    for (const std::string_view kind : {kImages, kLabels}) {
      if (!find_idx(folder, part, kind)) return false;
    }
  }
  return true;
}

DatasetPair hold_out(const Dataset& dataset) {
  Split split = split_by_fraction(dataset, kHeldOutFraction, kHeldOutSeed);
  return {std::move(split.train), std::move(split.validation)};
}

void check_same_kind(const DatasetPair& pair, const std::string& file) {
  const auto size_text = [](const Dataset& dataset) {
    return std::to_string(dataset.width) + "x" +
           std::to_string(dataset.height) + " pixels and " +
           std::to_string(dataset.class_names.size()) + " classes";
  };
  if (size_text(pair.train) != size_text(pair.test) ||
      pair.train.class_names != pair.test.class_names) {
    throw bad_input(file, "test part", size_text(pair.test),
                    "those of the train part, " + size_text(pair.train));
  }
}

std::string counts_text(const DatasetPair& pair) {
  return with_thousands(pair.train.count) + " + " +
         with_thousands(pair.test.count) + " pictures";
}

// Paths inside the source tree are shown as people type them there.
std::string shown_path(const fs::path& path) {
  const fs::path relative = path.lexically_relative(COURSE_SOURCE_DIR);
  const bool inside = !relative.empty() && *relative.begin() != "..";
  return (inside ? relative : path).string();
}

void describe_source(DatasetPair& pair, const std::string& sentence) {
  pair.train.source = sentence;
  pair.test.source = sentence;
}

DatasetPair load_known(const std::string& name) {
  const fs::path root = datasets_folder();
  const fs::path full = root / "full" / name;
  DatasetPair pair;
  if (has_all_idx_files(full)) {
    const auto path = root / name / "index.json";
    const SheetIndex index = parse_sheet_index(read_file(path), path.string());
    pair.train = *read_idx_part(full, kTrainPart, index.class_names);
    pair.test = *read_idx_part(full, kTestPart, index.class_names);
    pair.train.name = index.name;
    pair.test.name = index.name;
    describe_source(pair,
                    "full set, " + counts_text(pair) + ", " + shown_path(full));
  } else {
    pair = read_sheets(root / name);
    describe_source(pair, "the " + counts_text(pair) +
                              " in the repository (./course data " + name +
                              " gets all 70,000)");
  }
  return pair;
}

DatasetPair load_idx_folder(const fs::path& folder) {
  auto train = read_idx_part(folder, kTrainPart, {});
  if (!train) {
    throw bad_input(
        folder.string(), "files", "images without labels",
        std::string(kTrainPart).append(kLabels) + " beside the images");
  }
  auto test = read_idx_part(folder, kTestPart, train->class_names);
  if (!test) return hold_out(*train);
  return {std::move(*train), std::move(*test)};
}

DatasetPair load_folder(const fs::path& folder) {
  if (find_idx(folder, kTrainPart, kImages)) return load_idx_folder(folder);
  if (fs::is_directory(folder / "train") && fs::is_directory(folder / "test")) {
    return {read_picture_folder(folder / "train"),
            read_picture_folder(folder / "test")};
  }
  return hold_out(read_picture_folder(folder));
}

// `file` is either part's images, or its own set that is named differently.
DatasetPair load_idx_file(const fs::path& file) {
  const std::string name = file.filename().string();
  const std::size_t at = name.find(kImages);
  if (at == std::string::npos) {
    throw bad_input(file.string(), "name", in_quotes(name),
                    "a folder, a .csv file or an IDX file of images called "
                    "SOMETHING-images-idx3-ubyte, with .gz if gzipped");
  }
  const fs::path folder = file.parent_path();
  const std::string part = name.substr(0, at);
  if (part == kTrainPart) return load_idx_folder(folder);
  auto dataset = read_idx_part(folder, part, {});
  if (!dataset) {
    throw bad_input(file.string(), "labels", "no such file",
                    std::string(part).append(kLabels) + " beside the images");
  }
  return hold_out(*dataset);
}

DatasetPair load_path(const fs::path& path) {
  if (fs::is_directory(path)) return load_folder(path);
  if (path.extension() == ".csv") return hold_out(read_digit_csv(path));
  if (fs::exists(path)) return load_idx_file(path);
  throw bad_input(path.string(), "data set", "no such file or folder",
                  "mnist, fashion-mnist or the path of a data set");
}

}  // namespace

std::span<const std::uint8_t> Dataset::picture(std::int64_t index) const {
  const auto size = static_cast<std::size_t>(picture_size());
  return std::span(pixels).subspan(static_cast<std::size_t>(index) * size,
                                   size);
}

DatasetPair load_dataset(const std::string& name_or_path) {
  if (name_or_path == "mnist" || name_or_path == "fashion-mnist") {
    return load_known(name_or_path);
  }
  DatasetPair pair = load_path(name_or_path);
  check_same_kind(pair, name_or_path);
  describe_source(pair, counts_text(pair) + ", " + name_or_path);
  return pair;
}

fs::path datasets_folder() {
  const char* folder = std::getenv("LOOPS_TO_WARPS_DATASETS");
  if (folder != nullptr && *folder != '\0') return folder;
  return fs::path(COURSE_SOURCE_DIR) / "datasets";
}

Dataset select(const Dataset& dataset, std::span<const std::int64_t> indices) {
  Dataset result;
  result.name = dataset.name;
  result.source = dataset.source;
  result.count = std::ssize(indices);
  result.channels = dataset.channels;
  result.height = dataset.height;
  result.width = dataset.width;
  result.class_names = dataset.class_names;
  result.labels.reserve(indices.size());
  result.pixels.reserve(
      static_cast<std::size_t>(result.count * result.picture_size()));
  for (const std::int64_t index : indices) {
    const auto picture = dataset.picture(index);
    result.pixels.insert(result.pixels.end(), picture.begin(), picture.end());
    result.labels.push_back(dataset.labels[static_cast<std::size_t>(index)]);
  }
  return result;
}

void check_dataset(const Dataset& dataset, const std::string& file) {
  if (dataset.count < 1 || dataset.picture_size() < 1) {
    throw bad_input(file, "whole set",
                    with_thousands(dataset.count) + " pictures of " +
                        std::to_string(dataset.width) + "x" +
                        std::to_string(dataset.height) + " pixels",
                    "at least one picture with at least one pixel");
  }
  if (std::ssize(dataset.labels) != dataset.count) {
    throw bad_input(file, "labels", with_thousands(std::ssize(dataset.labels)),
                    with_thousands(dataset.count) + ", one a picture");
  }
  std::array<std::int64_t, 256> pictures_of{};
  const std::size_t classes = dataset.class_names.size();
  for (std::size_t i = 0; i < dataset.labels.size(); ++i) {
    const std::size_t label = dataset.labels[i];
    if (label >= classes) {
      throw bad_input(
          file, "picture " + std::to_string(i),
          "label " + std::to_string(label),
          "one below " + std::to_string(classes) + ", the number of classes");
    }
    ++pictures_of[label];
  }
  for (std::size_t label = 0; label < classes; ++label) {
    if (pictures_of[label] == 0) {
      throw bad_input(file, "class " + in_quotes(dataset.class_names[label]),
                      "no picture",
                      "at least one in each of the " + std::to_string(classes) +
                          " classes");
    }
  }
}

}  // namespace cnn
