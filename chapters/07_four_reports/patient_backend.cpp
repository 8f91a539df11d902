// region quiet: includes
#include "chapters/07_four_reports/patient_backend.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace cnn {
// endregion

// region patient-made
PatientBackend::PatientBackend(Backend& inner, AdamBackend& adam,
                               const Habits& habits, BorrowMemory borrow)
    : inner_(&inner),
      adam_(&adam),
      habits_(habits),
      borrow_(std::move(borrow)) {
  if (habits_.borrows > 0 && !borrow_) {
    throw std::invalid_argument("PatientBackend: nothing to borrow from");
  }
}

std::string PatientBackend::description() const {
  return inner_->description() + ", patient";
}

void PatientBackend::synchronise() {
  inner_->synchronise();
  ++traffic_.waits;
}
// endregion

// region patient-pictures
namespace {

/// The pictures `indices` as numbers, in ordinary memory. What lies behind the
/// last picture is blank, as in DeviceDataset.
void write_pictures(const Shape& shape, std::span<const std::uint8_t> pixels,
                    std::span<const std::int64_t> indices,
                    std::span<const float> scale, std::span<const float> offset,
                    std::span<float> nchw) {
  const auto plane = static_cast<std::size_t>(shape.height * shape.width);
  const auto channels = static_cast<std::size_t>(shape.channels);
  std::size_t at = 0;
  for (const std::int64_t index : indices) {
    std::size_t from = static_cast<std::size_t>(index) * channels * plane;
    for (std::size_t c = 0; c < channels; ++c) {
      for (std::size_t i = 0; i < plane; ++i, ++from) {
        const int byte = from < pixels.size() ? int{pixels[from]} : 0;
        nchw[at++] = static_cast<float>(byte) * scale[c] + offset[c];
      }
    }
  }
}

}  // namespace

void PatientBackend::gather(const Shape& shape, ConstByteArray pixels,
                            ConstByteArray labels,
                            std::span<const std::int64_t> indices,
                            std::span<const float> scale,
                            std::span<const float> offset, Array activation,
                            ByteArray batch_labels) {
  if (!habits_.sends_pictures) {
    return operate([&] {
      inner_->gather(shape, pixels, labels, indices, scale, offset, activation,
                     batch_labels);
    });
  }
  operate([&] {
    batch_.resize(static_cast<std::size_t>(shape.size()));
    write_pictures(shape, kept_.at(pixels), indices, scale, offset, batch_);
    upload_activation(shape, batch_, activation);
    const std::vector<std::uint8_t>& all = kept_.at(labels);
    batch_labels_.clear();
    for (const std::int64_t index : indices) {
      batch_labels_.push_back(all.at(static_cast<std::size_t>(index)));
    }
    inner_->upload_bytes(batch_labels_, batch_labels);
    count_copy(batch_labels_.size());
  });
}
// endregion

// region patient-loss
void PatientBackend::softmax_cross_entropy(std::int64_t batch,
                                           std::int64_t classes,
                                           ConstArray logits,
                                           ConstByteArray labels,
                                           Array logit_gradient, Array totals) {
  operate([&] {
    inner_->softmax_cross_entropy(batch, classes, logits, labels,
                                  logit_gradient, totals);
  });
  if (habits_.reads_loss) {
    std::array<float, 2> seen{};
    download(totals, seen);
  }
}
// endregion

// region patient-copies
Array PatientBackend::allocate(std::int64_t count) {
  return inner_->allocate(count);
}

ByteArray PatientBackend::allocate_bytes(std::int64_t count) {
  return inner_->allocate_bytes(count);
}

std::int64_t PatientBackend::allocated_bytes() const {
  return inner_->allocated_bytes();
}

void PatientBackend::upload(std::span<const float> from, Array to) {
  inner_->upload(from, to);
  count_copy(from.size_bytes());
}

void PatientBackend::download(ConstArray from, std::span<float> to) {
  inner_->download(from, to);
  count_copy(to.size_bytes());
}

void PatientBackend::upload_bytes(std::span<const std::uint8_t> from,
                                  ByteArray to) {
  inner_->upload_bytes(from, to);
  count_copy(from.size_bytes());
  if (habits_.sends_pictures) kept_[to] = {from.begin(), from.end()};
}

void PatientBackend::download_bytes(ConstByteArray from,
                                    std::span<std::uint8_t> to) {
  inner_->download_bytes(from, to);
  count_copy(to.size_bytes());
}

void PatientBackend::upload_activation(const Shape& shape,
                                       std::span<const float> nchw, Array to) {
  inner_->upload_activation(shape, nchw, to);
  count_copy(nchw.size_bytes());
}

void PatientBackend::download_activation(const Shape& shape, ConstArray from,
                                         std::span<float> nchw) {
  inner_->download_activation(shape, from, nchw);
  count_copy(nchw.size_bytes());
}

}  // namespace cnn
// endregion
