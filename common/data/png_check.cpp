#include "common/data/png_check.hpp"

#include <string>

#include "common/data/input.hpp"

namespace cnn {

namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kChunkHeader = 8;  // its length, its type
constexpr std::size_t kChecksum = 4;
constexpr std::size_t kEnd = 0x49454e44;  // "IEND"

// Big-endian; like stb_image, reads zeros beyond the end.
std::size_t read_32(std::span<const std::byte> bytes, std::size_t at) {
  std::size_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    value <<= 8U;
    if (i < bytes.size()) value |= std::to_integer<std::size_t>(bytes[i]);
  }
  return value;
}

}  // namespace

void check_chunk_lengths(std::span<const std::byte> png,
                         std::string_view name) {
  std::size_t at = kSignature;
  while (at < png.size() && read_32(png, at + 4) != kEnd) {
    const std::size_t length = read_32(png, at);
    const std::size_t data = at + kChunkHeader;
    const std::size_t left = data < png.size() ? png.size() - data : 0;
    if (length > left) {
      throw bad_input(
          name, "byte " + std::to_string(at),
          "a chunk of " + std::to_string(length) + " bytes",
          "at most the " + std::to_string(left) + " that the file still has");
    }
    at = data + length + kChecksum;
  }
}

}  // namespace cnn
