// region quiet: includes
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>

#include "chapters/07_four_reports/onnx_file.hpp"
#include "chapters/07_four_reports/tool.hpp"
#include "common/errors.hpp"
// endregion

// region export-wishes
namespace {

using namespace cnn;

struct Wishes {
  std::filesystem::path model;
  std::filesystem::path out = "out";
  std::filesystem::path file;
};

/// Nothing after --help.
std::optional<Wishes> parse(int argc, const char* const* argv) {
  Wishes wishes;
  CLI::App app("Writes a model as an ONNX file, for other programs.",
               "07_export");
  app.set_help_flag("-h,--help", "Print this help and stop");
  app.add_option("file", wishes.file, "Such as model.onnx")
      ->type_name("FILE")
      ->required();
  app.add_option("--model", wishes.model,
                 "From ./course run 7 --save (OUT/07/model.safetensors)")
      ->type_name("FILE");
  app.add_option("--out", wishes.out, "Where the usual model is (out)")
      ->type_name("FOLDER");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    throw InputError(fmt::format("{} (--help lists the flags)", error.what()));
  }
  return wishes;
}
// endregion

// region export-main
int export_model(const Wishes& wishes) {
  const Model model = find_model(wishes.model, wishes.out);
  write_onnx(wishes.file, model);
  const Shape& picture = model.picture;
  fmt::print(
      "{}: {}, operators of version {}\n"
      "  in   pixels         uint8    [batch, {}, {}, {}], 0 to 255\n"
      "  out  logits         float32  [batch, {}]\n"
      "  out  probabilities  float32  [batch, {}]\n",
      wishes.file.string(), model.layers, kOnnxOpset, picture.channels,
      picture.height, picture.width, model.class_names.size(),
      model.class_names.size());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return cnn::run_tool([&] {
    const std::optional<Wishes> wishes = parse(argc, argv);
    return wishes ? export_model(*wishes) : 0;
  });
}
// endregion
