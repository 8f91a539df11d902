#include "common/data/sheets.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "common/data/input.hpp"

namespace cnn {

namespace {

constexpr std::int64_t kMaximumTileSide = 256;
constexpr std::int64_t kMaximumColumns = 64;
constexpr std::int64_t kMaximumPerClass = 100000;
constexpr std::size_t kMaximumClasses = 256;  // labels are bytes

std::int64_t integer(const nlohmann::json& json, const char* key,
                     std::int64_t maximum, std::string_view file) {
  const auto found = json.find(key);
  const bool valid =
      found != json.end() && found->is_number_unsigned() &&
      found->get<std::uint64_t>() >= 1 &&
      found->get<std::uint64_t>() <= static_cast<std::uint64_t>(maximum);
  if (!valid) {
    throw bad_input(file, key,
                    found == json.end() ? "nothing" : in_quotes(found->dump()),
                    "a number from 1 to " + std::to_string(maximum));
  }
  return found->get<std::int64_t>();
}

std::string text(const nlohmann::json& json, std::string_view place,
                 std::string_view file) {
  if (!json.is_string() || json.get_ref<const std::string&>().empty()) {
    throw bad_input(file, place, in_quotes(json.dump()), "a text");
  }
  return json.get<std::string>();
}

std::vector<std::string> class_list(const nlohmann::json& json,
                                    std::string_view file) {
  const auto found = json.find("classes");
  if (found == json.end() || !found->is_array() || found->empty() ||
      found->size() > kMaximumClasses) {
    throw bad_input(file, "classes",
                    found == json.end() ? "nothing" : in_quotes(found->dump()),
                    "a list of 1 to 256 names");
  }
  std::vector<std::string> names;
  for (const auto& element : *found) {
    names.push_back(text(element, "classes", file));
  }
  return names;
}

void check_rows(std::int64_t pictures, std::int64_t columns, const char* key,
                std::string_view file) {
  if (pictures % columns == 0) return;
  throw bad_input(
      file, key, std::to_string(pictures),
      "a multiple of the " + std::to_string(columns) + " columns of a sheet");
}

Picture read_sheet(const std::filesystem::path& path, const SheetIndex& index,
                   std::int64_t per_class) {
  Picture sheet = read_picture(path);
  const std::int64_t width = index.columns * index.tile_width;
  const std::int64_t height = per_class / index.columns * index.tile_height;
  if (sheet.width != width || sheet.height != height || sheet.channels != 1) {
    throw bad_input(
        path.string(), "picture header",
        std::to_string(sheet.width) + "x" + std::to_string(sheet.height) +
            " pixels with " + std::to_string(sheet.channels) + " channels",
        std::to_string(width) + "x" + std::to_string(height) +
            " grey pixels (" + std::to_string(per_class) + " tiles)");
  }
  return sheet;
}

void append_tile(const Picture& sheet, const SheetIndex& index,
                 std::int64_t tile, std::vector<std::uint8_t>& pixels) {
  const std::int64_t left = tile % index.columns * index.tile_width;
  const std::int64_t top = tile / index.columns * index.tile_height;
  for (std::int64_t y = top; y < top + index.tile_height; ++y) {
    const auto begin = sheet.pixels.begin() + y * sheet.width + left;
    pixels.insert(pixels.end(), begin, begin + index.tile_width);
  }
}

Dataset read_part(const std::filesystem::path& folder, const SheetIndex& index,
                  std::int64_t per_class) {
  const auto classes = static_cast<std::int64_t>(index.class_names.size());
  std::vector<Picture> sheets;
  for (std::int64_t label = 0; label < classes; ++label) {
    sheets.push_back(read_sheet(folder / (std::to_string(label) + ".png"),
                                index, per_class));
  }
  Dataset dataset;
  dataset.name = index.name;
  dataset.source = folder.string();
  dataset.count = classes * per_class;
  dataset.channels = 1;
  dataset.height = index.tile_height;
  dataset.width = index.tile_width;
  dataset.class_names = index.class_names;
  dataset.pixels.reserve(
      static_cast<std::size_t>(dataset.count * dataset.picture_size()));
  for (std::int64_t tile = 0; tile < per_class; ++tile) {
    for (std::size_t label = 0; label < sheets.size(); ++label) {
      append_tile(sheets[label], index, tile, dataset.pixels);
      dataset.labels.push_back(static_cast<std::uint8_t>(label));
    }
  }
  return dataset;
}

}  // namespace

SheetIndex parse_sheet_index(std::span<const std::byte> bytes,
                             std::string_view name) {
  const auto* begin = reinterpret_cast<const char*>(bytes.data());
  const auto json =
      nlohmann::json::parse(begin, begin + bytes.size(), nullptr, false);
  if (!json.is_object()) {
    throw bad_input(name, "whole file", "something else", "a JSON object");
  }
  SheetIndex index;
  index.name = text(json.value("name", nlohmann::json()), "name", name);
  index.tile_width = integer(json, "tile_width", kMaximumTileSide, name);
  index.tile_height = integer(json, "tile_height", kMaximumTileSide, name);
  index.columns = integer(json, "columns", kMaximumColumns, name);
  index.train_per_class =
      integer(json, "train_per_class", kMaximumPerClass, name);
  index.test_per_class =
      integer(json, "test_per_class", kMaximumPerClass, name);
  index.class_names = class_list(json, name);
  check_rows(index.train_per_class, index.columns, "train_per_class", name);
  check_rows(index.test_per_class, index.columns, "test_per_class", name);
  return index;
}

std::string sheet_index_text(const SheetIndex& index) {
  nlohmann::ordered_json json;
  json["name"] = index.name;
  json["layout"] =
      "train/C.png and test/C.png hold the pictures of class number C, tile "
      "beside tile, columns to a row, rows from top to bottom";
  json["tile_width"] = index.tile_width;
  json["tile_height"] = index.tile_height;
  json["columns"] = index.columns;
  json["train_per_class"] = index.train_per_class;
  json["test_per_class"] = index.test_per_class;
  json["classes"] = index.class_names;
  return json.dump(2) + "\n";
}

Picture make_sheet(std::span<const std::span<const std::uint8_t>> tiles,
                   std::int64_t width, std::int64_t height,
                   std::int64_t columns) {
  const std::int64_t rows = std::ssize(tiles) / columns;
  if (rows * columns != std::ssize(tiles)) {
    throw std::invalid_argument("make_sheet: the last row is not full");
  }
  Picture sheet{columns * width, rows * height, 1, {}};
  for (std::int64_t y = 0; y < sheet.height; ++y) {
    for (std::int64_t column = 0; column < columns; ++column) {
      const auto tile =
          tiles[static_cast<std::size_t>(y / height * columns + column)];
      const auto begin = tile.begin() + y % height * width;
      sheet.pixels.insert(sheet.pixels.end(), begin, begin + width);
    }
  }
  return sheet;
}

DatasetPair read_sheets(const std::filesystem::path& folder) {
  const auto path = folder / "index.json";
  const SheetIndex index = parse_sheet_index(read_file(path), path.string());
  return {read_part(folder / "train", index, index.train_per_class),
          read_part(folder / "test", index, index.test_per_class)};
}

}  // namespace cnn
