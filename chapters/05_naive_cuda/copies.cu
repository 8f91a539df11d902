// region quiet: includes
#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "chapters/05_naive_cuda/laboratory.hpp"
#include "chapters/05_naive_cuda/pinned_memory.hpp"
#include "common/cuda/check.hpp"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region two-kinds-of-memory
namespace {

using Bytes = std::span<std::uint8_t>;

/// The same number of bytes in three places.
struct Places {
  explicit Places(std::int64_t bytes)
      : pageable(static_cast<std::size_t>(bytes)),
        pinned(static_cast<std::size_t>(bytes)),
        device(static_cast<std::size_t>(bytes)) {
    std::ranges::fill(pinned.bytes(), std::uint8_t{1});  // so that it is there
    to_device(pinned.bytes());
    stream.synchronize();
  }

  void to_device(Bytes from) {
    copy_to_device(device.data(), from.data(), from.size(), stream);
  }
  void to_host(Bytes to) {
    copy_to_host(to.data(), device.data(), to.size(), stream);
  }

  std::vector<std::uint8_t> pageable;
  PinnedMemory pinned;
  DeviceBuffer<std::uint8_t> device;
  Stream stream;
};
// endregion

// region ask-for-copies
double seconds_of(const std::function<void()>& run) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  run();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

CopyAsked ask_for_copies(std::int64_t bytes) {
  Places places(bytes);
  const auto ask = [&](Bytes from) {
    const double seconds = seconds_of([&] { places.to_device(from); });
    places.stream.synchronize();
    return seconds;
  };
  ask(places.pageable);  // the first ones set things up
  ask(places.pinned.bytes());
  const double pageable = ask(places.pageable);
  return {pageable, ask(places.pinned.bytes())};
}
// endregion

// region time-copies
CopyTimes time_copies(std::int64_t bytes, const TimingPlan& plan) {
  Places places(bytes);
  const auto time = [&](const std::function<void()>& copy) {
    return time_repeated(
        [&] {
          copy();
          places.stream.synchronize();
        },
        plan);
  };
  const Bytes pinned = places.pinned.bytes();
  CopyTimes times;
  times.bytes = bytes;
  times.pageable_to_device = time([&] { places.to_device(places.pageable); });
  times.pinned_to_device = time([&] { places.to_device(pinned); });
  times.pageable_to_host = time([&] { places.to_host(places.pageable); });
  times.pinned_to_host = time([&] { places.to_host(pinned); });
  return times;
}
// endregion

// region changed-by-copies
std::int64_t changed_by_copies(std::int64_t bytes) {
  Places places(bytes);
  const auto number = [](std::size_t i) {
    return static_cast<std::uint8_t>(i % 251);
  };
  for (std::size_t i = 0; i < places.pageable.size(); ++i) {
    places.pageable[i] = number(i);
  }
  // There from one kind of memory, and back to the other; then the other way.
  places.to_device(places.pageable);
  places.to_host(places.pinned.bytes());
  places.stream.synchronize();
  std::ranges::fill(places.pageable, std::uint8_t{0});
  places.to_device(places.pinned.bytes());
  places.to_host(places.pageable);
  places.stream.synchronize();
  std::int64_t changed = 0;
  for (std::size_t i = 0; i < places.pageable.size(); ++i) {
    changed += places.pageable[i] == number(i) ? 0 : 1;
  }
  return changed;
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
