// From a command line to an exit status.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>

#include "common/errors.hpp"
#include "common/program.hpp"

namespace cnn {

namespace {

constexpr int kAllHeld = 0;
constexpr int kCheckFailed = 1;
constexpr int kBadInput = 2;
constexpr int kSkipped = 77;

int complain(std::string_view kind, std::string_view sentence, int status) {
  std::fflush(stdout);  // so that the two streams do not overtake each other
  fmt::print(stderr, "{}: {}\n", kind, sentence);
  return status;
}

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
  if (!options) return kAllHeld;  // --help

  Program program(info, *options, command_line(argc, argv, info));
  program.print_banner();
  try {
    story(program);
  } catch (const std::logic_error& error) {
    // After a failed check the story cannot go on (a wrong kernel is never
    // timed), but what failed, and by how much, belongs on record.
    if (program.results().all_checks_passed()) throw;
    complain("stopped", error.what(), kCheckFailed);
  }
  program.finish();
  if (program.results().all_checks_passed()) return kAllHeld;
  return complain("failed", "not every check held", kCheckFailed);
}

}  // namespace

int run_program(int argc, const char* const* argv, const ProgramInfo& info,
                const Story& story, const ChapterFlags& chapter_flags) {
  try {
    const int status = run(argc, argv, info, story, chapter_flags);
    if (std::fflush(stdout) != 0) {
      return complain("error", "cannot write to standard output", kBadInput);
    }
    return status;
  } catch (const InputError& error) {
    return complain("error", error.what(), kBadInput);
  } catch (const SkipError& error) {
    return complain("skipped", error.what(), kSkipped);
  } catch (const std::bad_alloc&) {
    return complain("error",
                    "not enough memory for this problem; --quick takes less",
                    kBadInput);
  } catch (const std::exception& error) {
    return complain("error", error.what(), kCheckFailed);
  }
}

}  // namespace cnn
