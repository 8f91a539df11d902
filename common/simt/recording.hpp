/// @file
/// A launch to be played again: every request of every warp, in order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/simt/vector_types.hpp"
#include "common/simt/warp_replay.hpp"

namespace cnn::simt {

class Block;
struct Grid;

/// A piece of memory that requests go to.
struct RecordedArray {
  std::string name;    ///< of a shared variable, or name_memory()'s
  int parameter = -1;  ///< of the kernel, which points here
  bool shared = false;
  std::uintptr_t begin = 0;
  std::size_t bytes = 0;
};

/// One instruction of one warp.
struct RecordedRequest {
  dim3 block;
  std::size_t warp = 0;
  std::uint32_t meetings = 0;  ///< barriers that came before
  AccessKind kind = AccessKind::kRead;
  const void* caller = nullptr;
  std::size_t bytes = 0;  ///< of each lane
  std::size_t array = 0;  ///< number in the list of arrays
  /// For each lane, the first byte's place in the array; -1: takes no part.
  std::vector<std::int64_t> places;
};

/// How much of a launch is recorded: large blocks do too much for a picture.
enum class Extent { kWhole, kFirstWarp };

/// While it lives, the first launch of the kernel of this name is recorded, as
/// far as it was compiled with hooks. One at a time; throws std::logic_error
/// for a second one.
class Recording {
 public:
  explicit Recording(std::string kernel, Extent extent = Extent::kWhole);
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;
  ~Recording();

  /// The launch as JSON ("loops-to-warps/trace/1"): the kernel's source, its
  /// arrays, and the requests. Throws std::out_of_range when it was never
  /// launched.
  std::string to_json() const;

  const std::vector<RecordedArray>& arrays() const { return arrays_; }
  const std::vector<RecordedRequest>& requests() const { return requests_; }

  /// The one that lives and wants to hear of launches of this grid, or null.
  static Recording* of(const Grid& grid);
  /// Called by a launch: a request, a finished block.
  void add(const Block& block, std::size_t warp,
           std::span<const Event* const> lanes);
  void end_block();

 private:
  void begin(const Grid& grid);
  std::size_t array_of(const Event& event);

  std::string kernel_;
  Extent extent_;
  bool begun_ = false;
  dim3 grid_;
  dim3 threads_;
  std::size_t dynamic_bytes_ = 0;
  std::vector<const void*> pointers_;
  std::vector<RecordedArray> arrays_;
  std::vector<RecordedRequest> requests_;
  std::size_t block_begin_ = 0;
};

}  // namespace cnn::simt
