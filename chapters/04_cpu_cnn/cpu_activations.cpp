// region quiet: includes
#include <algorithm>

#include "chapters/03_blocked_gemm/parallel.hpp"
#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/pieces.hpp"

namespace cnn {
// endregion

// region layout
ChannelsLast activation_layout(const Shape& shape) {
  ChannelsLast layout = channels_last(shape);
  if (shape.height * shape.width == 1) layout.pixel = shape.channels;
  return layout;
}

std::int64_t CpuBackend::activation_size(const Shape& shape) const {
  return activation_layout(shape).size();
}
// endregion

// region activation-transfers
namespace {

std::span<const float> all_of(const ChannelsLast& layout, ConstArray array) {
  return {array, static_cast<std::size_t>(layout.size())};
}

std::span<float> all_of(const ChannelsLast& layout, Array array) {
  return {array, static_cast<std::size_t>(layout.size())};
}

}  // namespace

void CpuBackend::upload_activation(const Shape& shape,
                                   std::span<const float> nchw, Array to) {
  const ChannelsLast layout = activation_layout(shape);
  to_channels_last(layout, nchw, all_of(layout, to));
}

void CpuBackend::download_activation(const Shape& shape, ConstArray from,
                                     std::span<float> nchw) {
  const ChannelsLast layout = activation_layout(shape);
  from_channels_last(layout, all_of(layout, from), nchw);
}
// endregion

// region gather
namespace {

/// One channel of one picture.
void scale_plane(const std::uint8_t* bytes, std::int64_t count, float scale,
                 float offset, float* to, std::int64_t pixel) {
  if (pixel == 1) {  // said apart, for the compiler to vectorise
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = static_cast<float>(bytes[i]) * scale + offset;
    }
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    to[i * pixel] = static_cast<float>(bytes[i]) * scale + offset;
  }
}

}  // namespace

void CpuBackend::gather(const Shape& shape, ConstByteArray pixels,
                        ConstByteArray labels,
                        std::span<const std::int64_t> indices,
                        std::span<const float> scale,
                        std::span<const float> offset, Array activation,
                        ByteArray batch_labels) {
  const ChannelsLast to = activation_layout(shape);
  const std::int64_t area = shape.height * shape.width;
  const Pieces pieces(shape.batch);
  parallel_for(threads_for(to.size()), pieces.count, [&](auto piece, int) {
    for (auto n = pieces.begin(piece); n < pieces.end(piece); ++n) {
      const std::int64_t index = indices[static_cast<std::size_t>(n)];
      batch_labels[n] = labels[index];
      for (std::int64_t c = 0; c < shape.channels; ++c) {
        const auto i = static_cast<std::size_t>(c);
        scale_plane(pixels + (index * shape.channels + c) * area, area,
                    scale[i], offset[i], activation + n * area * to.pixel + c,
                    to.pixel);
      }
    }
  });
}
// endregion

// region flatten
void CpuBackend::flatten_forward(const Shape& shape, ConstArray input,
                                 Array features) {
  const ChannelsLast layout = activation_layout(shape);
  const std::size_t size = static_cast<std::size_t>(shape.size());
  from_channels_last(layout, all_of(layout, input), {features, size},
                     threads_for(layout.size()));
}

void CpuBackend::flatten_backward(const Shape& shape,
                                  ConstArray feature_gradient,
                                  Array input_gradient) {
  const ChannelsLast layout = activation_layout(shape);
  const std::size_t size = static_cast<std::size_t>(shape.size());
  to_channels_last(layout, {feature_gradient, size},
                   all_of(layout, input_gradient), threads_for(layout.size()));
}

}  // namespace cnn
// endregion
