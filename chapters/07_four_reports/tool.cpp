// region quiet: includes
#include "chapters/07_four_reports/tool.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <new>
#include <string_view>

#include "chapters/07_four_reports/model_file.hpp"
#include "common/data/input.hpp"
#include "common/errors.hpp"
// endregion

// region run-tool
namespace cnn {

namespace {

constexpr int kBroken = 1;
constexpr int kBadInput = 2;
constexpr int kSkipped = 77;

int complain(std::string_view kind, std::string_view sentence, int status) {
  std::fflush(stdout);  // so that the two streams do not overtake each other
  fmt::print(stderr, "{}: {}\n", kind, sentence);
  return status;
}

}  // namespace

int run_tool(const std::function<int()>& body) {
  try {
    const int status = body();
    if (std::fflush(stdout) != 0) {
      return complain("error", "cannot write to standard output", kBadInput);
    }
    return status;
  } catch (const InputError& error) {
    return complain("error", error.what(), kBadInput);
  } catch (const SkipError& error) {
    return complain("skipped", error.what(), kSkipped);
  } catch (const std::bad_alloc&) {
    return complain("error", "not enough memory for this model", kBadInput);
  } catch (const std::exception& error) {
    return complain("error", error.what(), kBroken);
  }
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
