/// @file
/// Another program, run to its end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cnn {

/// How a child process ended, and what it wrote.
struct ChildOutcome {
  /// How it ended.
  enum class End {
    kExited,     ///< `code` is its exit status
    kSignalled,  ///< `code` is the signal that ended it
    kTimedOut,   ///< it was killed; `code` is 0
    kNotStarted  ///< `code` is the errno of posix_spawn
  };
  End end = End::kNotStarted;
  int code = 0;
  std::string output;  ///< what it wrote to standard output
  std::string errors;  ///< and to standard error
};

/// Runs `command`, whose first word is looked up in PATH, without a shell, and
/// waits. Its standard input is `input`, its outputs are kept in memory, so
/// that neither side can wait for the other. After `timeout_s` it is killed.
/// It is always waited for: no zombie stays behind.
/// Throws std::system_error when the system has no memory files.
ChildOutcome run_child(const std::vector<std::string>& command,
                       std::string_view input, double timeout_s);

}  // namespace cnn
