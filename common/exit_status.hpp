/// @file
/// What a program of the course ends with.
#pragma once

#include <functional>
#include <string_view>

namespace cnn {

/// The course's exit statuses.
struct ExitStatus {
  static constexpr int kAllHeld = 0;  ///< every check held
  static constexpr int kFailed = 1;   ///< a check did not, or something broke
  static constexpr int kBadInput = 2;
  static constexpr int kSkipped = 77;  ///< this machine cannot do it
};

/// "kind: sentence" on standard error, and `status`.
int complain(std::string_view kind, std::string_view sentence, int status);

/// What `body` returns; for what it throws, a complaint: kBadInput after
/// InputError, when memory ran out or when standard output took no more,
/// kSkipped after SkipError, kFailed after anything else.
/// @param no_memory the sentence when memory ran out
int exit_status_of(const std::function<int()>& body,
                   std::string_view no_memory);

}  // namespace cnn
