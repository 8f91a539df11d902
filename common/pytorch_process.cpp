#include "common/pytorch_process.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <vector>

#include "common/child_process.hpp"

namespace cnn {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// In the source tree, or beside a program that was carried elsewhere.
std::optional<fs::path> find_script() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  for (const fs::path& folder :
       {fs::path(COURSE_SOURCE_DIR) / "common", program.parent_path()}) {
    fs::path script = folder / "pytorch_yardstick.py";
    if (fs::exists(script, failed)) return script;
  }
  return std::nullopt;
}

std::vector<std::string> interpreters() {
  const char* chosen = std::getenv("LOOPS_TO_WARPS_PYTHON");
  if (chosen != nullptr && *chosen != '\0') return {chosen};
  return {"python3", "/usr/bin/python3"};
}

/// The last line that says something: Python ends a traceback with the reason.
/// Cut where it would fill a screen.
std::string last_line(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  const auto end = text.find_last_not_of(" \t\r\n");
  if (end == std::string_view::npos) return "(nothing)";
  text = text.substr(0, end + 1);
  const auto line_break = text.find_last_of('\n');
  if (line_break != std::string_view::npos) text.remove_prefix(line_break + 1);
  return std::string(text.substr(0, kLongest));
}

/// Empty when the child ended well, else why it did not.
std::string complaint(const ChildOutcome& outcome, double timeout_s) {
  switch (outcome.end) {
    case ChildOutcome::End::kNotStarted:
      return fmt::format("cannot be started: {}", std::strerror(outcome.code));
    case ChildOutcome::End::kTimedOut:
      return fmt::format("gave no answer within {:.4g} s", timeout_s);
    case ChildOutcome::End::kSignalled:
      return fmt::format("was ended by signal {} ({})", outcome.code,
                         strsignal(outcome.code));
    case ChildOutcome::End::kExited:
      break;
  }
  if (outcome.code == 0) return "";
  return fmt::format("ended with status {}: {}", outcome.code,
                     last_line(outcome.errors));
}

/// One question to one interpreter: the answer, or nothing and a sentence.
/// `absent`: nothing is wrong, there is just no PyTorch.
std::optional<json> ask(const std::string& interpreter, const fs::path& script,
                        const json& request, double timeout_s, bool& absent,
                        std::string& why_not) {
  const ChildOutcome outcome = run_child({interpreter, "-B", script.string()},
                                         request.dump(), timeout_s);
  absent = outcome.end == ChildOutcome::End::kNotStarted;
  if (const std::string what = complaint(outcome, timeout_s); !what.empty()) {
    why_not = fmt::format("{} {}", interpreter, what);
    return std::nullopt;
  }
  json answer = json::parse(outcome.output, nullptr, false);
  if (!answer.is_object()) {
    why_not = fmt::format("{} answered \"{}\" instead of a JSON object",
                          interpreter, last_line(outcome.output));
    return std::nullopt;
  }
  if (answer.contains("absent") && answer["absent"].is_string()) {
    absent = true;
    why_not = fmt::format("{} has no PyTorch: {}", interpreter,
                          answer["absent"].get<std::string>());
    return std::nullopt;
  }
  return answer;
}

}  // namespace

std::optional<json> ask_pytorch(json request, double timeout_s,
                                std::string& why_not) {
  const std::optional<fs::path> script = find_script();
  if (!script) {
    why_not = "pytorch_yardstick.py is neither in " COURSE_SOURCE_DIR
              "/common nor beside this program";
    return std::nullopt;
  }
  request["timeout_s"] = timeout_s;
  why_not.clear();
  for (const std::string& interpreter : interpreters()) {
    bool absent = false;
    std::string reason;
    auto answer = ask(interpreter, *script, request, timeout_s, absent, reason);
    if (answer) return answer;
    if (why_not.empty() || !absent) why_not = reason;
    if (!absent) break;
  }
  return std::nullopt;
}

}  // namespace cnn
