/// @file
/// A checksum against damage.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace cnn {

/// CRC-32, as gzip and PNG use it: finds every burst of damage of up to 32
/// bits, and lets other damage pass once in 2^32. It guards against accidents,
/// not against people.
/// @param before the checksum of what comes before `bytes`, to go on from
std::uint32_t crc32_of(std::span<const std::byte> bytes,
                       std::uint32_t before = 0);

}  // namespace cnn
