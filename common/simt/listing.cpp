#include "common/simt/listing.hpp"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "common/report.hpp"
#include "common/simt/kernel_source.hpp"
#include "common/simt/remark.hpp"

namespace cnn::simt {
namespace {

std::string each(std::int64_t count, const AccessCounts& counts) {
  return format_number(static_cast<double>(count) /
                       static_cast<double>(counts.requests));
}

std::string shorter(double value) {
  return value == 0 ? "-" : format_number(value);
}

constexpr const char* kIndent = "      |   ";

std::string global_note(const char* kind, const AccessCounts& counts) {
  if (counts.requests == 0) return "";
  const double needed =
      sectors_needed(counts) / static_cast<double>(counts.requests);
  const std::string note =
      fmt::format("{}{:<13} {:>8} requests of {} sectors", kIndent, kind,
                  format_count(counts.requests), each(counts.sectors, counts));
  return emphasise(scattered(counts) ? Emphasis::kBad : Emphasis::kFaint,
                   scattered(counts) ? fmt::format("{}, {} would do", note,
                                                   format_number(needed))
                                     : note) +
         "\n";
}

std::string shared_note(const char* kind, const AccessCounts& counts) {
  if (counts.requests == 0) return "";
  const std::string note = fmt::format(
      "{}{:<13} {:>8} requests of {} passes", kIndent, kind,
      format_count(counts.requests), each(counts.wavefronts, counts));
  return emphasise(conflicting(counts) ? Emphasis::kBad : Emphasis::kFaint,
                   conflicting(counts)
                       ? fmt::format(
                             "{}, {} without bank conflicts", note,
                             each(counts.wavefronts - counts.conflicts, counts))
                       : note) +
         "\n";
}

std::string notes(const MemoryCounts& counts) {
  return global_note("global load", counts.global_load) +
         global_note("global store", counts.global_store) +
         global_note("global atomic", counts.global_atomic) +
         shared_note("shared load", counts.shared_load) +
         shared_note("shared store", counts.shared_store) +
         shared_note("shared atomic", counts.shared_atomic);
}

using CountsOfLines = std::map<int, MemoryCounts>;

/// The functions of one file that the counted lines lie in.
std::string functions_of(const std::string& file, const CountsOfLines& lines) {
  const std::vector<std::string> source = read_lines(file);
  std::string text = emphasise(Emphasis::kHeading, shown_path(file)) + "\n";
  int shown = 0;  // the last line so far
  for (const auto& [counted, counts] : lines) {
    if (counted <= shown) continue;
    if (shown > 0) text += "\n";
    const auto [first, last] = function_around(source, counted);
    for (int line = first; line <= last; ++line) {
      const auto index = static_cast<std::size_t>(line - 1);
      text += fmt::format("{:>5} | {}\n", line,
                          index < source.size() ? source[index] : "");
      const auto found = lines.find(line);
      if (found != lines.end()) text += notes(found->second);
    }
    shown = last;
  }
  return text;
}

std::string sums(const KernelCounts& kernel) {
  std::string text = fmt::format("In all, {} launch{}:\n", kernel.launches,
                                 kernel.launches == 1 ? "" : "es");
  text += notes(kernel.total);
  text += fmt::format(
      "{}{} of sectors move; {} different bytes are read, {} written\n",
      kIndent, format_bytes(static_cast<double>(kernel.global_traffic_bytes())),
      format_count(kernel.distinct_bytes_read),
      format_count(kernel.distinct_bytes_written));
  return text;
}

std::string row(const Examined& one, const KernelCounts& kernel) {
  const MemoryCounts& total = kernel.total;
  AccessCounts shared = total.shared_load;
  shared += total.shared_store;
  shared += total.shared_atomic;
  const bool alone = one.kernels.size() == 1;
  // A long name stands on a line of its own.
  constexpr std::size_t kWidth = 34;
  const bool fits = kernel.name.size() <= kWidth;
  return (fits ? "" : kernel.name + "\n") +
         fmt::format(
             "{:<{}} {:>10} {:>7} {:>7} {:>7} {:>7} {:>7}\n",
             fits ? kernel.name : "", kWidth,
             format_count(total.global_load.requests +
                          total.global_store.requests +
                          total.global_atomic.requests),
             shorter(total.global_load.sectors_per_request()),
             shorter(total.global_store.sectors_per_request()),
             shared.requests == 0 ? "-" : each(shared.wavefronts, shared),
             shorter(kernel.times_read()),
             alone ? shorter(one.arithmetic_intensity()) : "-");
}

}  // namespace

std::string annotated_listing(const KernelCounts& kernel) {
  std::map<std::string, CountsOfLines> files;
  for (const LineCounts& line : kernel.lines) {
    files[line.file][line.line] += line.counts;
  }
  std::string text = emphasise(Emphasis::kHeading, kernel.name) + "\n";
  for (const auto& [file, lines] : files) {
    if (!file.empty()) text += functions_of(file, lines) + "\n";
  }
  return text + sums(kernel) + "\nWhat stands out: " + remark(kernel) + ".\n";
}

std::string table(std::span<const Examined> all) {
  std::string text =
      emphasise(Emphasis::kHeading,
                fmt::format("{:<34} {:>10} {:>15} {:>7} {:>7} {:>7}\n"
                            "{:<34} {:>10} {:>7} {:>7} {:>7} {:>7} {:>7}",
                            "", "global", "sectors each", "shared", "times",
                            "FLOP/", "kernel", "requests", "load", "store",
                            "passes", "read", "byte"));
  text += "\n";
  for (const Examined& one : all) {
    text += fmt::format("\n{}: {}\n", one.exhibit.name, one.exhibit.shows);
    for (const KernelCounts& kernel : one.kernels) {
      text += row(one, kernel);
      text += emphasise(Emphasis::kFaint, fmt::format("  {}", remark(kernel))) +
              "\n";
    }
  }
  return text;
}

}  // namespace cnn::simt
