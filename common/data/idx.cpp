#include "common/data/idx.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include "common/data/input.hpp"

namespace cnn {

namespace {

constexpr std::size_t kHeaderStart = 4;  // two zeros, type, dimensions
constexpr std::size_t kSizeBytes = 4;
constexpr unsigned kUnsignedBytes = 0x08;
constexpr unsigned kMaximumDimensions = 4;
constexpr std::size_t kUnpackAtOnce = 1 << 16;

unsigned byte_at(std::span<const std::byte> bytes, std::size_t index) {
  return std::to_integer<unsigned>(bytes[index]);
}

std::string hexadecimal(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    const auto value = std::to_integer<unsigned>(byte);
    text += text.empty() ? "" : " ";
    text += kDigits[value >> 4];
    text += kDigits[value & 15];
  }
  return text;
}

std::string joined(const std::vector<std::int64_t>& sizes) {
  std::string text;
  for (const std::int64_t size : sizes) {
    text += (text.empty() ? "" : "x") + std::to_string(size);
  }
  return text;
}

std::string bytes_text(std::size_t count) {
  return with_thousands(static_cast<std::int64_t>(count)) + " bytes";
}

// Ends inflate whichever way the function that uses it ends.
struct Inflate {
  z_stream stream{};
  Inflate() {
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&stream, MAX_WBITS + kGzipOnly) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~Inflate() { inflateEnd(&stream); }
  Inflate(const Inflate&) = delete;
  Inflate& operator=(const Inflate&) = delete;
};

void check_dimensions(const IdxArray& array, std::size_t expected,
                      std::string_view file, std::string_view what) {
  if (array.sizes.size() == expected) return;
  throw bad_input(file, "byte 3, the number of dimensions",
                  std::to_string(array.sizes.size()),
                  std::to_string(expected) + " for " + std::string(what));
}

}  // namespace

IdxArray parse_idx(std::span<const std::byte> bytes, std::string_view name) {
  if (bytes.size() < kHeaderStart) {
    throw bad_input(name, "header", bytes_text(bytes.size()),
                    "the 4 bytes of an IDX magic number");
  }
  const unsigned dimensions = byte_at(bytes, 3);
  if (byte_at(bytes, 0) != 0 || byte_at(bytes, 1) != 0 ||
      byte_at(bytes, 2) != kUnsignedBytes || dimensions < 1 ||
      dimensions > kMaximumDimensions) {
    throw bad_input(name, "bytes 0 to 3, the magic number",
                    hexadecimal(bytes.first(kHeaderStart)),
                    "00 00 08 and a number of dimensions from 01 to 04");
  }
  const std::size_t header = kHeaderStart + kSizeBytes * dimensions;
  if (bytes.size() < header) {
    throw bad_input(name, "header", bytes_text(bytes.size()),
                    std::to_string(header) + " bytes for " +
                        std::to_string(dimensions) + " sizes");
  }

  IdxArray array;
  std::int64_t product = 1;
  bool overflow = false;
  for (std::size_t at = kHeaderStart; at < header; at += kSizeBytes) {
    std::int64_t size = 0;
    for (std::size_t i = 0; i < kSizeBytes; ++i) {  // most significant first
      size = size * 256 + static_cast<std::int64_t>(byte_at(bytes, at + i));
    }
    array.sizes.push_back(size);
    overflow |= __builtin_mul_overflow(product, size, &product);
  }
  if (overflow) {
    throw bad_input(name, "header", "sizes " + joined(array.sizes),
                    "sizes whose product fits in 63 bits");
  }
  const auto data = bytes.subspan(header);
  if (data.size() != static_cast<std::size_t>(product)) {
    throw bad_input(name, "data after byte " + std::to_string(header),
                    bytes_text(data.size()),
                    bytes_text(static_cast<std::size_t>(product)) + " (" +
                        joined(array.sizes) + ")");
  }
  array.values.resize(data.size());
  if (!data.empty()) {
    std::memcpy(array.values.data(), data.data(), data.size());
  }
  return array;
}

