#include "common/data/picture.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

#define STBI_NO_STDIO
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image.h>
#include <stb/stb_image_write.h>

#include "common/atomic_file.hpp"
#include "common/data/input.hpp"
#include "common/data/jpeg_check.hpp"
#include "common/data/png_check.hpp"

namespace cnn {

namespace {

constexpr auto kFirstOfJpeg = std::byte{0xff};
constexpr auto kFirstOfPng = std::byte{0x89};

struct StbFree {
  void operator()(stbi_uc* pointer) const { stbi_image_free(pointer); }
};

std::string size_text(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

InputError undecodable(std::string_view name) {
  return bad_input(name, "decoding the picture",
                   std::string("\"") + stbi_failure_reason() + "\"",
                   "an intact PNG or JPEG with sides of at most " +
                       std::to_string(kMaximumPictureSide) + " pixels");
}

std::size_t byte_count(const Picture& picture) {
  return static_cast<std::size_t>(picture.width * picture.height *
                                  picture.channels);
}

void check_sizes(const Picture& picture) {
  if (picture.width < 1 || picture.width > kMaximumPictureSide ||
      picture.height < 1 || picture.height > kMaximumPictureSide ||
      picture.width * picture.height > kMaximumPicturePixels ||
      picture.channels < 1 || picture.channels > 4 ||
      picture.pixels.size() != byte_count(picture)) {
    throw std::invalid_argument(
        "a picture of " + size_text(picture.width, picture.height) + " with " +
        std::to_string(picture.channels) + " channels and " +
        std::to_string(picture.pixels.size()) + " bytes is not a picture");
  }
}

void append_bytes(void* context, void* data, int size) {
  auto& bytes = *static_cast<std::vector<std::byte>*>(context);
  const auto* begin = static_cast<const std::byte*>(data);
  bytes.insert(bytes.end(), begin, begin + size);
}

std::vector<std::byte> encode_with_filter(const Picture& picture, int filter) {
  stbi_write_force_png_filter = filter;
  std::vector<std::byte> bytes;
  const int stride = static_cast<int>(picture.width * picture.channels);
  if (stbi_write_png_to_func(
          append_bytes, &bytes, static_cast<int>(picture.width),
          static_cast<int>(picture.height), static_cast<int>(picture.channels),
          picture.pixels.data(), stride) == 0) {
    throw std::bad_alloc();  // its only way to fail
  }
  return bytes;
}

// How far the cell [index, index + 1) of `to` cells reaches into each of
// `from` cells along one axis: the first cell and the weights from there on.
struct Coverage {
  std::int64_t first = 0;
  std::vector<double> weights;  // they sum to 1
};

Coverage coverage(std::int64_t index, std::int64_t from, std::int64_t to) {
  // In units of 1/to of an old cell all ends are integers, hence exact.
  const std::int64_t begin = index * from;
  const std::int64_t end = begin + from;
  Coverage result{begin / to, {}};
  for (std::int64_t cell = result.first; cell * to < end; ++cell) {
    const std::int64_t overlap =
        std::min(end, (cell + 1) * to) - std::max(begin, cell * to);
    result.weights.push_back(static_cast<double>(overlap) /
                             static_cast<double>(from));
  }
  return result;
}

}  // namespace

Picture decode_picture(std::span<const std::byte> bytes,
                       std::string_view name) {
  if (bytes.size() > INT32_MAX) {
    throw bad_input(name, "size", with_thousands(std::ssize(bytes)) + " bytes",
                    "a picture file of less than 2 GiB");
  }
  const std::byte first = bytes.empty() ? std::byte{0} : bytes[0];
  if (first == kFirstOfJpeg) check_huffman_tables(bytes, name);
  if (first == kFirstOfPng) check_chunk_lengths(bytes, name);
  const auto* data = reinterpret_cast<const stbi_uc*>(bytes.data());
  const int size = static_cast<int>(bytes.size());
  int width = 0;
  int height = 0;
  int channels = 0;
  const auto decode = [&] {
    return std::unique_ptr<stbi_uc, StbFree>(
        stbi_load_from_memory(data, size, &width, &height, &channels, 0));
  };
  if (stbi_info_from_memory(data, size, &width, &height, &channels) == 0) {
    decode();  // fails at the same place, but remembers why
    throw undecodable(name);
  }
  if (width > kMaximumPictureSide || height > kMaximumPictureSide ||
      std::int64_t{width} * height > kMaximumPicturePixels) {
    throw bad_input(
        name, "picture header", size_text(width, height) + " pixels",
        "sides of at most " + std::to_string(kMaximumPictureSide) +
            " and at most " + with_thousands(kMaximumPicturePixels) +
            " pixels in all");
  }
  const auto decoded = decode();
  if (decoded == nullptr) throw undecodable(name);
  Picture picture{width, height, channels, {}};
  picture.pixels.assign(decoded.get(), decoded.get() + byte_count(picture));
  return picture;
}

Picture read_picture(const std::filesystem::path& path) {
  return decode_picture(read_file(path), path.string());
}

std::vector<std::byte> encode_png(const Picture& picture) {
  check_sizes(picture);
  // Filtering rows helps photographs and hurts drawings; guessing which one
  // this is costs more code than trying both.
  constexpr int kNoFilter = 0;
  constexpr int kChooseByRow = -1;
  auto plain = encode_with_filter(picture, kNoFilter);
  auto filtered = encode_with_filter(picture, kChooseByRow);
  return plain.size() <= filtered.size() ? plain : filtered;
}

void write_png(const std::filesystem::path& path, const Picture& picture) {
  write_atomically(path, encode_png(picture));
}

Picture to_grey(const Picture& picture) {
  check_sizes(picture);
  Picture grey{picture.width, picture.height, 1, {}};
  grey.pixels.reserve(byte_count(grey));
  const auto channels = static_cast<std::size_t>(picture.channels);
  const bool has_colour = channels >= 3;
  const bool has_alpha = channels == 2 || channels == 4;
  for (std::size_t at = 0; at < picture.pixels.size(); at += channels) {
    const std::uint8_t* pixel = &picture.pixels[at];
    int luma = pixel[0];
    if (has_colour) {
      luma = (299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2] + 500) / 1000;
    }
    if (has_alpha) {
      const int alpha = pixel[channels - 1];
      luma = (luma * alpha + 255 * (255 - alpha) + 127) / 255;
    }
    grey.pixels.push_back(static_cast<std::uint8_t>(luma));
  }
  return grey;
}

Picture resize(const Picture& picture, std::int64_t width,
               std::int64_t height) {
  check_sizes(picture);
  Picture result{width, height, picture.channels, {}};
  if (width == picture.width && height == picture.height) return picture;
  if (width < 1 || height < 1 || width > kMaximumPictureSide ||
      height > kMaximumPictureSide || width * height > kMaximumPicturePixels) {
    throw std::invalid_argument("resize: a picture of " +
                                size_text(width, height) + " pixels");
  }
  result.pixels.reserve(byte_count(result));

  std::vector<Coverage> columns;
  for (std::int64_t x = 0; x < width; ++x) {
    columns.push_back(coverage(x, picture.width, width));
  }
  for (std::int64_t y = 0; y < height; ++y) {
    const Coverage rows = coverage(y, picture.height, height);
    for (const Coverage& column : columns) {
      for (std::int64_t channel = 0; channel < picture.channels; ++channel) {
        double mean = 0;
        for (std::size_t row = 0; row < rows.weights.size(); ++row) {
          const std::int64_t source_row =
              rows.first + static_cast<std::int64_t>(row);
          const std::uint8_t* pixel = &picture.pixels[static_cast<std::size_t>(
              (source_row * picture.width + column.first) * picture.channels +
              channel)];
          double row_mean = 0;
          for (const double weight : column.weights) {
            row_mean += weight * *pixel;
            pixel += picture.channels;
          }
          mean += rows.weights[row] * row_mean;
        }
        result.pixels.push_back(static_cast<std::uint8_t>(std::lround(mean)));
      }
    }
  }
  return result;
}

}  // namespace cnn
