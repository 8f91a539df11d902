/// @file
/// Pictures: read from PNG and JPEG, written as PNG, made grey, resized.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace cnn {

/// An 8-bit picture: rows from top to bottom, pixels from left to right, the
/// channels of one pixel side by side (HWC). Channels: 1 grey, 2 grey and
/// alpha, 3 red green blue, 4 red green blue alpha.
struct Picture {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t channels = 0;
  std::vector<std::uint8_t> pixels;  ///< height * width * channels bytes

  bool operator==(const Picture&) const = default;
};

/// Larger pictures are refused before anything is allocated for them.
inline constexpr std::int64_t kMaximumPictureSide = 16384;
inline constexpr std::int64_t kMaximumPicturePixels = std::int64_t{1} << 26;

/// Decodes a PNG or JPEG, with as many channels as it has. Throws InputError,
/// naming the picture `name`, when the bytes are neither, are damaged, or
/// claim a size beyond the limits above.
Picture decode_picture(std::span<const std::byte> bytes, std::string_view name);

/// decode_picture of a whole file. Throws InputError.
Picture read_picture(const std::filesystem::path& path);

/// The bytes of a PNG file. Throws std::invalid_argument when the picture has
/// no pixels, not 1 to 4 channels, a size beyond the limits above or not as
/// many bytes as that size needs.
std::vector<std::byte> encode_png(const Picture& picture);

/// Writes encode_png(picture) to `path`, whole or not at all. Throws
/// std::invalid_argument as encode_png does, and InputError when the file
/// cannot be written (no such folder, no right to write, disk full).
void write_png(const std::filesystem::path& path, const Picture& picture);

/// One channel. Colour becomes luma, 0.299 red + 0.587 green + 0.114 blue
/// (ITU-R BT.601); alpha is laid over white, as picture viewers show it.
Picture to_grey(const Picture& picture);

/// The picture at another size, stretched to fit. Each new pixel is the mean
/// of the area that it covers in the old picture (a box filter), so shrinking
/// keeps thin strokes as grey instead of dropping them.
Picture resize(const Picture& picture, std::int64_t width, std::int64_t height);

}  // namespace cnn
