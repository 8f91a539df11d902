// A recorded launch as a file: small, and the same on every machine.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "common/simt/kernel_source.hpp"
#include "common/simt/recording.hpp"
#include "common/simt/source_lines.hpp"

namespace cnn::simt {
namespace {

using Json = nlohmann::ordered_json;

Json sides(const dim3& size) {
  return {size.x, size.y, size.z};
}

const char* name_of(AccessKind kind) {
  switch (kind) {
    case AccessKind::kRead:
      return "read";
    case AccessKind::kWrite:
      return "write";
    case AccessKind::kAtomic:
      break;
  }
  return "atomic";
}

/// The kernel itself, among the functions that its requests come from.
struct Source {
  std::string file;
  int first = 0;
  std::vector<std::string> lines;
  std::vector<std::string> parameters;
};

Source find_source(const std::map<const void*, SourceLine>& places,
                   const std::string& kernel) {
  const std::string name = kernel.substr(0, kernel.find('<'));
  Source source;
  for (const auto& [caller, place] : places) {
    const std::vector<std::string> all = read_lines(place.file);
    if (all.empty()) continue;
    const auto [first, last] = function_around(all, place.line);
    const std::span<const std::string> function =
        std::span(all).subspan(static_cast<std::size_t>(first - 1),
                               static_cast<std::size_t>(last - first + 1));
    source.file = shown_path(place.file);
    source.first = first;
    source.lines.assign(function.begin(), function.end());
    source.parameters = parameter_names(function, name);
    if (!source.parameters.empty()) break;
  }
  return source;
}

std::string name_of(const RecordedArray& array, const Source& source) {
  if (!array.name.empty()) return array.name;
  const auto parameter = static_cast<std::size_t>(array.parameter);
  return array.parameter >= 0 && parameter < source.parameters.size()
             ? source.parameters[parameter]
             : "memory";
}

std::map<const void*, SourceLine> places_of(
    std::span<const RecordedRequest> requests) {
  std::map<const void*, SourceLine> places;
  for (const RecordedRequest& request : requests) places[request.caller];
  std::vector<const void*> callers;
  callers.reserve(places.size());
  for (const auto& [caller, place] : places) callers.push_back(caller);
  const std::vector<SourceLine> lines = source_lines(callers);
  for (std::size_t i = 0; i < callers.size(); ++i)
    places[callers[i]] = lines[i];
  return places;
}

Json json_of(const RecordedRequest& request, int line) {
  Json places = Json::array();
  for (const std::int64_t place : request.places) {
    places.push_back(place < 0 ? Json(nullptr) : Json(place));
  }
  return {{"block", sides(request.block)}, {"warp", request.warp},
          {"meetings", request.meetings},  {"line", line},
          {"do", name_of(request.kind)},   {"array", request.array},
          {"bytes", request.bytes},        {"at", std::move(places)}};
}

}  // namespace

std::string Recording::to_json() const {
  if (!begun_) {
    throw std::out_of_range("Recording: no launch of " + kernel_);
  }
  const auto places = places_of(requests_);
  const Source source = find_source(places, kernel_);
  Json head;
  head["schema"] = "loops-to-warps/trace/1";
  head["kernel"] = kernel_;
  head["grid"] = sides(grid_);
  head["block"] = sides(threads_);
  head["file"] = source.file;
  head["first_line"] = source.first;
  head["source"] = source.lines;
  head["arrays"] = Json::array();
  for (const RecordedArray& array : arrays_) {
    head["arrays"].push_back(
        {{"name", name_of(array, source)},
         {"space", array.shared ? "shared" : "global"},
         {"bytes", array.bytes},
         // Where in a sector, and in which bank, it begins.
         {"phase", array.shared ? 0 : array.begin % 128}});
  }
  std::string text = head.dump(1);
  text.erase(text.rfind('\n'));
  text += ",\n \"requests\": [";
  for (std::size_t i = 0; i < requests_.size(); ++i) {
    const int line = places.at(requests_[i].caller).line;
    text += (i == 0 ? "\n" : ",\n") + json_of(requests_[i], line).dump();
  }
  return text + "\n ]\n}\n";
}

}  // namespace cnn::simt
