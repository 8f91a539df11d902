#include "common/simt/recording.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "common/simt/block.hpp"
#include "common/simt/device_memory.hpp"
#include "common/simt/symbols.hpp"

namespace cnn::simt {
namespace {

Recording* active_recording = nullptr;

std::uintptr_t address_of(const void* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer);
}

/// The shared variable that lies there.
RecordedArray shared_array(const Event& event) {
  RecordedArray array;
  array.shared = true;
  array.name = "dynamic";
  if (event.space == Event::Space::kDynamic) return array;
  const auto variables = shared_variables();
  const auto after = std::ranges::upper_bound(variables, event.address, {},
                                              &SharedVariable::offset);
  const SharedVariable& variable = *std::prev(after);
  array.name = variable.name;
  array.begin = variable.offset;
  array.bytes = variable.bytes;
  return array;
}

/// What the last parameter before this address points to; all of the
/// allocation when there is none.
RecordedArray global_array(std::uintptr_t address,
                           std::span<const void* const> pointers) {
  const Allocation& allocation = *find_allocation(address);
  const std::uintptr_t end = allocation.begin + allocation.bytes;
  RecordedArray array;
  array.name = allocation.name;
  array.begin = allocation.begin;
  array.bytes = allocation.bytes;
  for (std::size_t i = 0; i < pointers.size(); ++i) {
    const std::uintptr_t begin = address_of(pointers[i]);
    const bool nearer = array.parameter < 0 || begin > array.begin;
    if (begin >= allocation.begin && begin <= address && nearer) {
      array.name.clear();
      array.parameter = static_cast<int>(i);
      array.begin = begin;
      array.bytes = end - begin;
    }
  }
  return array;
}

}  // namespace

Recording::Recording(std::string kernel, Extent extent)
    : kernel_(std::move(kernel)), extent_(extent) {
  if (active_recording != nullptr) {
    throw std::logic_error("Recording: there is one already");
  }
  active_recording = this;
}

Recording::~Recording() {
  active_recording = nullptr;
}

Recording* Recording::of(const Grid& grid) {
  Recording* const recording = active_recording;
  if (recording == nullptr || recording->begun_ ||
      kernel_name(grid.kernel) != recording->kernel_) {
    return nullptr;
  }
  recording->begin(grid);
  return recording;
}

void Recording::begin(const Grid& grid) {
  begun_ = true;
  grid_ = grid.blocks;
  threads_ = grid.threads;
  pointers_.assign(grid.pointers.begin(), grid.pointers.end());
  dynamic_bytes_ = grid.shared_bytes;
}

void Recording::add(const Block& block, std::size_t warp,
                    std::span<const Event* const> lanes) {
  const dim3& place = block.index();
  const bool first_warp =
      warp == 0 && place.x == 0 && place.y == 0 && place.z == 0;
  if (extent_ == Extent::kFirstWarp && !first_warp) return;
  const Event& first = **std::ranges::find_if(
      lanes, [](const Event* event) { return event != nullptr; });
  RecordedRequest request;
  request.block = block.index();
  request.warp = warp;
  request.meetings = first.meetings;
  request.kind = first.kind;
  request.caller = first.caller;
  request.bytes = first.bytes;
  request.array = array_of(first);
  const std::uintptr_t begin = arrays_[request.array].begin;
  const std::size_t threads = block.threads().size() - warp * kLanes;
  for (const Event* event : lanes.first(std::min(lanes.size(), threads))) {
    request.places.push_back(
        event == nullptr ? -1
                         : static_cast<std::int64_t>(event->address - begin));
  }
  requests_.push_back(std::move(request));
}

/// Warps came one after the other; those that are between the same two barriers
/// belong together.
void Recording::end_block() {
  const auto begin =
      requests_.begin() + static_cast<std::ptrdiff_t>(block_begin_);
  std::stable_sort(begin, requests_.end(), [](const auto& a, const auto& b) {
    return a.meetings < b.meetings;
  });
  block_begin_ = requests_.size();
}

std::size_t Recording::array_of(const Event& event) {
  RecordedArray array = event.space == Event::Space::kGlobal
                            ? global_array(event.address, pointers_)
                            : shared_array(event);
  if (event.space == Event::Space::kDynamic) array.bytes = dynamic_bytes_;
  const auto found = std::ranges::find_if(arrays_, [&](const auto& known) {
    return known.shared == array.shared && known.begin == array.begin &&
           known.name == array.name;
  });
  if (found != arrays_.end()) {
    return static_cast<std::size_t>(found - arrays_.begin());
  }
  arrays_.push_back(std::move(array));
  return arrays_.size() - 1;
}

}  // namespace cnn::simt
