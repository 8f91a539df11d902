#include "common/simt/examination.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "common/simt/kernel_source.hpp"

namespace cnn::simt {
namespace {

/// "transpose" of "transpose<1>".
std::string without_arguments(const std::string& kernel) {
  return kernel.substr(0, kernel.find('<'));
}

bool is_called(const KernelCounts& kernel, const std::string& name) {
  return kernel.name == name || without_arguments(kernel.name) == name;
}

nlohmann::ordered_json json_of(const AccessCounts& counts) {
  nlohmann::ordered_json json{{"requests", counts.requests},
                              {"bytes", counts.bytes},
                              {"sectors", counts.sectors},
                              {"wavefronts", counts.wavefronts},
                              {"conflicts", counts.conflicts}};
  if (counts.arrivals > 0) {
    json["arrivals"] = {{"requests", counts.arrivals},
                        {"wavefronts", counts.arrival_wavefronts},
                        {"conflicts", counts.arrival_conflicts}};
  }
  return json;
}

nlohmann::ordered_json json_of(const MemoryCounts& counts) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  const auto add = [&](const char* name, const AccessCounts& kind) {
    if (kind.requests > 0) json[name] = json_of(kind);
  };
  add("global_load", counts.global_load);
  add("global_store", counts.global_store);
  add("global_atomic", counts.global_atomic);
  add("shared_load", counts.shared_load);
  add("shared_store", counts.shared_store);
  add("shared_atomic", counts.shared_atomic);
  return json;
}

nlohmann::ordered_json json_of(const KernelCounts& kernel) {
  nlohmann::ordered_json json;
  json["kernel"] = kernel.name;
  json["launches"] = kernel.launches;
  json["total"] = json_of(kernel.total);
  json["distinct_bytes_read"] = kernel.distinct_bytes_read;
  json["distinct_bytes_written"] = kernel.distinct_bytes_written;
  json["global_traffic_bytes"] = kernel.global_traffic_bytes();
  json["lines"] = nlohmann::ordered_json::array();
  for (const LineCounts& line : kernel.lines) {
    nlohmann::ordered_json one;
    one["file"] = shown_path(line.file);
    one["line"] = line.line;
    one["counts"] = json_of(line.counts);
    json["lines"].push_back(std::move(one));
  }
  return json;
}

}  // namespace

double Examined::arithmetic_intensity() const {
  std::int64_t bytes = 0;
  for (const KernelCounts& kernel : kernels) {
    bytes += kernel.global_traffic_bytes();
  }
  return bytes == 0 ? 0 : exhibit.flop / static_cast<double>(bytes);
}

std::vector<Examined> examine(std::span<const Exhibit> exhibits) {
  std::vector<Examined> all;
  for (const Exhibit& exhibit : exhibits) {
    const Microscope microscope;
    exhibit.launch();
    all.push_back({exhibit, microscope.kernels(), microscope.launches()});
  }
  return all;
}

std::vector<Examined> named(std::span<const Examined> all,
                            const std::string& name) {
  std::vector<Examined> found;
  for (const Examined& one : all) {
    if (one.exhibit.name == name) {
      found.push_back(one);
      continue;
    }
    Examined part = one;
    std::erase_if(part.kernels, [&](const KernelCounts& kernel) {
      return !is_called(kernel, name);
    });
    if (!part.kernels.empty()) found.push_back(std::move(part));
  }
  return found;
}

std::string to_json(std::span<const Examined> all, const std::string& program) {
  nlohmann::ordered_json json;
  json["schema"] = "loops-to-warps/microscope/1";
  json["program"] = program;
  json["exhibits"] = nlohmann::ordered_json::array();
  for (const Examined& one : all) {
    nlohmann::ordered_json exhibit;
    exhibit["name"] = one.exhibit.name;
    exhibit["shows"] = one.exhibit.shows;
    exhibit["flop"] = one.exhibit.flop;
    exhibit["launches"] = one.launches;
    exhibit["kernels"] = nlohmann::ordered_json::array();
    for (const KernelCounts& kernel : one.kernels) {
      exhibit["kernels"].push_back(json_of(kernel));
    }
    json["exhibits"].push_back(std::move(exhibit));
  }
  return json.dump(1) + "\n";
}

}  // namespace cnn::simt
