#include "common/memory_use.hpp"

#include <fstream>
#include <string>

namespace cnn {

std::int64_t peak_memory_bytes() {
  std::ifstream status("/proc/self/status");
  std::string name;
  while (status >> name) {
    std::int64_t kilobytes = 0;
    if (name == "VmHWM:" && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

}  // namespace cnn
