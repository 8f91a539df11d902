// region quiet: includes
#pragma once

#include <cstdint>
#include <vector>

#include "chapters/04_cpu_cnn/device_dataset.hpp"
#include "chapters/04_cpu_cnn/history.hpp"
#include "chapters/04_cpu_cnn/network.hpp"

namespace cnn {
// endregion

// region evaluate
/// Loss and accuracy on all pictures, without dropout and with the running
/// statistics of batch normalisation. The last batch is filled up with
/// pictures that do not count.
Score evaluate(Network& network, const DeviceDataset& dataset);
// endregion

// region predict
/// What a network says about one picture.
struct Prediction {
  std::int64_t picture = 0;
  std::int64_t said = 0;
  double confidence = 0;  ///< probability of `said`
  std::int64_t truth = 0;
  double truth_probability = 0;
};

/// One for each picture, in order.
/// @param labels the truth, as many as the data set has pictures
std::vector<Prediction> predict(Network& network, const DeviceDataset& dataset,
                                std::span<const std::uint8_t> labels);

}  // namespace cnn
// endregion
