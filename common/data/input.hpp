/// @file
/// What every data set reader shares: reading a file, and refusing one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "common/errors.hpp"

namespace cnn {

/// The one sentence that every reader refuses bad input with:
/// "FILE: PLACE: found FOUND, expected EXPECTED".
InputError bad_input(std::string_view file, std::string_view place,
                     std::string_view found, std::string_view expected);

/// "60,000": a number as people read it.
std::string with_thousands(std::int64_t number);

/// Text from a file, fit to stand in a message: shortened to 40 bytes, in
/// quotes, unprintable bytes as `\xNN`.
std::string in_quotes(std::string_view text);

/// The whole file. Throws InputError when it does not exist, is a folder or
/// cannot be read.
std::vector<std::byte> read_file(const std::filesystem::path& path);

}  // namespace cnn
