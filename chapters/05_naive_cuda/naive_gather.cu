// region quiet: includes
#include <algorithm>
#include <array>

#include "chapters/05_naive_cuda/naive_backend.hpp"
#include "chapters/05_naive_cuda/one_thread_each.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region naive-gather
namespace {

constexpr std::int64_t kPicturesAtOnce = 512;

/// What travels to the GPU with the launch itself: no copy, no memory, nobody
/// waits. There is room for 4 KiB.
struct Chosen {
  int index[kPicturesAtOnce];
};

/// One channel of some pictures, one thread for each pixel.
struct PlaneSizes {
  int channels;
  int channel;
  int pixels;
};

__global__ void gather_plane(int outputs, PlaneSizes s, Chosen chosen,
                             float scale, float offset,
                             const std::uint8_t* __restrict__ bytes,
                             const std::uint8_t* __restrict__ labels,
                             float* __restrict__ activation,
                             std::uint8_t* __restrict__ batch_labels) {
  const int i = this_output();
  if (i >= outputs) return;
  const int pixel = i % s.pixels;
  const int n = i / s.pixels;
  const int picture = chosen.index[n];
  // A data set may well have more bytes than an int counts.
  const std::int64_t plane = std::int64_t{picture} * s.channels + s.channel;
  const float value = bytes[plane * s.pixels + pixel];
  activation[(n * s.channels + s.channel) * s.pixels + pixel] =
      value * scale + offset;
  if (pixel == 0) batch_labels[n] = labels[picture];
}

}  // namespace
// endregion

// region naive-gather-launch
void NaiveBackend::gather(const Shape& shape, ConstByteArray pixels,
                          ConstByteArray labels,
                          std::span<const std::int64_t> indices,
                          std::span<const float> scale,
                          std::span<const float> offset, Array activation,
                          ByteArray batch_labels) {
  const std::int64_t area = shape.height * shape.width;
  for (std::int64_t first = 0; first < shape.batch; first += kPicturesAtOnce) {
    const std::int64_t pictures =
        std::min(kPicturesAtOnce, shape.batch - first);
    Chosen chosen{};
    for (std::int64_t n = 0; n < pictures; ++n) {
      chosen.index[n] =
          static_cast<int>(indices[static_cast<std::size_t>(first + n)]);
    }
    for (std::int64_t c = 0; c < shape.channels; ++c) {
      const auto channel = static_cast<std::size_t>(c);
      launch_for_each(pictures * area, stream(), gather_plane,
                      PlaneSizes{static_cast<int>(shape.channels),
                                 static_cast<int>(c), static_cast<int>(area)},
                      chosen, scale[channel], offset[channel], pixels, labels,
                      activation + first * shape.channels * area,
                      batch_labels + first);
    }
  }
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
