#include "common/exit_status.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <new>

#include "common/errors.hpp"

namespace cnn {

int complain(std::string_view kind, std::string_view sentence, int status) {
  std::fflush(stdout);  // so that the two streams do not overtake each other
  fmt::print(stderr, "{}: {}\n", kind, sentence);
  return status;
}

int exit_status_of(const std::function<int()>& body,
                   std::string_view no_memory) {
  try {
    const int status = body();
    if (std::fflush(stdout) != 0) {
      return complain("error", "cannot write to standard output",
                      ExitStatus::kBadInput);
    }
    return status;
  } catch (const InputError& error) {
    return complain("error", error.what(), ExitStatus::kBadInput);
  } catch (const SkipError& error) {
    return complain("skipped", error.what(), ExitStatus::kSkipped);
  } catch (const std::bad_alloc&) {
    return complain("error", no_memory, ExitStatus::kBadInput);
  } catch (const std::exception& error) {
    return complain("error", error.what(), ExitStatus::kFailed);
  }
}

}  // namespace cnn
