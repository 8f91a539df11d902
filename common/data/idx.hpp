/// @file
/// IDX, the file format of MNIST: a magic number, sizes, bytes.
/// Source: LeCun, Cortes and Burges, "The MNIST database of handwritten
/// digits", section "File formats".
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/data/dataset.hpp"

namespace cnn {

/// An array of bytes as an IDX file holds it, row-major.
struct IdxArray {
  std::vector<std::int64_t> sizes;   ///< outermost first, 1 to 4 of them
  std::vector<std::uint8_t> values;  ///< their product
};

/// No IDX file that the course reads is larger, unpacked, than 1 GiB.
inline constexpr std::size_t kMaximumIdxBytes = std::size_t{1} << 30;

/// Parses an IDX file of unsigned bytes. Throws InputError, naming `name`, on
/// a wrong magic number, sizes whose product overflows, and fewer or more
/// bytes than the sizes promise.
IdxArray parse_idx(std::span<const std::byte> bytes, std::string_view name);

/// Unpacks gzip (one member or several). Throws InputError, naming `name`, on
/// damaged or truncated input and beyond `limit` unpacked bytes.
std::vector<std::byte> unpack_gzip(std::span<const std::byte> bytes,
                                   std::string_view name,
                                   std::size_t limit = kMaximumIdxBytes);

/// parse_idx, after unpack_gzip where the first two bytes are gzip's.
IdxArray parse_idx_or_gzip(std::span<const std::byte> bytes,
                           std::string_view name);

/// Pictures and labels from two IDX files, gzipped or not. Throws InputError
/// as parse_idx does, when the images are not three-dimensional or the labels
/// not one-dimensional, when their counts disagree, when a label is not below
/// class_names.size(), and when a class has no picture. Empty `class_names`
/// means classes "0", "1", ... up to the largest label.
Dataset read_idx_dataset(const std::filesystem::path& images,
                         const std::filesystem::path& labels,
                         const std::vector<std::string>& class_names = {});

}  // namespace cnn
