/// @file
/// What a PNG file has to be checked for before stb_image sees it.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace cnn {

/// Throws InputError when a chunk of a PNG file claims more bytes than the file
/// still has. stb_image would make room for all of them first, up to 2 GiB for
/// a file of a hundred bytes, which is how fuzzing found it. Does nothing else:
/// whatever other faults a file has are the decoder's to find.
void check_chunk_lengths(std::span<const std::byte> png, std::string_view name);

}  // namespace cnn
