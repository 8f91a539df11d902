// region quiet: includes
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cnn {
// endregion

// region format-names
/// What writer and reader of safetensors have to agree on.
inline constexpr const char* kMetadataKey = "__metadata__";
inline constexpr const char* kChecksumKey = "crc32";
inline constexpr std::string_view kNoChecksum = "00000000";

/// Where in a header's text the eight digits of our checksum stand; nothing in
/// a file that somebody else wrote. No text inside the header can be mistaken
/// for it: there, JSON puts a backslash before each quotation mark.
inline std::optional<std::size_t> checksum_place(std::string_view header) {
  const std::string key = std::string("\"") + kChecksumKey + "\":\"";
  const std::size_t place = header.find(key);
  if (place == std::string_view::npos) return std::nullopt;
  if (header.size() - place < key.size() + kNoChecksum.size()) {
    return std::nullopt;
  }
  return place + key.size();
}

}  // namespace cnn
// endregion
