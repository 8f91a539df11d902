#include "common/data/picture_folder.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "common/atomic_file.hpp"
#include "common/data/input.hpp"
#include "common/data/picture.hpp"
#include "common/data/picture_cache.hpp"

namespace cnn {

namespace {

namespace fs = std::filesystem;

constexpr const char* kCacheName = ".loops-to-warps-cache";
constexpr std::size_t kMaximumClasses = 256;  // labels are bytes

struct PictureFile {
  fs::path path;
  std::uint8_t label = 0;
};

std::vector<fs::path> visible_entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (!entry->path().filename().string().starts_with('.')) {
      entries.push_back(entry->path());
    }
  }
  if (error) {
    throw bad_input(folder.string(), "listing the folder",
                    "\"" + error.message() + "\"", "a folder that can be read");
  }
  // The order in which a file system lists its files means nothing.
  std::ranges::sort(entries);
  return entries;
}

std::optional<std::uint64_t> as_number(const fs::path& path) {
  const std::string name = path.filename().string();
  const char* end = name.data() + name.size();
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(name.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

// "9" before "10" where all classes are numbers.
void sort_classes(std::vector<fs::path>& classes) {
  const bool numbers = std::ranges::all_of(classes, [](const fs::path& path) {
    return as_number(path).has_value();
  });
  if (numbers) std::ranges::stable_sort(classes, {}, as_number);
}

std::vector<fs::path> class_folders(const fs::path& folder) {
  std::vector<fs::path> classes = visible_entries(folder);
  std::erase_if(classes, [](const fs::path& path) {
    std::error_code ignored;
    return !fs::is_directory(path, ignored);
  });
  if (classes.empty() || classes.size() > kMaximumClasses) {
    throw bad_input(folder.string(), "folders in it",
                    std::to_string(classes.size()),
                    "1 to 256, one for each class of pictures");
  }
  sort_classes(classes);
  return classes;
}

bool is_picture(const fs::path& path) {
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z'
               ? static_cast<char>(letter - 'A' + 'a')
               : letter;
  });
  return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

std::vector<PictureFile> list_pictures(const std::vector<fs::path>& classes) {
  std::vector<PictureFile> files;
  for (std::size_t label = 0; label < classes.size(); ++label) {
    const std::size_t before = files.size();
    for (const fs::path& path : visible_entries(classes[label])) {
      if (is_picture(path)) {
        files.push_back({path, static_cast<std::uint8_t>(label)});
      }
    }
    if (files.size() == before) {
      throw bad_input(classes[label].string(), "class folder", "no picture",
                      "at least one .png, .jpg or .jpeg file");
    }
  }
  return files;
}

// Everything that the decoded pictures depend on.
std::uint64_t cache_key(const fs::path& folder,
                        const std::vector<PictureFile>& files,
                        const PictureFolderOptions& options) {
  CacheKey key;
  key.add(options.width);
  key.add(options.height);
  for (const PictureFile& file : files) {
    std::error_code ignored;  // reading the picture will tell
    const std::string name = file.path.lexically_relative(folder).string();
    key.add(std::as_bytes(std::span(name)));
    key.add(std::int64_t{0});  // ends the name: "a","bc" is not "ab","c"
    key.add(static_cast<std::int64_t>(fs::file_size(file.path, ignored)));
    key.add(static_cast<std::int64_t>(
        fs::last_write_time(file.path, ignored).time_since_epoch().count()));
  }
  return key.value();
}

bool read_cache(const fs::path& path, std::uint64_t key, Dataset& dataset) {
  try {
    return parse_picture_cache(read_file(path), key, dataset);
  } catch (const InputError&) {
    return false;  // there is none yet
  }
}

void write_cache(const fs::path& path, std::uint64_t key,
                 const Dataset& dataset) {
  try {
    write_atomically(path, make_picture_cache(dataset, key));
  } catch (const InputError&) {
    // It only saves time; nothing is lost without it.
  }
}

void decode_all(const std::vector<PictureFile>& files, Dataset& dataset) {
  for (const PictureFile& file : files) {
    const Picture picture =
        resize(to_grey(read_picture(file.path)), dataset.width, dataset.height);
    dataset.pixels.insert(dataset.pixels.end(), picture.pixels.begin(),
                          picture.pixels.end());
    dataset.labels.push_back(file.label);
  }
}

}  // namespace

std::vector<fs::path> picture_files(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (PictureFile& file : list_pictures(class_folders(folder))) {
    paths.push_back(std::move(file.path));
  }
  return paths;
}

Dataset read_picture_folder(const fs::path& folder,
                            const PictureFolderOptions& options) {
  const std::vector<fs::path> classes = class_folders(folder);
  const std::vector<PictureFile> files = list_pictures(classes);

  Dataset dataset;
  dataset.name = fs::absolute(folder / "").parent_path().filename().string();
  dataset.source = folder.string();
  dataset.count = std::ssize(files);
  dataset.channels = 1;
  dataset.height = options.height;
  dataset.width = options.width;
  for (const fs::path& path : classes) {
    dataset.class_names.push_back(path.filename().string());
  }
  const fs::path cache = folder / kCacheName;
  const std::uint64_t key = cache_key(folder, files, options);
  if (!read_cache(cache, key, dataset)) {
    decode_all(files, dataset);
    write_cache(cache, key, dataset);
  }
  return dataset;
}

}  // namespace cnn
