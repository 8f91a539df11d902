#include "common/data/input.hpp"

#include <fstream>
#include <ios>
#include <system_error>

namespace cnn {

namespace {
constexpr std::size_t kLongestQuote = 40;
constexpr std::streamsize kReadAtOnce = 1 << 20;
}  // namespace

InputError bad_input(std::string_view file, std::string_view place,
                     std::string_view found, std::string_view expected) {
  std::string sentence(file);
  sentence.append(": ").append(place);
  sentence.append(": found ").append(found);
  sentence.append(", expected ").append(expected);
  return InputError(sentence);
}

std::string with_thousands(std::int64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const bool starts_group = (digits.size() - i) % 3 == 0;
    if (starts_group && !text.empty() && text != "-") text += ',';
    text += digits[i];
  }
  return text;
}

std::string in_quotes(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string result = "\"";
  for (const char character : text.substr(0, kLongestQuote)) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte >= 0x20 && byte < 0x7f) {
      result += character;
    } else {
      result.append("\\x").append(1, kHex[byte >> 4]);
      result.append(1, kHex[byte & 15]);
    }
  }
  return result + (text.size() > kLongestQuote ? "...\"" : "\"");
}

std::vector<std::byte> read_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    throw bad_input(path.string(), "opening it", "no such file",
                    "a file that can be read");
  }
  if (std::filesystem::is_directory(status)) {
    throw bad_input(path.string(), "opening it", "a folder", "a file");
  }
  std::ifstream stream(path, std::ios::binary);
  // Read in pieces rather than by the size asked for beforehand: a pipe has
  // none, and a file may change meanwhile.
  std::vector<std::byte> bytes;
  while (stream) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kReadAtOnce);
    stream.read(reinterpret_cast<char*>(bytes.data() + before), kReadAtOnce);
    bytes.resize(before + static_cast<std::size_t>(stream.gcount()));
  }
  if (!stream.eof()) {
    throw bad_input(path.string(), "byte " + std::to_string(bytes.size()),
                    "a file that cannot be read", "one that can");
  }
  return bytes;
}

}  // namespace cnn
