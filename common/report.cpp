#include "common/report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace cnn {

namespace {

/// Three significant digits of a number whose size is from 1 to 999.
std::string three_digits(double number) {
  const double size = std::abs(number);
  const int decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f}", number, decimals);
}

std::string with_thousands(const std::string& number) {
  std::string grouped;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const std::size_t left = number.size() - i;
    const bool after_digit = !grouped.empty() && grouped.back() != '-';
    if (after_digit && left % 3 == 0) grouped += ',';
    grouped += number[i];
  }
  return grouped;
}

bool use_colour() {
  static const bool colour = [] {
    const char* const no_colour = std::getenv("NO_COLOR");
    return ::isatty(STDOUT_FILENO) == 1 &&
           (no_colour == nullptr || *no_colour == '\0');
  }();
  return colour;
}

}  // namespace

std::string format_seconds(double seconds) {
  if (!std::isfinite(seconds)) return "-";
  constexpr std::array kUnits{"s", "ms", "µs", "ns"};
  std::size_t unit = 0;
  // 0.9995 would be printed as 1.00 of the larger unit.
  while (seconds < 0.9995 && unit + 1 < kUnits.size()) {
    seconds *= 1000;
    ++unit;
  }
  return three_digits(seconds) + " " + kUnits[unit];
}

std::string format_bytes(double bytes) {
  if (!std::isfinite(bytes)) return "-";
  constexpr std::array kUnits{"bytes", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < kUnits.size()) {
    bytes /= 1024;
    ++unit;
  }
  if (unit == 0) return fmt::format("{:.0f} bytes", bytes);
  return three_digits(bytes) + " " + kUnits[unit];
}

std::string format_spread(double q1, double median, double q3) {
  if (!(median > 0)) return "-";
  return fmt::format("± {:.1f} %", 100 * (q3 - q1) / 2 / median);
}

std::string format_number(double number) {
  if (!std::isfinite(number)) return "-";
  const double size = std::abs(number);
  if (size >= 999.5) return with_thousands(fmt::format("{:.0f}", number));
  if (size >= 1 || size == 0) return three_digits(number);
  // 0.00123: as many zeros as it takes, but not more than a column holds.
  const int zeros = static_cast<int>(-std::floor(std::log10(size))) - 1;
  return fmt::format("{:.{}f}", number, std::min(3 + zeros, 6));
}

std::string format_count(std::int64_t count) {
  return with_thousands(fmt::format("{}", count));
}

std::string bar(double fraction, int width) {
  constexpr std::array kEighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (!(fraction > 0) || width <= 0) return "";
  const double exact = std::min(fraction, 1.0) * width * 8;
  const long eighths = std::max(1L, std::lround(exact));
  std::string drawn;
  for (long i = 0; i < eighths / 8; ++i) drawn += "█";
  return drawn + kEighths[static_cast<std::size_t>(eighths % 8)];
}

std::string emphasise(Emphasis emphasis, std::string_view text) {
  if (!use_colour()) return std::string(text);
  const char* code = "";
  switch (emphasis) {
    case Emphasis::kHeading:
      code = "1";  // bold
      break;
    case Emphasis::kGood:
      code = "32";  // green
      break;
    case Emphasis::kBad:
      code = "1;31";  // bold red
      break;
    case Emphasis::kFaint:
      code = "2";
      break;
  }
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

}  // namespace cnn
