#include "common/data/csv.hpp"

#include <charconv>
#include <string>

#include "common/data/input.hpp"

namespace cnn {

namespace {

constexpr std::int64_t kSide = 28;
constexpr std::int64_t kPixels = kSide * kSide;
constexpr int kClasses = 10;

// Cuts off and returns what comes before the next `separator`.
std::string_view next_part(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

std::string_view next_line(std::string_view& rest) {
  std::string_view line = next_part(rest, '\n');
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string column_name(std::int64_t column) {
  return column == 0 ? "label" : "pixel" + std::to_string(column - 1);
}

std::string place(std::int64_t line, std::int64_t column) {
  return "line " + std::to_string(line) + ", column " +
         std::to_string(column + 1);
}

std::string fields_text(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " field" : " fields");
}

// Every line has as many fields as the header has names.
void check_field_count(std::string_view line, std::int64_t number,
                       std::string_view file) {
  std::int64_t fields = 1;
  for (const char character : line) fields += character == ',' ? 1 : 0;
  if (fields != 1 + kPixels) {
    throw bad_input(file, "line " + std::to_string(number), fields_text(fields),
                    "a label and " + std::to_string(kPixels) + " pixels, " +
                        fields_text(1 + kPixels));
  }
}

void check_header(std::string_view line, std::string_view file) {
  if (line.starts_with("pixel0,")) {
    throw bad_input(file, place(1, 0), "\"pixel0\"",
                    "\"label\": Kaggle's test.csv has no labels, its "
                    "train.csv has");
  }
  std::string_view rest = line;
  for (std::int64_t column = 0; column <= kPixels; ++column) {
    const std::string_view field = next_part(rest, ',');
    if (field != column_name(column)) {
      throw bad_input(file, place(1, column), in_quotes(field),
                      in_quotes(column_name(column)));
    }
  }
  check_field_count(line, 1, file);
}

std::uint8_t parse_field(std::string_view field, int maximum, std::int64_t line,
                         std::int64_t column, std::string_view file) {
  int value = -1;
  const char* end = field.data() + field.size();
  const auto [stop, error] = std::from_chars(field.data(), end, value);
  if (error != std::errc() || stop != end || value < 0 || value > maximum) {
    throw bad_input(
        file, place(line, column) + " (" + column_name(column) + ")",
        in_quotes(field), "a number from 0 to " + std::to_string(maximum));
  }
  return static_cast<std::uint8_t>(value);
}

}  // namespace

Dataset parse_digit_csv(std::span<const std::byte> bytes,
                        std::string_view name) {
  std::string_view rest(reinterpret_cast<const char*>(bytes.data()),
                        bytes.size());
  check_header(next_line(rest), name);

  Dataset dataset;
  dataset.name = name;
  dataset.source = name;
  dataset.channels = 1;
  dataset.height = kSide;
  dataset.width = kSide;
  for (int label = 0; label < kClasses; ++label) {
    dataset.class_names.push_back(std::to_string(label));
  }
  for (std::int64_t number = 2; !rest.empty(); ++number) {
    std::string_view line = next_line(rest);
    check_field_count(line, number, name);
    dataset.labels.push_back(
        parse_field(next_part(line, ','), kClasses - 1, number, 0, name));
    for (std::int64_t column = 1; column <= kPixels; ++column) {
      dataset.pixels.push_back(
          parse_field(next_part(line, ','), 255, number, column, name));
    }
    ++dataset.count;
  }
  check_dataset(dataset, dataset.source);
  return dataset;
}

Dataset read_digit_csv(const std::filesystem::path& path) {
  Dataset dataset = parse_digit_csv(read_file(path), path.string());
  dataset.name = path.filename().string();
  return dataset;
}

}  // namespace cnn
