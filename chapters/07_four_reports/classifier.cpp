// region quiet: includes
#include "chapters/07_four_reports/classifier.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"
// endregion

// region dataset-of-pixels
namespace cnn {
namespace {

/// Pictures of which nobody says what they show.
Dataset without_labels(std::span<const std::uint8_t> pixels,
                       const Model& model) {
  const Shape& picture = model.picture;
  const std::int64_t count = std::ssize(pixels) / picture.size();
  return {.name = "pictures",
          .source = "the command line",
          .count = count,
          .channels = picture.channels,
          .height = picture.height,
          .width = picture.width,
          .pixels = {pixels.begin(), pixels.end()},
          .labels = std::vector<std::uint8_t>(static_cast<std::size_t>(count)),
          .class_names = model.class_names};
}
// endregion

// region classifier-logits
/// Few, since most who ask have one picture.
constexpr std::int64_t kBatch = 8;

}  // namespace

Classifier::Classifier(Model model, int threads)
    : model_(std::move(model)),
      backend_(make_cpu_backend(threads)),
      network_(network_of(model_, *backend_, kBatch)) {}

std::vector<float> Classifier::logits(std::span<const std::uint8_t> pixels) {
  const DeviceDataset pictures(*backend_, without_labels(pixels, model_),
                               model_.scaling);
  const auto classes = static_cast<std::size_t>(network_->classes());
  std::vector<float> batch(kBatch * classes);
  std::vector<float> all;
  std::vector<std::int64_t> indices(kBatch);
  for (std::int64_t first = 0; first < pictures.count(); first += kBatch) {
    for (std::int64_t i = 0; i < kBatch; ++i) {
      indices[static_cast<std::size_t>(i)] =
          std::min(first + i, pictures.no_picture());
    }
    pictures.gather(indices, *network_);
    network_->forward(false);
    backend_->download(network_->logits(), batch);
    const std::int64_t count = std::min(kBatch, pictures.count() - first);
    all.insert(all.end(), batch.begin(),
               batch.begin() + count * network_->classes());
  }
  return all;
}
// endregion

// region probabilities
std::vector<double> probabilities(std::span<const float> logits) {
  const double largest = *std::ranges::max_element(logits);
  std::vector<double> shares;
  double sum = 0;
  for (const float logit : logits) {
    shares.push_back(std::exp(logit - largest));
    sum += shares.back();
  }
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace cnn
// endregion
