// region quiet: includes
#include <algorithm>
#include <cstddef>

#include "chapters/05_naive_cuda/one_thread_each.cuh"
#include "chapters/06_tiled_cuda_adam/fast_divisor.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"
#include "chapters/06_tiled_cuda_adam/tiles.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region tiled-gather
namespace {

constexpr std::int64_t kPicturesAtOnce = 512;
constexpr std::int64_t kMostChannels = 8;

/// What travels with the launch: which pictures, and what becomes of a byte.
struct Chosen {
  int index[kPicturesAtOnce];
  float scale[kMostChannels];
  float offset[kMostChannels];
};

/// Four neighbouring pixels of one channel for each thread.
struct GatherSizes {
  int pixels;
  FastDivisor fours;  ///< of a plane
  int channels;
  FastDivisor by_channels;
  bool whole;  ///< planes are whole fours, and begin where four can be read
};

__device__ uchar4 read_bytes(const std::uint8_t* from, int left, bool whole) {
  if (whole) return *reinterpret_cast<const uchar4*>(from);
  return make_uchar4(from[0], left > 1 ? from[1] : std::uint8_t{0},
                     left > 2 ? from[2] : std::uint8_t{0},
                     left > 3 ? from[3] : std::uint8_t{0});
}
// endregion

// region tiled-gather-kernel
__global__ void gather_fours(int count, GatherSizes s, Chosen chosen,
                             const std::uint8_t* __restrict__ bytes,
                             const std::uint8_t* __restrict__ labels,
                             float* __restrict__ activation,
                             std::uint8_t* __restrict__ batch_labels) {
  const int i = this_output();
  if (i >= count) return;
  const int plane = s.fours.quotient(i);  // in the batch
  const int first = 4 * s.fours.remainder(i, plane);
  const int n = s.by_channels.quotient(plane);
  const int c = s.by_channels.remainder(plane, n);
  const int picture = chosen.index[n];
  if (first == 0 && c == 0) batch_labels[n] = labels[picture];

  // A data set may well have more bytes than an int counts.
  const std::int64_t from = std::int64_t{picture} * s.channels + c;
  const int left = s.pixels - first;
  const uchar4 four =
      read_bytes(bytes + from * s.pixels + first, left, s.whole);
  const float scale = chosen.scale[c];
  const float offset = chosen.offset[c];
  const float values[4] = {static_cast<float>(four.x) * scale + offset,
                           static_cast<float>(four.y) * scale + offset,
                           static_cast<float>(four.z) * scale + offset,
                           static_cast<float>(four.w) * scale + offset};
  float* const to = activation + plane * s.pixels + first;
  if (s.whole) return write4(values, to);
  for (int k = 0; k < 4 && k < left; ++k) to[k] = values[k];
}

}  // namespace
// endregion

// region tiled-gather-launch
void TiledBackend::gather(const Shape& shape, ConstByteArray pixels,
                          ConstByteArray labels,
                          std::span<const std::int64_t> indices,
                          std::span<const float> scale,
                          std::span<const float> offset, Array activation,
                          ByteArray batch_labels) {
  if (shape.channels > kMostChannels) {
    return NaiveBackend::gather(shape, pixels, labels, indices, scale, offset,
                                activation, batch_labels);
  }
  const auto channels = static_cast<int>(shape.channels);
  const auto area = static_cast<int>(shape.height * shape.width);
  const int fours = pieces(area, 4);
  const bool whole = in_fours(activation, area) &&
                     reinterpret_cast<std::uintptr_t>(pixels) % 4 == 0;
  const GatherSizes sizes{.pixels = area,
                          .fours = FastDivisor(fours),
                          .channels = channels,
                          .by_channels = FastDivisor(channels),
                          .whole = whole};
  Chosen chosen{};
  std::copy_n(scale.begin(), channels, chosen.scale);
  std::copy_n(offset.begin(), channels, chosen.offset);
  for (std::int64_t first = 0; first < shape.batch; first += kPicturesAtOnce) {
    const std::int64_t pictures =
        std::min(kPicturesAtOnce, shape.batch - first);
    std::transform(indices.begin() + first, indices.begin() + first + pictures,
                   chosen.index,
                   [](std::int64_t i) { return static_cast<int>(i); });
    launch_for_each(pictures * channels * fours, stream(), gather_fours, sizes,
                    chosen, pixels, labels,
                    activation + first * channels * area, batch_labels + first);
  }
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
