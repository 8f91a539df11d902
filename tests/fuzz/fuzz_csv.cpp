// Kaggle's table. Its header is 6 kB that a fuzzer would hardly ever guess, so
// that the target is called with the rest of the file, and with all of it.
#include <string>

#include "common/data/csv.hpp"
#include "common/errors.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

std::string make_header() {
  std::string header = "label";
  for (int i = 0; i < 784; ++i) {
    header.append(",pixel").append(std::to_string(i));
  }
  return header + "\n";
}

void parse(std::string_view text) {
  try {
    const auto dataset =
        cnn::parse_digit_csv(std::as_bytes(std::span(text)), "input");
    require(dataset.count >= 10);
    require(std::ssize(dataset.labels) == dataset.count);
    require(std::ssize(dataset.pixels) == dataset.count * 784);
  } catch (const cnn::InputError&) {
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string header = make_header();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  parse(text);
  parse(std::string(header).append(text));
  return 0;
}
