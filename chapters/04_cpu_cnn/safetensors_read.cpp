// region quiet: includes
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "chapters/04_cpu_cnn/safetensors.hpp"
#include "chapters/04_cpu_cnn/safetensors_format.hpp"
#include "common/checksum.hpp"
#include "common/data/input.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region split-file
namespace {

using Json = nlohmann::ordered_json;

/// A file in its two parts, of which nothing is believed yet.
struct Parts {
  std::string_view header;
  std::span<const std::byte> data;
};

Parts split(std::span<const std::byte> bytes, std::string_view name) {
  std::uint64_t length = 0;
  constexpr std::uint64_t kLongestHeader = 100'000'000;  // as everybody's
  if (bytes.size() >= sizeof(length)) {
    std::memcpy(&length, bytes.data(), sizeof(length));
    bytes = bytes.subspan(sizeof(length));
    if (length <= std::min<std::uint64_t>(bytes.size(), kLongestHeader)) {
      return {{reinterpret_cast<const char*>(bytes.data()), length},
              bytes.subspan(length)};
    }
  }
  throw bad_input(
      name, "length of the header",
      fmt::format("{} with {} bytes behind it", length, bytes.size()),
      "a safetensors file: 8 bytes that say how long its header "
      "is, and then that many");
}
// endregion

// region verify-checksum
void verify_checksum(std::span<const std::byte> bytes, const Parts& parts,
                     std::string_view name) {
  const auto place = checksum_place(parts.header);
  if (!place) return;  // somebody else's file
  const auto before = sizeof(std::uint64_t) + *place;
  const auto zeros = std::as_bytes(std::span(kNoChecksum));
  std::uint32_t checksum = crc32_of(bytes.first(before));
  checksum = crc32_of(zeros, checksum);
  checksum = crc32_of(bytes.subspan(before + zeros.size()), checksum);
  const auto written = parts.header.substr(*place, zeros.size());
  const std::string computed = fmt::format("{:08x}", checksum);
  if (written != computed) {
    throw bad_input(
        name, "checksum",
        fmt::format("{} over bytes that give {}", in_quotes(written), computed),
        "the two to agree: the file is damaged");
  }
}
// endregion

// region parse-header
Json parse_header(std::string_view header, std::string_view name) {
  // The parser keeps the last of two equal names; the format allows only one.
  std::set<std::string> names;
  std::string twice;
  const auto look_at = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::key && depth == 1 &&
        !names.insert(parsed.get<std::string>()).second) {
      twice = parsed.get<std::string>();
    }
    return true;
  };
  Json json;
  try {
    json = Json::parse(header, look_at);
  } catch (const Json::parse_error& error) {
    throw bad_input(name, "header",
                    fmt::format("an error at byte {}", error.byte), "JSON");
  } catch (const Json::out_of_range&) {
    throw bad_input(name, "header", "a number beyond all bounds",
                    "counts of bytes");
  }
  if (!json.is_object()) {
    throw bad_input(name, "header", json.type_name(), "a JSON object");
  }
  if (!twice.empty()) {
    throw bad_input(name, "header", in_quotes(twice) + " twice",
                    "every name once");
  }
  return json;
}
// endregion

