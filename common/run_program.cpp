// From a command line to an exit status.
#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <string>

#include "common/exit_status.hpp"
#include "common/program.hpp"

namespace cnn {

namespace {

/// The command line without the folders that lead to the program: the record
/// should not depend on where someone keeps it.
std::string command_line(int argc, const char* const* argv,
                         const ProgramInfo& info) {
  std::string command = info.name;
  for (int i = 1; i < argc; ++i) command += fmt::format(" {}", argv[i]);
  return command;
}

int run(int argc, const char* const* argv, const ProgramInfo& info,
        const Story& story, const ChapterFlags& chapter_flags) {
  const std::optional<Options> options =
      parse_options(argc, argv, info, chapter_flags);
  if (!options) return ExitStatus::kAllHeld;  // --help

  Program program(info, *options, command_line(argc, argv, info));
  program.print_banner();
  try {
    story(program);
  } catch (const std::logic_error& error) {
    // After a failed check the story cannot go on (a wrong kernel is never
    // timed), but what failed, and by how much, belongs on record.
    if (program.results().all_checks_passed()) throw;
    complain("stopped", error.what(), ExitStatus::kFailed);
  }
  program.finish();
  if (program.results().all_checks_passed()) return ExitStatus::kAllHeld;
  return complain("failed", "not every check held", ExitStatus::kFailed);
}

}  // namespace

int run_program(int argc, const char* const* argv, const ProgramInfo& info,
                const Story& story, const ChapterFlags& chapter_flags) {
  return exit_status_of(
      [&] { return run(argc, argv, info, story, chapter_flags); },
      "not enough memory for this problem; --quick takes less");
}

}  // namespace cnn
