/// @file
/// The memory microscope: what a kernel's warps ask of the memory, counted.
///
/// Works for kernels that were compiled with hooks (course_simt(... TRACED)).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cnn::simt {

struct Grid;
struct LaunchCounts;

/// Accesses of one kind. A request is one instruction of one warp.
struct AccessCounts {
  std::int64_t requests = 0;
  std::int64_t bytes = 0;  ///< asked for by the threads
  /// Global memory: 32-byte sectors touched by each request, added up. An
  /// asynchronous copy of 16 bytes a lane is served a line of 128 bytes at a
  /// time, and counts the sectors of shared memory where those are more.
  std::int64_t sectors = 0;
  /// Shared memory: passes that the requests take. 32 banks hold one word of
  /// 4 bytes each; a pass gives one word from every bank, to all lanes that
  /// want it. Accesses of 8 and 16 bytes are served for a half and a quarter of
  /// the warp at a time; loads of 16 bytes for a half, too, if that is faster
  /// and each lane of it wants the same as a neighbour: the one next to it, or
  /// the one after that.
  std::int64_t wavefronts = 0;
  /// Passes more than without bank conflicts.
  std::int64_t conflicts = 0;
  /// How many of these requests, wavefronts and conflicts are what asynchronous
  /// copies bring to shared memory: a GPU's counters leave those out.
  std::int64_t arrivals = 0;
  std::int64_t arrival_wavefronts = 0;
  std::int64_t arrival_conflicts = 0;

  AccessCounts& operator+=(const AccessCounts& other);
  double sectors_per_request() const;
};

/// All kinds, of one line or one kernel.
struct MemoryCounts {
  AccessCounts global_load;
  AccessCounts global_store;
  AccessCounts global_atomic;
  AccessCounts shared_load;
  AccessCounts shared_store;
  AccessCounts shared_atomic;

  MemoryCounts& operator+=(const MemoryCounts& other);
};

/// Counts of one line of the source.
struct LineCounts {
  std::string file;  ///< empty without debug information
  int line = 0;
  MemoryCounts counts;
};

/// Counts of one kernel, over all its launches.
struct KernelCounts {
  std::string name;
  std::int64_t launches = 0;
  MemoryCounts total;
  std::vector<LineCounts> lines;  ///< by file and line
  /// Bytes of global memory that were touched at all, each launch by itself.
  std::int64_t distinct_bytes_read = 0;
  std::int64_t distinct_bytes_written = 0;

  /// How many times each byte that was read was asked for; 0 without reads.
  double times_read() const;
  /// Bytes that the sectors of all global requests amount to.
  std::int64_t global_traffic_bytes() const;
  /// FLOP for each byte of that traffic. How much arithmetic a kernel does is
  /// for the caller to say: hooks see memory only.
  double arithmetic_intensity(double flop) const;
};

/// While it lives, launches are counted. One at a time; throws
/// std::logic_error for a second one.
class Microscope {
 public:
  Microscope();
  Microscope(const Microscope&) = delete;
  Microscope& operator=(const Microscope&) = delete;
  ~Microscope();

  /// In the order of their first launches. Asks for source lines, which takes
  /// a moment.
  std::vector<KernelCounts> kernels() const;
  /// Which kernels, launch by launch.
  const std::vector<std::string>& launches() const { return launches_; }
  /// The one of this name; throws std::out_of_range.
  KernelCounts kernel(const std::string& name) const;

  /// The one that lives, or null.
  static Microscope* active();
  /// Called by a launch when it is done.
  void add(const Grid& grid, const LaunchCounts& counts);

 private:
  struct Seen;
  std::vector<Seen> seen_;
  std::vector<std::string> launches_;
};

}  // namespace cnn::simt