std::vector<std::byte> unpack_gzip(std::span<const std::byte> bytes,
                                   std::string_view name, std::size_t limit) {
  Inflate inflater;
  z_stream& stream = inflater.stream;
  std::vector<std::byte> unpacked;
  std::vector<std::byte> piece(kUnpackAtOnce);
  std::size_t consumed = 0;
  int status = Z_OK;
  // Once for every piece of output; a further member starts where one ended.
  do {
    const auto rest = bytes.subspan(consumed);
    const std::size_t offered = std::min(rest.size(), std::size_t{1} << 30);
    // zlib's interface predates const; it does not write to its input.
    stream.next_in =
        const_cast<Bytef*>(reinterpret_cast<const Bytef*>(rest.data()));
    stream.avail_in = static_cast<uInt>(offered);
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    status = inflate(&stream, Z_NO_FLUSH);
    consumed += offered - stream.avail_in;
    const std::size_t produced = piece.size() - stream.avail_out;
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
      throw bad_input(
          name, "byte " + std::to_string(consumed),
          "\"" + std::string(stream.msg == nullptr ? "?" : stream.msg) + "\"",
          "intact gzip data");
    }
    if (produced > limit - unpacked.size()) {
      throw bad_input(name, "unpacking", "more than " + bytes_text(limit),
                      "at most that many");
    }
    unpacked.insert(unpacked.end(), piece.begin(),
                    piece.begin() + static_cast<std::ptrdiff_t>(produced));
    if (status == Z_BUF_ERROR) {  // nothing left to read, more to come
      throw bad_input(name, "byte " + std::to_string(consumed),
                      "the end of the file", "more gzip data (truncated?)");
    }
    if (status == Z_STREAM_END && consumed < bytes.size()) {
      inflateReset(&stream);
      status = Z_OK;
    }
  } while (status != Z_STREAM_END);
  return unpacked;
}

IdxArray parse_idx_or_gzip(std::span<const std::byte> bytes,
                           std::string_view name) {
  const bool gzipped = bytes.size() >= 2 && byte_at(bytes, 0) == 0x1f &&
                       byte_at(bytes, 1) == 0x8b;
  return gzipped ? parse_idx(unpack_gzip(bytes, name), name)
                 : parse_idx(bytes, name);
}

Dataset read_idx_dataset(const std::filesystem::path& images,
                         const std::filesystem::path& labels,
                         const std::vector<std::string>& class_names) {
  IdxArray pictures = parse_idx_or_gzip(read_file(images), images.string());
  IdxArray classes = parse_idx_or_gzip(read_file(labels), labels.string());
  check_dimensions(pictures, 3, images.string(), "images");
  check_dimensions(classes, 1, labels.string(), "labels");
  if (pictures.sizes[0] != classes.sizes[0]) {
    throw bad_input(labels.string(), "header",
                    with_thousands(classes.sizes[0]) + " labels",
                    with_thousands(pictures.sizes[0]) +
                        " labels, one for each picture of " + images.string());
  }
  Dataset dataset;
  dataset.name = images.filename().string();
  dataset.source = images.string();
  dataset.count = pictures.sizes[0];
  dataset.channels = 1;
  dataset.height = pictures.sizes[1];
  dataset.width = pictures.sizes[2];
  dataset.pixels = std::move(pictures.values);
  dataset.labels = std::move(classes.values);
  dataset.class_names = class_names;
  if (class_names.empty() && !dataset.labels.empty()) {
    const int largest = *std::ranges::max_element(dataset.labels);
    for (int i = 0; i <= largest; ++i) {
      dataset.class_names.push_back(std::to_string(i));
    }
  }
  check_dataset(dataset, labels.string());
  return dataset;
}

}  // namespace cnn
