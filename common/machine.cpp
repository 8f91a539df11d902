#include "common/machine.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <regex>

#include "common/build_info.hpp"
#include "common/cgroup.hpp"

namespace cnn {

namespace {

namespace fs = std::filesystem;

/// The value of the first "key : value" or KEY=value line; empty without one.
std::string lookup(const fs::path& file, std::string_view key) {
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with(key)) continue;
    const auto separator = line.find_first_of(":=", key.size());
    if (separator == std::string::npos) continue;
    line.erase(0, separator + 1);
    const auto first = line.find_first_not_of(" \t\"");
    if (first == std::string::npos) return {};
    return line.substr(first, line.find_last_not_of(" \t\"") - first + 1);
  }
  return {};
}

std::string first_line(const fs::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

std::string cpu_model() {
  const std::string model = lookup("/proc/cpuinfo", "model name");
  if (!model.empty()) return model;
  utsname system{};
  return uname(&system) == 0 ? system.machine : "unknown processor";
}

/// "Intel(R) Xeon(R) Platinum 8480C CPU @ 2.00GHz" is "Intel Xeon Platinum
/// 8480C", "AMD EPYC 7763 64-Core Processor" is "AMD EPYC 7763".
std::string short_name(const std::string& model) {
  static const std::regex noise(
      R"(\((R|r|TM|tm)\)| CPU| @.*| [0-9]+-Core Processor| Processor)");
  return std::regex_replace(model, noise, "");
}

std::vector<Cache> caches() {
  std::vector<Cache> found;
  const fs::path folder = "/sys/devices/system/cpu/cpu0/cache";
  for (int index = 0;; ++index) {
    const fs::path cache = folder / fmt::format("index{}", index);
    const std::string type = first_line(cache / "type");
    if (type.empty()) break;
    if (type == "Instruction") continue;
    std::int64_t level = 0;
    std::int64_t size = 0;
    char unit = ' ';
    std::ifstream(cache / "level") >> level;
    std::ifstream(cache / "size") >> size >> unit;
    const std::int64_t scale = unit == 'K'   ? 1 << 10
                               : unit == 'M' ? 1 << 20
                                             : 1;
    if (size > 0) found.push_back({static_cast<int>(level), size * scale});
  }
  return found;
}

std::int64_t memory_bytes() {
  const auto physical = std::int64_t{sysconf(_SC_PHYS_PAGES)} *
                        std::int64_t{sysconf(_SC_PAGESIZE)};
  return std::min(physical, cgroup_limits().memory_bytes.value_or(physical));
}

/// The kernel's first two numbers only: the rest is the vendor's own.
std::string system_name() {
  utsname system{};
  const std::string release = uname(&system) == 0 ? system.release : "";
  const auto first_dot = release.find('.');
  const auto end = first_dot == std::string::npos
                       ? first_dot
                       : release.find_first_not_of("0123456789", first_dot + 1);
  std::string name = lookup("/etc/os-release", "PRETTY_NAME");
  if (name.empty()) name = "unknown system";
  return fmt::format("{}, {} {}", name, system.sysname, release.substr(0, end));
}

}  // namespace

int usable_cores() {
  int cores = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof(mask), &mask) == 0) cores = CPU_COUNT(&mask);
  if (const auto share = cgroup_limits().cores) {
    cores = static_cast<int>(std::min<double>(cores, std::ceil(*share)));
  }
  return std::max(cores, 1);
}

Machine describe_machine(bool no_gpu) {
  Machine machine;
  machine.cpu_model = cpu_model();
  machine.cores = usable_cores();
  machine.name = fmt::format("{}, {} core{}", short_name(machine.cpu_model),
                             machine.cores, machine.cores == 1 ? "" : "s");
  machine.isa = build_info().isa;
  machine.march = build_info().march;
  machine.caches = caches();
  machine.memory_bytes = memory_bytes();
  machine.system = system_name();
  if (no_gpu) {
    machine.gpu_absent_because = "--no-gpu was given";
  } else {
    machine.gpu = describe_gpu(machine.gpu_absent_because);
  }
  return machine;
}

}  // namespace cnn
