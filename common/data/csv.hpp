/// @file
/// Kaggle's digit recognizer: MNIST as a table of numbers.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

#include "common/data/dataset.hpp"

namespace cnn {

/// Parses a table with the header `label,pixel0,...,pixel783` and one picture
/// of 28x28 a line: its label, 0 to 9, and its bytes, row by row. Lines may end
/// with LF or CR LF. Throws InputError, naming `name`, line and column, on
/// another header, too few or too many fields, a field that is not a number
/// from 0 to 255, a label above 9, and a class without pictures.
Dataset parse_digit_csv(std::span<const std::byte> bytes,
                        std::string_view name);

/// parse_digit_csv of a whole file. Throws InputError.
Dataset read_digit_csv(const std::filesystem::path& path);

}  // namespace cnn
