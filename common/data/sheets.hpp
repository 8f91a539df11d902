/// @file
/// The sets in the repository: one sheet of small pictures for each class.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/data/dataset.hpp"
#include "common/data/picture.hpp"

namespace cnn {

/// What a set's index.json says. The pictures of class c lie in
/// train/c.png and test/c.png, tile beside tile, `columns` to a row, rows from
/// top to bottom.
struct SheetIndex {
  std::string name;  ///< "MNIST"
  std::int64_t tile_width = 0;
  std::int64_t tile_height = 0;
  std::int64_t columns = 0;          ///< tiles in a row of a sheet
  std::int64_t train_per_class = 0;  ///< a multiple of columns
  std::int64_t test_per_class = 0;   ///< a multiple of columns
  std::vector<std::string> class_names;
};

/// Parses an index.json. Throws InputError, naming `name`, when it is not
/// JSON, lacks a field, or has one out of range.
SheetIndex parse_sheet_index(std::span<const std::byte> bytes,
                             std::string_view name);

/// The text of an index.json: what parse_sheet_index reads back.
std::string sheet_index_text(const SheetIndex& index);

/// Lays out grey pictures of one size, each `height * width` bytes, as a
/// sheet. Their number must be a multiple of `columns`.
Picture make_sheet(std::span<const std::span<const std::uint8_t>> tiles,
                   std::int64_t width, std::int64_t height,
                   std::int64_t columns);

/// Reads both parts of a set. Pictures come in turns, one of each class, so
/// that any run of them is balanced. Throws InputError when the index or a
/// sheet cannot be read, or a sheet has not the size that the index promises.
DatasetPair read_sheets(const std::filesystem::path& folder);

}  // namespace cnn
