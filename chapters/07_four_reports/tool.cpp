// region quiet: includes
#include "chapters/07_four_reports/tool.hpp"

#include "chapters/07_four_reports/model_file.hpp"
#include "common/data/input.hpp"
#include "common/exit_status.hpp"
// endregion

// region run-tool
namespace cnn {

int run_tool(const std::function<int()>& body) {
  return exit_status_of(body, "not enough memory for this model");
}
// endregion

// region find-model
std::filesystem::path usual_model(const std::filesystem::path& out) {
  return out / "07" / "model.safetensors";
}

Model find_model(const std::filesystem::path& file,
                 const std::filesystem::path& out) {
  if (!file.empty()) return load_model(file);
  const auto usual = usual_model(out);
  if (std::filesystem::exists(usual)) return load_model(usual);
  throw bad_input(usual.string(), "opening it", "no such file",
                  "a model: `./course run 7 --only 001/one-cycle --save "
                  "out/07/model.safetensors` "
                  "trains one, and --model names another");
}

}  // namespace cnn
// endregion
