// region quiet: includes
#include "chapters/04_cpu_cnn/worst.hpp"

#include <algorithm>
#include <cstdint>

#include "chapters/01_naive_convolution/filters.hpp"
#include "common/tensor.hpp"

namespace cnn {
// endregion

// region most-wrong
std::vector<Prediction> most_wrong(std::vector<Prediction> predictions,
                                   std::size_t how_many) {
  std::erase_if(predictions, [](const Prediction& prediction) {
    return prediction.said == prediction.truth;
  });
  std::ranges::stable_sort(predictions, {}, &Prediction::truth_probability);
  predictions.resize(std::min(predictions.size(), how_many));
  return predictions;
}
// endregion

// region picture-sheet
Picture picture_sheet(const Dataset& dataset,
                      std::span<const Prediction> predictions,
                      std::int64_t columns, std::int64_t scale) {
  const std::int64_t count = std::ssize(predictions);
  columns = std::clamp<std::int64_t>(count, 1, columns);
  const std::int64_t rows =
      std::max<std::int64_t>(1, (count + columns - 1) / columns);
  Tensor cells({columns, rows, dataset.height, dataset.width});
  for (std::int64_t i = 0; i < count; ++i) {
    // Of a colour picture, the first channel.
    const auto bytes =
        dataset.picture(predictions[static_cast<std::size_t>(i)].picture);
    for (std::int64_t pixel = 0; pixel < dataset.height * dataset.width;
         ++pixel) {
      cells(i % columns, i / columns, pixel / dataset.width,
            pixel % dataset.width) =
          static_cast<float>(bytes[static_cast<std::size_t>(pixel)]) / 255;
    }
  }
  return contact_sheet(cells, scale);
}

}  // namespace cnn
// endregion
