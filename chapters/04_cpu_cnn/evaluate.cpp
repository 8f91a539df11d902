// region quiet: includes
#include "chapters/04_cpu_cnn/evaluate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <stdexcept>

namespace cnn {
// endregion

// region all-batches
namespace {

/// Runs the network forward on all pictures in order and calls
/// body(first, count) after each batch: it holds pictures first, first + 1, ...
void for_all_batches(
    Network& network, const DeviceDataset& dataset,
    const std::function<void(std::int64_t, std::int64_t)>& body) {
  const std::int64_t batch = network.input_shape().batch;
  std::vector<std::int64_t> indices(static_cast<std::size_t>(batch));
  for (std::int64_t first = 0; first < dataset.count(); first += batch) {
    const std::int64_t count = std::min(batch, dataset.count() - first);
    std::iota(indices.begin(), indices.begin() + count, first);
    std::fill(indices.begin() + count, indices.end(), dataset.no_picture());
    dataset.gather(indices, network);
    network.forward(false);
    body(first, count);
  }
}

}  // namespace
// endregion

// region evaluate-body
Score evaluate(Network& network, const DeviceDataset& dataset) {
  Backend& backend = network.backend();
  std::array<float, 2> totals{};
  backend.clear(network.totals(), 2);
  double loss = 0;
  double right = 0;
  for_all_batches(
      network, dataset, [&](std::int64_t first, std::int64_t /*count*/) {
        network.loss(false);
        // Sums of few numbers are exact enough in float32; the
        // sum of all would not be.
        constexpr std::int64_t kLookEvery = 4096;  // pictures
        const std::int64_t next = first + network.input_shape().batch;
        if (first / kLookEvery == next / kLookEvery && next < dataset.count()) {
          return;
        }
        backend.download(network.totals(), totals);
        backend.clear(network.totals(), 2);
        loss += totals[0];
        right += totals[1];
      });
  const auto count = static_cast<double>(dataset.count());
  return {loss / count, right / count};
}
// endregion

// region softmax-of-one
namespace {

/// Which class, and how sure: softmax in float64, of one row of logits.
Prediction judge(std::span<const float> logits, std::int64_t picture,
                 std::uint8_t truth) {
  const auto largest = std::ranges::max_element(logits);
  double sum = 0;
  for (const float logit : logits) {
    sum += std::exp(static_cast<double>(logit) - *largest);
  }
  return {.picture = picture,
          .said = largest - logits.begin(),
          .confidence = 1 / sum,
          .truth = truth,
          .truth_probability =
              std::exp(static_cast<double>(logits[truth]) - *largest) / sum};
}

}  // namespace
// endregion

// region predict-body
std::vector<Prediction> predict(Network& network, const DeviceDataset& dataset,
                                std::span<const std::uint8_t> labels) {
  if (std::ssize(labels) != dataset.count()) {
    throw std::invalid_argument("predict: one label for each picture");
  }
  const auto classes = static_cast<std::size_t>(network.classes());
  const auto batch = static_cast<std::size_t>(network.input_shape().batch);
  std::vector<float> logits(batch * classes);
  std::vector<Prediction> predictions;
  for_all_batches(
      network, dataset, [&](std::int64_t first, std::int64_t count) {
        network.backend().download(network.logits(), logits);
        for (std::int64_t i = 0; i < count; ++i) {
          const auto row = static_cast<std::size_t>(i) * classes;
          predictions.push_back(
              judge(std::span(logits).subspan(row, classes), first + i,
                    labels[static_cast<std::size_t>(first + i)]));
        }
      });
  return predictions;
}

}  // namespace cnn
// endregion
