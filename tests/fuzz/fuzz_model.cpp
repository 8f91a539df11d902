// The reader of models: lines "key=value" are the metadata of a file with the
// weights of a small network. What it accepts has to fit, and to come back.
#include <algorithm>
#include <string_view>

#include "chapters/07_four_reports/model_file.hpp"
#include "common/errors.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace {

/// The seeds' network: 2C3p1-BN-R-P2-3, for pictures of 1x4x6.
std::vector<cnn::NamedTensor> weights() {
  return {{"0.weight", {2, 1, 3, 3}, std::vector<float>(18, 0.5F)},
          {"0.bias", {2}, {1, 2}},
          {"1.weight", {2}, {1, 2}},
          {"1.bias", {2}, {1, 2}},
          {"5.weight", {3, 12}, std::vector<float>(36, 0.5F)},
          {"5.bias", {3}, {1, 2, 3}},
          {"1.running_mean", {2}, {1, 2}},
          {"1.running_var", {2}, {1, 2}}};
}

cnn::Safetensors contents_of_lines(std::string_view text) {
  cnn::Safetensors contents{weights(), {}};
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t equals = std::min(line.find('='), line.size());
    contents.metadata[std::string(line.substr(0, equals))] =
        line.substr(std::min(equals + 1, line.size()));
  }
  return contents;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  cnn::Model model;
  try {
    model = cnn::model_from(contents_of_lines(text), "input");
  } catch (const cnn::InputError&) {
    return 0;
  }
  const auto shapes = cnn::output_shapes(cnn::layers_of(model), model.picture);
  require(shapes.back().size() == std::ssize(model.class_names));
  require(std::ssize(model.scaling.scale) == model.picture.channels);
  const cnn::Model again = cnn::model_from(cnn::contents_of(model), "again");
  require(again.layers == model.layers);
  require(again.picture == model.picture);
  require(again.scaling.scale == model.scaling.scale);
  require(again.scaling.offset == model.scaling.offset);
  require(again.ground == model.ground);
  require(again.tensors.size() == model.tensors.size());
  return 0;
}
