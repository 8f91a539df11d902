/// @file
/// Libraries that are looked for when the program runs.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cnn {

/// A library opened with dlopen. It stays open until the program ends, because
/// the libraries we measure against start threads that would not survive.
class SharedLibrary {
 public:
  /// The first of `names` that can be opened; else nothing, and the reason in
  /// `why_not`.
  static std::optional<SharedLibrary> open(
      const std::vector<std::string>& names, std::string& why_not);

  /// The function called `name`; `Function` is its type, decltype(cudnnCreate)
  /// for example. Throws std::runtime_error when the library has none.
  template <class Function>
  Function* function(const char* name) const {
    return reinterpret_cast<Function*>(symbol(name));
  }

 private:
  SharedLibrary(std::string name, void* handle)
      : name_(std::move(name)), handle_(handle) {}
  void* symbol(const char* name) const;

  std::string name_;
  void* handle_;
};

}  // namespace cnn
