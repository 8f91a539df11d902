#include "common/simt/source_lines.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "common/child_process.hpp"
#include "common/simt/symbols.hpp"

namespace cnn::simt {
namespace {

/// "/home/me/kernels.cu:42 (discriminator 3)" or "??:?".
void parse_place(const std::string& text, SourceLine& result) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || text.starts_with("??")) return;
  result.file =
      std::filesystem::path(text.substr(0, colon)).lexically_normal().string();
  result.line = std::atoi(text.c_str() + colon + 1);
}

}  // namespace

std::vector<SourceLine> source_lines(std::span<const void* const> callers) {
  std::vector<SourceLine> lines(callers.size());
  std::string addresses;
  for (const void* caller : callers) {
    // The call lies before the address that it returns to.
    const auto address = reinterpret_cast<std::uintptr_t>(caller) - 1;
    addresses += fmt::format("{:#x}\n", address - image().load_address);
  }
  const std::string program =
      std::filesystem::read_symlink("/proc/self/exe").string();
  constexpr double kLongest = 60;
  const ChildOutcome outcome =
      run_child({"addr2line", "-C", "-f", "-e", program}, addresses, kLongest);
  std::istringstream output(outcome.output);
  std::string place;
  for (SourceLine& line : lines) {
    if (!std::getline(output, line.function) || !std::getline(output, place)) {
      break;
    }
    parse_place(place, line);
  }
  return lines;
}

SourceLine source_line(const void* caller) {
  return source_lines(std::span(&caller, 1)).front();
}

}  // namespace cnn::simt
