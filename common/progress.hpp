/// @file
/// A line that says how far long work has come.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace cnn {

/// Shows "reading pictures  42 %" on standard error while it lives, and wipes
/// the line at its end. Says nothing where standard error is not a terminal:
/// pipes and log files stay clean.
class Progress {
 public:
  /// @param total number of steps; 0 when nobody knows: no per cent then
  explicit Progress(std::string_view what, std::int64_t total = 0);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /// Some more steps are done. Cheap enough for an inner loop: redraws at most
  /// ten times a second.
  void advance(std::int64_t steps = 1);
  /// Says something else from now on: how well it goes, how long it will take.
  void describe(std::string_view what) { what_ = what; }

 private:
  using Clock = std::chrono::steady_clock;
  void draw() const;

  std::string what_;
  std::int64_t total_;
  std::int64_t done_ = 0;
  bool visible_;
  Clock::time_point drawn_;
};

}  // namespace cnn
