// region quiet: includes
#include "chapters/04_cpu_cnn/weights_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "chapters/04_cpu_cnn/trainer.hpp"
#include "common/data/input.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region to-tensors
std::vector<NamedTensor> to_tensors(std::span<const Parameter> parameters,
                                    std::span<const float> arena,
                                    const std::string& prefix) {
  std::vector<NamedTensor> tensors;
  for (const Parameter& parameter : parameters) {
    const auto values =
        arena.subspan(static_cast<std::size_t>(parameter.offset),
                      static_cast<std::size_t>(parameter.size()));
    tensors.push_back({prefix + parameter.name,
                       parameter.shape,
                       {values.begin(), values.end()}});
  }
  return tensors;
}
// endregion

// region from-tensors
void expect_tensors(std::span<const Parameter> parameters,
                    const Safetensors& contents, std::string_view file,
                    const std::string& prefix) {
  for (const Parameter& parameter : parameters) {
    const std::string name = prefix + parameter.name;
    const std::string expected =
        fmt::format("shape [{}]", fmt::join(parameter.shape, ", "));
    const NamedTensor* tensor = contents.find(name);
    if (tensor == nullptr) {
      throw bad_input(file, "tensor " + in_quotes(name), "none", expected);
    }
    if (tensor->shape != parameter.shape) {
      throw bad_input(file, "tensor " + in_quotes(name),
                      fmt::format("shape [{}]", fmt::join(tensor->shape, ", ")),
                      expected);
    }
  }
}

void from_tensors(std::span<const Parameter> parameters,
                  const Safetensors& contents, std::string_view file,
                  std::span<float> arena, const std::string& prefix) {
  expect_tensors(parameters, contents, file, prefix);
  for (const Parameter& parameter : parameters) {
    std::ranges::copy(contents.find(prefix + parameter.name)->values,
                      arena.begin() + parameter.offset);
  }
}

void expect_no_more_tensors(const Safetensors& contents, std::string_view file,
                            std::span<const std::string> names) {
  for (const NamedTensor& tensor : contents.tensors) {
    if (std::ranges::find(names, tensor.name) == names.end()) {
      throw bad_input(file, "tensor " + in_quotes(tensor.name),
                      "more than this network has",
                      fmt::format("{} tensors", names.size()));
    }
  }
}
// endregion

// region describe-layers
std::string describe_layers(const Network& network) {
  const Shape& input = network.input_shape();
  std::string text =
      fmt::format("{}x{}x{}", input.channels, input.height, input.width);
  for (const LayerSummary& layer : network.layers()) {
    text += "; " + layer.description;
  }
  return text;
}
// endregion

// region save-and-load
void save_weights(const std::filesystem::path& path, const Network& network) {
  const Weights weights = download_weights(network);
  Safetensors contents;
  contents.metadata = {{"format", "pt"}, {"network", describe_layers(network)}};
  contents.tensors = to_tensors(network.parameters(), weights.parameters);
  std::ranges::move(to_tensors(network.buffers(), weights.buffers),
                    std::back_inserter(contents.tensors));
  write_safetensors(path, contents);
}

void load_weights(const std::filesystem::path& path, Network& network) {
  const Safetensors contents = read_safetensors(path);
  std::vector<std::string> names;
  for (const auto& kind : {network.parameters(), network.buffers()}) {
    for (const Parameter& parameter : kind) names.push_back(parameter.name);
  }
  Weights weights = download_weights(network);
  const std::string file = path.string();
  from_tensors(network.parameters(), contents, file, weights.parameters);
  from_tensors(network.buffers(), contents, file, weights.buffers);
  expect_no_more_tensors(contents, file, names);
  upload_weights(weights, network);
}

}  // namespace cnn
// endregion
