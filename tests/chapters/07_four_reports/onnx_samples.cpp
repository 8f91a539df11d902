// Files for onnxruntime_check.mjs: networks as ONNX, pictures, our logits, and
// how far float32 may be from the exact ones. Usage: onnx_samples FOLDER
#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "chapters/07_four_reports/classifier.hpp"
#include "chapters/07_four_reports/onnx_file.hpp"
#include "chapters/07_four_reports/tool.hpp"
#include "common/atomic_file.hpp"
#include "common/errors.hpp"
#include "tests/chapters/07_four_reports/onnx_networks.hpp"
#include "tests/chapters/07_four_reports/onnx_reference.hpp"
#include "tests/chapters/07_four_reports/toy_model.hpp"

namespace {

using namespace cnn;
using Json = nlohmann::ordered_json;

Json sample(const test::ExportedNetwork& network,
            const std::filesystem::path& file) {
  constexpr std::int64_t kPictures = 4;
  const Model model =
      test::random_model(network.layers, network.picture, network.classes);
  const std::string bytes = encode_onnx(model);
  write_atomically(file, bytes);
  onnx::ModelProto parsed;
  if (!parsed.ParseFromString(bytes)) throw InputError("no ONNX file");

  const auto pixels = test::random_pictures(model.picture, kPictures);
  const auto arrays = test::run_onnx(parsed, pixels, kPictures);
  std::vector<double> exact;
  std::vector<double> bounds;
  for (const test::Bounded& number : arrays.at("logits").numbers) {
    exact.push_back(number.value);
    bounds.push_back(number.error);
  }
  const Shape& picture = model.picture;
  return {
      {"layers", network.layers},
      {"file", file.filename().string()},
      {"shape", {kPictures, picture.channels, picture.height, picture.width}},
      {"classes", network.classes},
      {"pixels", pixels},
      {"logits", Classifier(model).logits(pixels)},
      {"exact", exact},
      {"bounds", bounds}};
}

}  // namespace

int main(int argc, char** argv) {
  return run_tool([&] {
    if (argc != 2) throw InputError("usage: onnx_samples FOLDER");
    const std::filesystem::path folder = argv[1];
    Json samples = Json::array();
    for (const auto& network : test::exported_networks(true)) {
      samples.push_back(
          sample(network, folder / fmt::format("{}.onnx", samples.size())));
    }
    write_atomically(folder / "samples.json",
                     Json{{"opset", kOnnxOpset}, {"networks", samples}}.dump());
    return 0;
  });
}
