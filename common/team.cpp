#include "common/team.hpp"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <limits>
#include <thread>
#include <vector>

namespace cnn {

double shortest_round(int threads, double seconds,
                      const std::function<void(int thread)>& pass) {
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;

  std::barrier meeting(threads);
  double shortest = std::numeric_limits<double>::infinity();
  bool done = false;  // written by thread 0 between two meetings
  const auto start = Clock::now();

  const auto member = [&](int thread) {
    while (!done) {
      meeting.arrive_and_wait();  // everyone is ready
      const auto begin = Clock::now();
      pass(thread);
      meeting.arrive_and_wait();  // everyone has finished
      if (thread == 0) {
        const auto end = Clock::now();
        shortest = std::min(shortest, Seconds(end - begin).count());
        done = Seconds(end - start).count() >= seconds;
      }
      meeting.arrive_and_wait();  // everyone sees the same `done`
    }
  };
  std::vector<std::jthread> others;
  for (int thread = 1; thread < threads; ++thread) {
    others.emplace_back(member, thread);
  }
  member(0);
  return shortest;
}

}  // namespace cnn
