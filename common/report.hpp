/// @file
/// Numbers, lines and bars for people to read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cnn {

/// "1.23 ms", "45.6 µs": three digits and an SI prefix.
std::string format_seconds(double seconds);
/// "165 MiB", "1.50 GiB": three digits and a binary prefix.
std::string format_bytes(double bytes);
/// "± 2.1 %": half the interquartile range as a share of the median; `-` when
/// there is no median.
std::string format_spread(double q1, double median, double q3);
/// Three significant digits and no exponent: "0.123", "12.3", "1,230"; "-" for
/// anything that is not finite.
std::string format_number(double number);
/// With thousands set apart: "12,544".
std::string format_count(std::int64_t count);

/// A bar of `fraction` of `width` characters, to an eighth of one; something
/// always shows when `fraction` is above zero.
std::string bar(double fraction, int width);

/// What a piece of text means; shown in colour on a terminal, plain elsewhere.
enum class Emphasis { kHeading, kGood, kBad, kFaint };

/// `text` with the escape codes for `emphasis` when standard output is a
/// terminal and NO_COLOR is not set (https://no-color.org), else as it is.
std::string emphasise(Emphasis emphasis, std::string_view text);

}  // namespace cnn
