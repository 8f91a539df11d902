// region quiet: includes
#include "chapters/04_cpu_cnn/device_dataset.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "common/checksum.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region scalings
PixelScaling to_unit_interval(std::int64_t channels) {
  const auto count = static_cast<std::size_t>(channels);
  return {std::vector<float>(count, 1.0F / 255), std::vector<float>(count, 0)};
}

PixelScaling normalisation(const Dataset& dataset) {
  PixelScaling scaling;
  const std::int64_t plane = dataset.height * dataset.width;
  const auto pixels = static_cast<double>(dataset.count * plane);
  for (std::int64_t channel = 0; channel < dataset.channels; ++channel) {
    // Whole numbers: exact, however many pixels there are.
    std::uint64_t sum = 0;
    std::uint64_t squares = 0;
    for (std::int64_t n = 0; n < dataset.count; ++n) {
      const auto picture = dataset.picture(n);
      for (const std::uint8_t byte :
           picture.subspan(static_cast<std::size_t>(channel * plane),
                           static_cast<std::size_t>(plane))) {
        sum += byte;
        squares += std::uint64_t{byte} * byte;
      }
    }
    const double mean = static_cast<double>(sum) / pixels;
    const double variance = static_cast<double>(squares) / pixels - mean * mean;
    // Pictures of one colour: nothing to spread.
    const double scale = variance > 0 ? 1 / std::sqrt(variance) : 1;
    scaling.scale.push_back(static_cast<float>(scale));
    scaling.offset.push_back(static_cast<float>(-mean * scale));
  }
  return scaling;
}
// endregion

// region upload-dataset
namespace {

std::string fingerprint_of(const Dataset& dataset) {
  const std::uint32_t checksum =
      crc32_of(std::as_bytes(std::span(dataset.labels)),
               crc32_of(std::as_bytes(std::span(dataset.pixels))));
  return fmt::format("{} pictures of {}x{}x{}, checksum {:08x}", dataset.count,
                     dataset.channels, dataset.height, dataset.width, checksum);
}

}  // namespace

DeviceDataset::DeviceDataset(Backend& backend, const Dataset& dataset,
                             PixelScaling scaling)
    : backend_(&backend),
      picture_{dataset.count, dataset.channels, dataset.height, dataset.width},
      scaling_(std::move(scaling)),
      fingerprint_(fingerprint_of(dataset)) {
  const auto channels = static_cast<std::size_t>(dataset.channels);
  if (dataset.count < 1 || scaling_.scale.size() != channels ||
      scaling_.offset.size() != channels) {
    throw InputError(fmt::format(
        "data set {}: found {} pictures, {} channels and {} scales, expected "
        "pictures and a scale for each channel",
        dataset.name, dataset.count, channels, scaling_.scale.size()));
  }
  // One more than there are: the picture that stands for none.
  pixels_ =
      backend.allocate_bytes((dataset.count + 1) * dataset.picture_size());
  labels_ = backend.allocate_bytes(dataset.count + 1);
  std::vector<std::uint8_t> labels = dataset.labels;
  labels.push_back(Network::kNoLabel);
  backend.upload_bytes(dataset.pixels, pixels_);
  backend.upload_bytes(labels, labels_);
}
// endregion

// region gather-batch
void DeviceDataset::gather(std::span<const std::int64_t> indices,
                           Network& network) const {
  const Shape& input = network.input_shape();
  const Shape batch{static_cast<std::int64_t>(indices.size()),
                    picture_.channels, picture_.height, picture_.width};
  if (input != batch) {
    throw InputError(
        fmt::format("the network's input: found pictures of {}, expected {}",
                    to_string(batch), to_string(input)));
  }
  backend_->gather(input, pixels_, labels_, indices, scaling_.scale,
                   scaling_.offset, network.input(), network.labels());
}

}  // namespace cnn
// endregion
