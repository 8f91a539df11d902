// region quiet: includes
#include "chapters/07_four_reports/own_split.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "common/data/input.hpp"
#include "common/data/picture_folder.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;
// endregion

// region deal-out
/// Numbers of pictures: those that stay, and those that are taken away.
struct Dealt {
  std::vector<std::int64_t> rest;
  std::vector<std::int64_t> taken;
};

/// Takes one picture in six of each class, and at least one. Of 30 pictures
/// taken out of all alike, a class of 4 may well get none.
Dealt one_in_six(const Dataset& pictures, std::uint64_t seed) {
  Dealt dealt;
  std::vector<std::int64_t> left(pictures.class_names.size());
  for (const std::uint8_t label : pictures.labels) ++left[label];
  for (std::int64_t& count : left) {
    count = std::max<std::int64_t>(1, (count + 3) / 6);  // to be taken
  }
  for (const std::int64_t index : shuffled_indices(pictures.count, seed)) {
    std::int64_t& wanted =
        left[pictures.labels[static_cast<std::size_t>(index)]];
    (wanted-- > 0 ? dealt.taken : dealt.rest).push_back(index);
  }
  // The order of the files again: pictures are shuffled later, and lists of
  // names are for people.
  std::ranges::sort(dealt.taken);
  std::ranges::sort(dealt.rest);
  return dealt;
}
// endregion

// region enough-pictures
/// @param parts that each class has to have a picture for
void expect_enough(const Dataset& pictures, const std::string& where,
                   std::int64_t parts) {
  if (pictures.class_names.size() < 2) {
    throw bad_input(where, "classes",
                    std::to_string(pictures.class_names.size()),
                    "at least two: with one, there is nothing to tell apart");
  }
  std::vector<std::int64_t> counts(pictures.class_names.size());
  for (const std::uint8_t label : pictures.labels) ++counts[label];
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] >= parts) continue;
    throw bad_input(where, "class " + in_quotes(pictures.class_names[i]),
                    std::to_string(counts[i]) + " pictures",
                    parts == 3 ? "at least 3: one to learn from, one to tell "
                                 "when to stop, one to judge the result by"
                               : "at least 2: one to learn from, and one to "
                                 "tell when to stop");
  }
}
// endregion

// region read-own-pictures
/// Names of those of the files; of all, when there are no indices.
std::vector<std::string> names_of(const std::vector<fs::path>& files,
                                  std::vector<std::int64_t> indices = {}) {
  if (indices.empty()) {
    indices.resize(files.size());
    std::iota(indices.begin(), indices.end(), 0);
  }
  std::vector<std::string> names;
  names.reserve(indices.size());
  for (const std::int64_t index : indices) {
    names.push_back(files.at(static_cast<std::size_t>(index)).string());
  }
  return names;
}

bool has_parts(const fs::path& path) {
  return fs::is_directory(path / "train") && fs::is_directory(path / "test");
}

/// MNIST's own files are no classes.
bool has_idx_files(const fs::path& path) {
  return fs::exists(path / "train-images-idx3-ubyte") ||
         fs::exists(path / "train-images-idx3-ubyte.gz");
}

}  // namespace

OwnPictures read_own_pictures(const fs::path& path, std::uint64_t seed) {
  OwnPictures own;
  Dataset learn;
  if (fs::is_directory(path) && !has_parts(path) && !has_idx_files(path)) {
    const Dataset all = read_picture_folder(path);
    expect_enough(all, path.string(), 3);
    const Dealt dealt = one_in_six(all, seed);
    learn = select(all, dealt.rest);
    own.test = select(all, dealt.taken);
    own.test_files = names_of(picture_files(path), dealt.taken);
  } else {
    DatasetPair pair = load_dataset(path.string());
    learn = std::move(pair.train);
    own.test = std::move(pair.test);
    if (has_parts(path))
      own.test_files = names_of(picture_files(path / "test"));
  }
  expect_enough(learn, path.string(), 2);
  const Dealt dealt = one_in_six(learn, seed + 1);
  own.split = {select(learn, dealt.rest), select(learn, dealt.taken)};
  return own;
}

}  // namespace cnn
// endregion
