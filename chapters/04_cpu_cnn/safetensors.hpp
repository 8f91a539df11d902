// region quiet: includes
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cnn {
// endregion

// region safetensors
/// An array with a name and a shape, as a file holds it.
struct NamedTensor {
  std::string name;  ///< "0.weight"
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

/// The contents of a safetensors file: 8 bytes for the header's length, the
/// header as JSON (for each tensor its type, shape, and where its bytes begin
/// and end), and the bytes. There is no code in it that a reader would run,
/// and every length can be checked before it is believed.
/// Source: https://github.com/huggingface/safetensors, section "Format".
struct Safetensors {
  std::vector<NamedTensor> tensors;             ///< in the order of their bytes
  std::map<std::string, std::string> metadata;  ///< "__metadata__"

  /// Null when there is no tensor of this name.
  const NamedTensor* find(std::string_view name) const;
};
// endregion

// region safetensors-functions
/// The bytes of a file, with a checksum of all of them in the metadata
/// ("crc32"). Throws std::invalid_argument when two tensors have one name, or
/// a tensor's shape does not fit its values.
std::vector<std::byte> encode_safetensors(const Safetensors& contents);

/// Reads such bytes, anybody's. Takes float32; counters of whole numbers that
/// PyTorch's batch normalisation leaves ("num_batches_tracked") are passed
/// over. Throws InputError, naming `name`, when anything is not as the format
/// says: lengths, gaps or overlaps, types, shapes, or a checksum that does not
/// hold.
Safetensors parse_safetensors(std::span<const std::byte> bytes,
                              std::string_view name);

/// encode_safetensors to a file, whole or not at all. Throws InputError.
void write_safetensors(const std::filesystem::path& path,
                       const Safetensors& contents);
/// parse_safetensors of a file. Throws InputError.
Safetensors read_safetensors(const std::filesystem::path& path);

}  // namespace cnn
// endregion
