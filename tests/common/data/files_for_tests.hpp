// What the tests of the readers share: files made from text, and the sentence
// that bad input is refused with.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/data/picture.hpp"
#include "common/errors.hpp"
#include "tests/common/temporary_folder.hpp"

namespace cnn {

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

inline void write_file(const std::filesystem::path& path,
                       std::span<const std::byte> bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream stream(path, std::ios::binary);
  stream.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

inline void write_file(const std::filesystem::path& path,
                       std::string_view text) {
  write_file(path, bytes_of(text));
}

/// The sentence of the InputError that `run` must throw.
inline std::string refusal(const std::function<void()>& run) {
  try {
    run();
  } catch (const InputError& error) {
    return error.what();
  }
  return "(not refused)";
}

/// A grey picture without any symmetry: pixel (x, y) is 7x + 31y + start.
inline Picture test_picture(std::int64_t width, std::int64_t height,
                            std::int64_t start = 0) {
  Picture picture{width, height, 1, {}};
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      picture.pixels.push_back(
          static_cast<std::uint8_t>(7 * x + 31 * y + start));
    }
  }
  return picture;
}

/// An IDX file: sizes as four bytes each, most significant first, then data.
inline std::string idx_text(const std::vector<std::uint32_t>& sizes,
                            std::string_view data) {
  std::string text{'\0', '\0', '\x08', static_cast<char>(sizes.size())};
  for (const std::uint32_t size : sizes) {
    for (const int shift : {24, 16, 8, 0}) {
      text += static_cast<char>(size >> shift & 0xff);
    }
  }
  return text.append(data);
}

}  // namespace cnn
