#include "common/simt/remark.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "common/report.hpp"

namespace cnn::simt {
namespace {

constexpr double kSectorBytes = 32;
constexpr double kOftenRead = 2;

struct Finding {
  double lost = 0;  ///< sectors or passes that could be spared
  std::string text;
};

double each(double count, const AccessCounts& counts) {
  return count / static_cast<double>(counts.requests);
}

void look_at_global(const AccessCounts& counts, const char* kind,
                    const std::string& line, Finding& worst) {
  const auto sectors = static_cast<double>(counts.sectors);
  const double lost = sectors - sectors_needed(counts);
  if (!scattered(counts) || lost <= worst.lost) return;
  worst = {lost,
           fmt::format("{}: a {} touches {} sectors where {} would hold "
                       "its bytes: neighbouring threads want addresses far "
                       "apart",
                       line, kind, format_number(each(sectors, counts)),
                       format_number(each(sectors_needed(counts), counts)))};
}

void look_at_shared(const AccessCounts& counts, const char* kind,
                    const std::string& line, Finding& worst) {
  const auto lost = static_cast<double>(counts.conflicts);
  if (!conflicting(counts) || lost <= worst.lost) return;
  const auto passes = static_cast<double>(counts.wavefronts);
  worst = {lost, fmt::format("{}: a {} takes {} passes where {} would do: "
                             "its lanes want different words of one bank",
                             line, kind, format_number(each(passes, counts)),
                             format_number(each(passes - lost, counts)))};
}

/// "line 7"; with its file where there are several.
std::string place_of(const LineCounts& line, const KernelCounts& kernel) {
  const bool alone = std::ranges::all_of(
      kernel.lines,
      [&](const LineCounts& other) { return other.file == line.file; });
  const std::string number = fmt::format("line {}", line.line);
  return alone
             ? number
             : fmt::format("{}, {}",
                           std::filesystem::path(line.file).filename().string(),
                           number);
}

}  // namespace

double sectors_needed(const AccessCounts& counts) {
  return std::max(static_cast<double>(counts.requests),
                  static_cast<double>(counts.bytes) / kSectorBytes);
}

bool scattered(const AccessCounts& counts) {
  const auto sectors = static_cast<double>(counts.sectors);
  const auto requests = static_cast<double>(counts.requests);
  const double needed = sectors_needed(counts);
  return sectors >= 1.5 * needed && sectors > needed + requests;
}

bool conflicting(const AccessCounts& counts) {
  return counts.conflicts > 0 && counts.conflicts * 10 >= counts.wavefronts;
}

std::string remark(const KernelCounts& kernel) {
  Finding worst;
  for (const LineCounts& line : kernel.lines) {
    const MemoryCounts& counts = line.counts;
    const std::string place = place_of(line, kernel);
    look_at_global(counts.global_load, "load", place, worst);
    look_at_global(counts.global_store, "store", place, worst);
    look_at_global(counts.global_atomic, "atomic", place, worst);
    look_at_shared(counts.shared_load, "shared load", place, worst);
    look_at_shared(counts.shared_store, "shared store", place, worst);
  }
  if (!worst.text.empty()) return worst.text;
  if (kernel.times_read() >= kOftenRead) {
    return fmt::format(
        "requests touch no more sectors than they need, but each byte is asked "
        "for {} times: what caches do not keep comes from far away again",
        format_number(kernel.times_read()));
  }
  return "nothing stands out: requests touch no more sectors than they need";
}

}  // namespace cnn::simt
