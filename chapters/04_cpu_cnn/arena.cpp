// region quiet: includes
#include "chapters/04_cpu_cnn/arena.hpp"

#include <fmt/format.h>

#include <utility>

namespace cnn {
// endregion

// region arena-functions
void Arena::add(std::int64_t layer, std::vector<Parameter> parameters) {
  constexpr std::int64_t kCacheLine = 16;  // floats
  for (Parameter& parameter : parameters) {
    parameter.name = fmt::format("{}.{}", layer, parameter.name);
    parameter.offset = size;
    size += (parameter.size() + kCacheLine - 1) / kCacheLine * kCacheLine;
    entries.push_back(std::move(parameter));
    layers.push_back(layer);
  }
}

std::vector<Array> Arena::of(std::int64_t layer, Array memory) const {
  std::vector<Array> arrays;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (layers[i] == layer) arrays.push_back(memory + entries[i].offset);
  }
  return arrays;
}

}  // namespace cnn
// endregion
