#include "common/data/jpeg_check.hpp"

#include <algorithm>
#include <string>

#include "common/data/input.hpp"

namespace cnn {

namespace {

// Second bytes of the markers, each after a byte 0xff.
constexpr std::size_t kStartOfImage = 0xd8;
constexpr std::size_t kHuffmanTables = 0xc4;
constexpr std::size_t kStartOfScan = 0xda;

constexpr std::size_t kCodeLengths = 16;
constexpr std::size_t kMaximumCodes = 256;

// Reads as stb_image does: beyond the end there are zeros.
class Reader {
 public:
  Reader(std::span<const std::byte> bytes, std::string_view name)
      : bytes_(bytes), name_(name) {}

  std::size_t size() const { return bytes_.size(); }

  std::size_t byte(std::size_t at) const {
    return at < size() ? std::to_integer<std::size_t>(bytes_[at]) : 0;
  }

  // A segment's length, which counts its own two bytes.
  std::size_t length(std::size_t at) const {
    return std::max<std::size_t>(byte(at) * 256 + byte(at + 1), 2);
  }

  // One segment may define several tables: a byte with the table's number,
  // how many codes there are of each length, and as many symbols.
  void check_tables(std::size_t at) const {
    const std::size_t end = at + length(at);
    at += 2;
    while (at < end) {
      std::size_t codes = 0;
      for (std::size_t i = 1; i <= kCodeLengths; ++i) codes += byte(at + i);
      if (codes > kMaximumCodes) {
        throw bad_input(
            name_, "byte " + std::to_string(at),
            "a Huffman table of " + std::to_string(codes) + " codes",
            "at most " + std::to_string(kMaximumCodes));
      }
      at += 1 + kCodeLengths + codes;
    }
  }

 private:
  std::span<const std::byte> bytes_;
  std::string_view name_;
};

}  // namespace

void check_huffman_tables(std::span<const std::byte> jpeg,
                          std::string_view name) {
  const Reader reader(jpeg, name);
  std::size_t at = 0;
  std::size_t marker = 0;
  // Segment by segment: what lies inside one (a camera's notes, a thumbnail)
  // only looks like tables.
  while (at < reader.size() && marker != kStartOfScan) {
    if (reader.byte(at++) != 0xff) continue;
    while (reader.byte(at) == 0xff) ++at;
    marker = reader.byte(at++);
    if (marker == kHuffmanTables) reader.check_tables(at);
    if (marker != kStartOfImage) at += reader.length(at);
  }
  // Between the pixels a decoder resumes wherever it lost its way, so here
  // everything that looks like tables counts as some.
  for (; at < reader.size(); ++at) {
    if (reader.byte(at) == 0xff && reader.byte(at + 1) == kHuffmanTables) {
      reader.check_tables(at + 2);
    }
  }
}

}  // namespace cnn
