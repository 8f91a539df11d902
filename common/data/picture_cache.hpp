/// @file
/// The one file in which a folder of pictures is kept, decoded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/data/dataset.hpp"

namespace cnn {

/// Identifies a list of files, their sizes and times: two lists that differ
/// get different keys, but for a chance of one in 2^64. (FNV-1a; it guards
/// against stale files, not against people.)
class CacheKey {
 public:
  /// Takes bytes into the key; their order counts.
  void add(std::span<const std::byte> bytes);
  /// Takes a number into the key.
  void add(std::int64_t number);
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

/// The bytes of a cache file: a header with the key and a CRC-32, the labels
/// and the pixels of `dataset`.
std::vector<std::byte> make_picture_cache(const Dataset& dataset,
                                          std::uint64_t key);

/// Fills in labels and pixels of `dataset`, whose other fields say what is
/// expected. Returns false and leaves it alone when the bytes are not a whole,
/// undamaged cache of exactly that under this key.
bool parse_picture_cache(std::span<const std::byte> bytes, std::uint64_t key,
                         Dataset& dataset);

}  // namespace cnn
