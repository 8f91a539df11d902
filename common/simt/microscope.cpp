#include "common/simt/microscope.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>

#include "common/simt/block.hpp"
#include "common/simt/source_lines.hpp"
#include "common/simt/symbols.hpp"
#include "common/simt/warp_replay.hpp"

namespace cnn::simt {
namespace {

Microscope* active_microscope = nullptr;

constexpr std::int64_t kSectorBytes = 32;

std::vector<LineCounts> by_line(const LaunchCounts& counts) {
  std::vector<const void*> callers;
  callers.reserve(counts.by_caller.size());
  for (const auto& [caller, part] : counts.by_caller) callers.push_back(caller);
  const std::vector<SourceLine> places = source_lines(callers);
  std::map<std::pair<std::string, int>, MemoryCounts> lines;
  auto place = places.begin();
  for (const auto& [caller, part] : counts.by_caller) {
    lines[{place->file, place->line}] += part;
    ++place;
  }
  std::vector<LineCounts> result;
  result.reserve(lines.size());
  for (auto& [where, part] : lines) {
    result.push_back({where.first, where.second, part});
  }
  return result;
}

}  // namespace

/// What was counted of one kernel.
struct Microscope::Seen {
  std::string name;
  std::int64_t launches = 0;
  LaunchCounts counts;
};

AccessCounts& AccessCounts::operator+=(const AccessCounts& other) {
  requests += other.requests;
  bytes += other.bytes;
  sectors += other.sectors;
  wavefronts += other.wavefronts;
  conflicts += other.conflicts;
  arrivals += other.arrivals;
  arrival_wavefronts += other.arrival_wavefronts;
  arrival_conflicts += other.arrival_conflicts;
  return *this;
}

double AccessCounts::sectors_per_request() const {
  return requests == 0
             ? 0
             : static_cast<double>(sectors) / static_cast<double>(requests);
}

MemoryCounts& MemoryCounts::operator+=(const MemoryCounts& other) {
  global_load += other.global_load;
  global_store += other.global_store;
  global_atomic += other.global_atomic;
  shared_load += other.shared_load;
  shared_store += other.shared_store;
  shared_atomic += other.shared_atomic;
  return *this;
}

double KernelCounts::times_read() const {
  if (distinct_bytes_read == 0) return 0;
  return static_cast<double>(total.global_load.bytes +
                             total.global_atomic.bytes) /
         static_cast<double>(distinct_bytes_read);
}

std::int64_t KernelCounts::global_traffic_bytes() const {
  return kSectorBytes *
         (total.global_load.sectors + total.global_store.sectors +
          total.global_atomic.sectors);
}

double KernelCounts::arithmetic_intensity(double flop) const {
  const std::int64_t bytes = global_traffic_bytes();
  return bytes == 0 ? 0 : flop / static_cast<double>(bytes);
}

Microscope::Microscope() {
  if (active_microscope != nullptr) {
    throw std::logic_error("Microscope: there is one already");
  }
  active_microscope = this;
}

Microscope::~Microscope() {
  active_microscope = nullptr;
}

Microscope* Microscope::active() {
  return active_microscope;
}

void Microscope::add(const Grid& grid, const LaunchCounts& counts) {
  const std::string name = kernel_name(grid.kernel);
  launches_.push_back(name);
  auto found = std::ranges::find(seen_, name, &Seen::name);
  if (found == seen_.end()) {
    seen_.push_back({name, 0, {}});
    found = std::prev(seen_.end());
  }
  ++found->launches;
  LaunchCounts& sum = found->counts;
  for (const auto& [caller, part] : counts.by_caller) {
    sum.by_caller[caller] += part;
  }
  sum.distinct_bytes_read += counts.distinct_bytes_read;
  sum.distinct_bytes_written += counts.distinct_bytes_written;
}

std::vector<KernelCounts> Microscope::kernels() const {
  std::vector<KernelCounts> all;
  for (const Seen& seen : seen_) {
    KernelCounts kernel;
    kernel.name = seen.name;
    kernel.launches = seen.launches;
    kernel.lines = by_line(seen.counts);
    for (const LineCounts& line : kernel.lines) kernel.total += line.counts;
    kernel.distinct_bytes_read = seen.counts.distinct_bytes_read;
    kernel.distinct_bytes_written = seen.counts.distinct_bytes_written;
    all.push_back(std::move(kernel));
  }
  return all;
}

KernelCounts Microscope::kernel(const std::string& name) const {
  const std::vector<KernelCounts> all = kernels();
  const auto found = std::ranges::find(all, name, &KernelCounts::name);
  if (found == all.end()) {
    throw std::out_of_range("Microscope: no launch of " + name);
  }
  return *found;
}

}  // namespace cnn::simt
