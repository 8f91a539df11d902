#include "common/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace cnn {

Progress::Progress(std::string_view what, std::int64_t total)
    : what_(what),
      total_(total),
      visible_(::isatty(STDERR_FILENO) == 1),
      drawn_(Clock::now()) {
  if (visible_) draw();
}

Progress::~Progress() {
  if (visible_) std::fputs("\r\x1b[K", stderr);  // erase to the line's end
}

void Progress::advance(std::int64_t steps) {
  done_ += steps;
  if (!visible_) return;
  const auto now = Clock::now();
  if (now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  draw();
}

void Progress::draw() const {
  const std::string share =
      total_ > 0 ? fmt::format("  {} %", 100 * done_ / total_) : "";
  const std::string line = fmt::format("\r  {}{}\x1b[K", what_, share);
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace cnn
