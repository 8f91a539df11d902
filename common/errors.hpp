/// @file
/// The exceptions that decide a program's exit status.
#pragma once

#include <stdexcept>
#include <string>

namespace cnn {

/// Bad usage or bad input. The message is one sentence that names the file or
/// option, the place, what was found and what was expected. Programs print it
/// and exit with status 2.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// This machine cannot do what was asked (no GPU, a driver that is too old).
/// The message is one sentence. Programs print it and exit with status 77.
class SkipError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace cnn
