/// @file
/// Several threads doing the same thing at the same time.
#pragma once

#include <functional>

namespace cnn {

/// Runs pass(0) ... pass(threads - 1) at once, each on its own thread, round
/// after round for `seconds`, one round at least. Returns the duration of the
/// shortest round in seconds, from the moment all started until the last was
/// done. `pass` must not throw.
double shortest_round(int threads, double seconds,
                      const std::function<void(int thread)>& pass);

}  // namespace cnn