// region header-entry
/// What the header says about one tensor.
struct Entry {
  std::string name;
  std::string type;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// A list of whole numbers that are not negative and fit in 63 bits.
std::vector<std::int64_t> whole_numbers(const Json& entry, const char* field,
                                        std::string_view name,
                                        const std::string& place) {
  std::vector<std::int64_t> numbers;
  const auto found = entry.find(field);
  bool valid = found != entry.end() && found->is_array();
  if (valid) {
    for (const Json& element : *found) {
      valid = valid && element.is_number_unsigned() &&
              element.get<std::uint64_t>() <= INT64_MAX;
      if (valid) numbers.push_back(element.get<std::int64_t>());
    }
  }
  if (!valid) {
    throw bad_input(name, place, fmt::format("no proper {}", field),
                    "a list of whole numbers");
  }
  return numbers;
}
// endregion

// region read-entry
/// Bytes of one element; 0 for what this reader does not take.
std::uint64_t element_size(const Entry& entry) {
  if (entry.type == "F32") return 4;
  // PyTorch counts batches with it; nobody else needs to know.
  if (entry.type == "I64" && entry.name.ends_with(".num_batches_tracked")) {
    return 8;
  }
  return 0;
}

Entry read_entry(const std::string& tensor, const Json& json,
                 std::string_view name) {
  const std::string place = "tensor " + in_quotes(tensor);
  Entry entry;
  entry.name = tensor;
  if (!json.is_object()) {
    throw bad_input(name, place, json.type_name(), "a JSON object");
  }
  const auto type = json.find("dtype");
  if (type != json.end() && type->is_string()) {
    entry.type = type->get<std::string>();
  }
  std::uint64_t bytes = element_size(entry);
  if (bytes == 0) {
    throw bad_input(name, place, "type " + in_quotes(entry.type),
                    "float32 (\"F32\")");
  }
  entry.shape = whole_numbers(json, "shape", name, place);
  const auto offsets = whole_numbers(json, "data_offsets", name, place);
  bool fits = offsets.size() == 2 && offsets[0] <= offsets[1];
  for (const std::int64_t extent : entry.shape) {
    fits = fits && !__builtin_mul_overflow(
                       bytes, static_cast<std::uint64_t>(extent), &bytes);
  }
  if (!fits || bytes != static_cast<std::uint64_t>(offsets[1] - offsets[0])) {
    throw bad_input(
        name, place,
        fmt::format("shape [{}] at bytes [{}]", fmt::join(entry.shape, ", "),
                    fmt::join(offsets, ", ")),
        "as many bytes as the shape needs");
  }
  entry.begin = static_cast<std::uint64_t>(offsets[0]);
  entry.end = static_cast<std::uint64_t>(offsets[1]);
  return entry;
}
// endregion

// region cover-data
/// One tensor has to begin where the other ends, from the first byte to the
/// last: then none reaches over the end, and no two share a byte.
void expect_cover(const std::vector<Entry>& entries, std::uint64_t size,
                  std::string_view name) {
  std::uint64_t end = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != end) {
      throw bad_input(name, "tensor " + in_quotes(entry.name),
                      fmt::format("its first byte at {}", entry.begin),
                      fmt::format("at {}, where the one before ends", end));
    }
    end = entry.end;
  }
  if (end != size) {
    throw bad_input(name, "data", fmt::format("{} bytes", size),
                    fmt::format("the {} that the header promises", end));
  }
}
// endregion

// region read-metadata
std::map<std::string, std::string> read_metadata(const Json& json,
                                                 std::string_view name) {
  std::map<std::string, std::string> metadata;
  bool valid = json.is_object();
  for (const auto& [key, value] : json.items()) {
    valid = valid && value.is_string();
    if (valid) metadata.emplace(key, value.get<std::string>());
  }
  if (!valid) {
    throw bad_input(name, kMetadataKey, "something else", "names with texts");
  }
  return metadata;
}

}  // namespace
// endregion

// region parse-safetensors
Safetensors parse_safetensors(std::span<const std::byte> bytes,
                              std::string_view name) {
  const Parts parts = split(bytes, name);
  verify_checksum(bytes, parts, name);
  const Json header = parse_header(parts.header, name);

  Safetensors contents;
  std::vector<Entry> entries;
  for (const auto& [key, value] : header.items()) {
    if (key == kMetadataKey) {
      contents.metadata = read_metadata(value, name);
    } else {
      entries.push_back(read_entry(key, value, name));
    }
  }
  // Empty tensors share their place with the one behind them.
  std::ranges::stable_sort(entries, {}, [](const Entry& entry) {
    return std::pair(entry.begin, entry.end);
  });
  expect_cover(entries, parts.data.size(), name);

  for (Entry& entry : entries) {
    if (entry.type != "F32") continue;
    NamedTensor tensor{std::move(entry.name), std::move(entry.shape), {}};
    const std::uint64_t size = entry.end - entry.begin;
    tensor.values.resize(size / sizeof(float));
    if (size > 0) {
      std::memcpy(tensor.values.data(), parts.data.data() + entry.begin, size);
    }
    contents.tensors.push_back(std::move(tensor));
  }
  return contents;
}

Safetensors read_safetensors(const std::filesystem::path& path) {
  return parse_safetensors(read_file(path), path.string());
}

}  // namespace cnn
// endregion
