/// @file
/// Files that are either complete or not there at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace cnn {

/// Writes `bytes` to a temporary file beside `path`, flushes it to the disk and
/// renames it over `path`: whoever opens `path` sees the old file or the whole
/// new one. Missing folders are created. When anything fails the temporary file
/// is removed and `path` is left as it was.
/// Throws InputError with the path, the step and the system's reason.
void write_atomically(const std::filesystem::path& path,
                      std::span<const std::byte> bytes);
/// The same for text.
void write_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace cnn
