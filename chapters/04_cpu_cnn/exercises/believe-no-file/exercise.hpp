#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/errors.hpp"

namespace cnn {

/// CRC-32, as zlib and PNG compute it. It notices every change of one bit.
inline std::uint32_t checksum(std::span<const std::byte> bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::byte byte : bytes) {
    crc ^= static_cast<std::uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    }
  }
  return ~crc;
}

/// Reads a file of weights:
///
///     4 bytes   "ltw1"
///     8 bytes   how many numbers follow, as std::uint64_t
///     4 each    the numbers, as float
///     4 bytes   checksum of everything before it, as std::uint32_t
///
/// all in this machine's byte order. Throws InputError, and nothing else, when
/// the bytes are anything but exactly this.
std::vector<float> read_weights(std::span<const std::byte> file);

}  // namespace cnn
