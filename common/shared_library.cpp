#include "common/shared_library.hpp"

#include <dlfcn.h>

#include <stdexcept>

namespace cnn {

std::optional<SharedLibrary> SharedLibrary::open(
    const std::vector<std::string>& names, std::string& why_not) {
  for (const std::string& name : names) {
    // Local: its symbols must not get in the way of anyone else's.
    void* const handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle != nullptr) return SharedLibrary(name, handle);
    // The first name is the one to install, so its reason is the one to give.
    const char* const reason = ::dlerror();
    if (&name == &names.front()) {
      why_not = reason != nullptr ? reason : name + " could not be opened";
    }
  }
  return std::nullopt;
}

void* SharedLibrary::symbol(const char* name) const {
  void* const address = ::dlsym(handle_, name);
  if (address == nullptr) {
    throw std::runtime_error(name_ + " has no function " + name);
  }
  return address;
}

}  // namespace cnn
