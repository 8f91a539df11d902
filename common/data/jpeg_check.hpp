/// @file
/// What a JPEG file has to be checked for before stb_image sees it.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace cnn {

/// Throws InputError when a Huffman table of a JPEG file has more than the 256
/// codes that there can be. stb_image before 2.28 (Debian 12 has 2.27) writes
/// beyond its own table then, which is how fuzzing found it. Does nothing else:
/// whatever other faults a file has are the decoder's to find.
void check_huffman_tables(std::span<const std::byte> jpeg,
                          std::string_view name);

}  // namespace cnn
