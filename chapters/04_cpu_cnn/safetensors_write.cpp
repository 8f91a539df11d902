// region quiet: includes
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

#include "chapters/04_cpu_cnn/safetensors.hpp"
#include "chapters/04_cpu_cnn/safetensors_format.hpp"
#include "common/atomic_file.hpp"
#include "common/checksum.hpp"

namespace cnn {
// endregion

// region find-tensor
const NamedTensor* Safetensors::find(std::string_view name) const {
  const auto found = std::ranges::find(tensors, name, &NamedTensor::name);
  return found == tensors.end() ? nullptr : &*found;
}
// endregion

// region safetensors-header
namespace {

static_assert(std::endian::native == std::endian::little,
              "safetensors are little-endian, and so is what we copy");

void check_tensor(const NamedTensor& tensor, std::set<std::string>& names) {
  std::int64_t size = 1;
  for (const std::int64_t extent : tensor.shape) size *= extent;
  if (size != std::ssize(tensor.values) || tensor.name == kMetadataKey ||
      !names.insert(tensor.name).second) {
    throw std::invalid_argument("safetensors: the name or the shape of '" +
                                tensor.name + "' will not do");
  }
}

std::string make_header(const Safetensors& contents) {
  nlohmann::ordered_json header;
  header[kMetadataKey] = contents.metadata;
  header[kMetadataKey][kChecksumKey] = kNoChecksum;
  std::set<std::string> names;
  std::size_t begin = 0;
  for (const NamedTensor& tensor : contents.tensors) {
    check_tensor(tensor, names);
    const std::size_t end = begin + tensor.values.size() * sizeof(float);
    header[tensor.name] = {{"dtype", "F32"},
                           {"shape", tensor.shape},
                           {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text =
      header.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  // Blanks at the end make the numbers behind it begin at a multiple of 8.
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}
// endregion

// region encode-safetensors
void append(std::vector<std::byte>& bytes, std::span<const std::byte> more) {
  const std::size_t before = bytes.size();
  bytes.resize(before + more.size());
  std::ranges::copy(more, bytes.begin() + static_cast<std::ptrdiff_t>(before));
}

}  // namespace

std::vector<std::byte> encode_safetensors(const Safetensors& contents) {
  const std::string header = make_header(contents);
  const std::uint64_t length = header.size();
  std::vector<std::byte> bytes;
  append(bytes, std::as_bytes(std::span(&length, 1)));
  append(bytes, std::as_bytes(std::span(header)));
  for (const NamedTensor& tensor : contents.tensors) {
    append(bytes, std::as_bytes(std::span(tensor.values)));
  }
  // The checksum is that of a file with eight zeros in its place.
  const std::string checksum = fmt::format("{:08x}", crc32_of(bytes));
  const std::size_t place = checksum_place(header).value();
  std::memcpy(bytes.data() + sizeof(length) + place, checksum.data(),
              checksum.size());
  return bytes;
}

void write_safetensors(const std::filesystem::path& path,
                       const Safetensors& contents) {
  write_atomically(path, encode_safetensors(contents));
}

}  // namespace cnn
// endregion
