#include "common/simt/kernel_source.hpp"

#include <cctype>
#include <filesystem>
#include <fstream>

namespace cnn::simt {
namespace {

/// Signatures and comments stand at the left margin; so do directives of the
/// preprocessor, which belong to any place, and markers of regions.
bool at_margin(const std::string& line) {
  return !line.empty() && line[0] != ' ' && line[0] != '#' && line[0] != '}' &&
         !line.starts_with("// region") && !line.starts_with("// endregion");
}

/// The last name in "const float* __restrict__ values".
std::string last_name(const std::string& declaration) {
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  std::size_t end = declaration.size();
  while (end > 0 && !is_part(declaration[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && is_part(declaration[begin - 1])) --begin;
  return declaration.substr(begin, end - begin);
}

}  // namespace

std::string shown_path(const std::string& file) {
  const std::filesystem::path path(file);
  const auto relative = path.lexically_relative(COURSE_SOURCE_DIR);
  return relative.empty() || *relative.begin() == ".." ? file
                                                       : relative.string();
}

std::vector<std::string> read_lines(const std::string& file) {
  std::vector<std::string> lines;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::pair<int, int> function_around(std::span<const std::string> lines,
                                    int line) {
  const int count = static_cast<int>(lines.size());
  if (line < 1 || line > count) return {line, line};
  const auto text = [&](int number) -> const std::string& {
    return lines[static_cast<std::size_t>(number - 1)];
  };
  int first = line;
  while (first > 1 && !at_margin(text(first))) --first;
  while (first > 1 && at_margin(text(first - 1))) --first;
  int last = line;
  while (last < count && !text(last).starts_with('}')) ++last;
  return {first, last};
}

std::vector<std::string> parameter_names(std::span<const std::string> function,
                                         const std::string& name) {
  std::string text;
  for (const std::string& line : function) {
    if (!line.starts_with("//")) text += line + ' ';
  }
  std::vector<std::string> names;
  const std::size_t found = text.find(name + "(");
  if (found == std::string::npos) return names;
  int depth = 0;
  std::string parameter;
  for (const char c : text.substr(found + name.size() + 1)) {
    if (c == ')' && depth == 0) break;
    if (c == '(' || c == '<' || c == '[') ++depth;
    if (c == ')' || c == '>' || c == ']') --depth;
    if (c == ',' && depth == 0) {
      names.push_back(last_name(parameter));
      parameter.clear();
    } else {
      parameter += c;
    }
  }
  if (!parameter.empty()) names.push_back(last_name(parameter));
  return names;
}

}  // namespace cnn::simt
