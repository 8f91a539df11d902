// region quiet: includes
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "chapters/07_four_reports/answers.hpp"
#include "chapters/07_four_reports/tool.hpp"
#include "common/errors.hpp"
#include "common/exit_status.hpp"
// endregion

// region predict-wishes
namespace {

using namespace cnn;

struct Wishes {
  std::filesystem::path model;
  std::filesystem::path out = "out";
  std::vector<std::filesystem::path> pictures;
  bool invert = false;
  bool as_is = false;
  bool json = false;
};

/// Nothing after --help.
std::optional<Wishes> parse(int argc, const char* const* argv) {
  Wishes wishes;
  CLI::App app("Says what pictures show.", "07_predict");
  app.set_help_flag("-h,--help", "Print this help and stop");
  app.add_option("pictures", wishes.pictures, "PNG or JPEG files")
      ->type_name("PICTURE")
      ->required();
  app.add_option("--model", wishes.model,
                 "From ./course run 7 --save (OUT/07/model.safetensors)")
      ->type_name("FILE");
  app.add_option("--out", wishes.out, "Where the usual model is (out)")
      ->type_name("FOLDER");
  auto* const invert = app.add_flag(
      "--invert", wishes.invert, "Let black and white change places, always");
  app.add_flag("--as-is", wishes.as_is, "Never (else: where it looks right)")
      ->excludes(invert);
  app.add_flag("--json", wishes.json, "For programs");
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

// region predict-all
/// 2 when one of the files was no picture, as for a program that got only it.
int predict_all(const Wishes& wishes) {
  std::optional<bool> invert;
  if (wishes.invert || wishes.as_is) invert = wishes.invert;
  Classifier classifier(find_model(wishes.model, wishes.out));
  const std::vector<Answer> answers =
      answers_for(classifier, wishes.pictures, invert);
  int status = ExitStatus::kAllHeld;
  for (const Answer& answer : answers) {
    if (answer.error.empty()) {
      if (!wishes.json) fmt::print("{}", to_text(answer, classifier.model()));
      continue;
    }
    status = complain("error", answer.error, ExitStatus::kBadInput);
  }
  if (wishes.json) fmt::print("{}\n", to_json(answers, classifier.model()));
  return status;
}

}  // namespace
// endregion

// region predict-main
int main(int argc, char** argv) {
  return cnn::run_tool([&] {
    const std::optional<Wishes> wishes = parse(argc, argv);
    return wishes ? predict_all(*wishes) : 0;
  });
}
// endregion
