// region quiet: includes
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/network.hpp"
#include "common/data/dataset.hpp"

namespace cnn {
// endregion

// region pixel-scaling
/// A byte becomes byte * scale + offset, channel by channel.
struct PixelScaling {
  std::vector<float> scale;
  std::vector<float> offset;
};

/// To [0, 1].
PixelScaling to_unit_interval(std::int64_t channels);
/// To mean 0 and deviation 1 over all pixels of each channel of `dataset`. Use
/// the scaling of the training pictures for all others, too.
PixelScaling normalisation(const Dataset& dataset);
// endregion

// region device-dataset
/// A data set where the backend computes: uploaded once, as bytes. A batch is a
/// gather by index; shuffling moves indices, never pictures.
class DeviceDataset {
 public:
  /// Throws InputError when there is no picture, or no scale for a channel.
  DeviceDataset(Backend& backend, const Dataset& dataset, PixelScaling scaling);

  std::int64_t count() const { return picture_.batch; }
  /// What it is, with a checksum of every byte: for checkpoints.
  const std::string& fingerprint() const { return fingerprint_; }

  /// An index that stands for no picture: all 0, labelled Network::kNoLabel.
  /// Fills up a batch that is not full.
  std::int64_t no_picture() const { return count(); }

  /// Fills the network's input and labels with the pictures `indices`, one for
  /// each of its batch. The network must be on this data set's backend, and
  /// take pictures of this size: throws InputError with both sizes otherwise.
  void gather(std::span<const std::int64_t> indices, Network& network) const;

 private:
  Backend* backend_;
  Shape picture_;
  PixelScaling scaling_;
  std::string fingerprint_;
  ByteArray pixels_;
  ByteArray labels_;
};

}  // namespace cnn
// endregion
