#include "common/data/picture_cache.hpp"

#include <array>
#include <cstring>

#include "common/checksum.hpp"

namespace cnn {

namespace {

// As it lies in the file. A cache never leaves its machine, so the machine's
// own byte order will do: a foreign one does not match and is replaced.
struct Header {
  std::array<char, 16> magic;
  std::uint64_t key;
  std::int64_t count;
  std::int64_t height;
  std::int64_t width;
  std::uint64_t checksum;  // CRC-32 of all that follows
};
static_assert(sizeof(Header) == 56, "no padding: every byte is ours");

constexpr std::array<char, 16> kMagic = {'c', 'n', 'n', '-', 'p', 'i',
                                         'c', 't', 'u', 'r', 'e', 's',
                                         '-', '0', '0', '1'};

}  // namespace

void CacheKey::add(std::span<const std::byte> bytes) {
  constexpr std::uint64_t kPrime = 0x100000001b3;
  for (const std::byte byte : bytes) {
    hash_ = (hash_ ^ std::to_integer<std::uint64_t>(byte)) * kPrime;
  }
}

void CacheKey::add(std::int64_t number) {
  add(std::as_bytes(std::span(&number, 1)));
}

std::vector<std::byte> make_picture_cache(const Dataset& dataset,
                                          std::uint64_t key) {
  std::vector<std::byte> data;
  for (const auto& values : {dataset.labels, dataset.pixels}) {
    const auto raw = std::as_bytes(std::span(values));
    data.insert(data.end(), raw.begin(), raw.end());
  }
  const Header header{kMagic,         key,           dataset.count,
                      dataset.height, dataset.width, crc32_of(data)};
  const auto raw = std::as_bytes(std::span(&header, 1));
  data.insert(data.begin(), raw.begin(), raw.end());
  return data;
}

bool parse_picture_cache(std::span<const std::byte> bytes, std::uint64_t key,
                         Dataset& dataset) {
  Header header{};
  if (bytes.size() < sizeof(header)) return false;
  std::memcpy(&header, bytes.data(), sizeof(header));
  const auto data = bytes.subspan(sizeof(header));
  const auto labels = static_cast<std::size_t>(dataset.count);
  const std::size_t pixels =
      labels * static_cast<std::size_t>(dataset.picture_size());
  if (header.magic != kMagic || header.key != key ||
      header.count != dataset.count || header.height != dataset.height ||
      header.width != dataset.width || data.size() != labels + pixels ||
      header.checksum != crc32_of(data)) {
    return false;
  }
  for (const std::byte label : data.first(labels)) {
    if (std::to_integer<std::size_t>(label) >= dataset.class_names.size()) {
      return false;
    }
  }
  const auto* values = reinterpret_cast<const std::uint8_t*>(data.data());
  dataset.labels.assign(values, values + labels);
  dataset.pixels.assign(values + labels, values + labels + pixels);
  return true;
}

}  // namespace cnn
