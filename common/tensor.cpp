#include "common/tensor.hpp"

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

#include "common/errors.hpp"

namespace cnn {

namespace {
constexpr std::align_val_t kAlignment{64};
}

std::int64_t Shape::size() const {
  std::int64_t product = 1;
  for (const std::int64_t extent : {batch, channels, height, width}) {
    if (extent < 0 || __builtin_mul_overflow(product, extent, &product)) {
      throw InputError("shape " + to_string(*this) +
                       ": every size must be at least 0 and their product "
                       "must fit in 63 bits");
    }
  }
  return product;
}

std::string to_string(const Shape& shape) {
  return std::to_string(shape.batch) + "x" + std::to_string(shape.channels) +
         "x" + std::to_string(shape.height) + "x" + std::to_string(shape.width);
}

void Tensor::Free::operator()(float* pointer) const {
  ::operator delete[](pointer, kAlignment);
}

Tensor::Tensor(Shape shape) : shape_(shape), size_(shape.size()) {
  // Checked here because operator new would see a product that wrapped round.
  if (extent() > PTRDIFF_MAX / sizeof(float)) throw std::bad_alloc();
  data_.reset(static_cast<float*>(
      ::operator new[](extent() * sizeof(float), kAlignment)));
  fill(0.0F);
}

Tensor::Tensor(const Tensor& other) : Tensor(other.shape_) {
  std::copy(other.values().begin(), other.values().end(), data());
}

Tensor& Tensor::operator=(Tensor other) noexcept {
  shape_ = other.shape_;
  size_ = other.size_;
  data_ = std::move(other.data_);
  return *this;
}

std::int64_t Tensor::offset(std::int64_t n, std::int64_t c, std::int64_t y,
                            std::int64_t x) const {
  assert(n >= 0 && n < shape_.batch && c >= 0 && c < shape_.channels);
  assert(y >= 0 && y < shape_.height && x >= 0 && x < shape_.width);
  return ((n * shape_.channels + c) * shape_.height + y) * shape_.width + x;
}

float& Tensor::operator()(std::int64_t n, std::int64_t c, std::int64_t y,
                          std::int64_t x) {
  return data()[offset(n, c, y, x)];
}

float Tensor::operator()(std::int64_t n, std::int64_t c, std::int64_t y,
                         std::int64_t x) const {
  return data()[offset(n, c, y, x)];
}

void Tensor::fill(float value) {
  std::fill_n(data(), extent(), value);
}

}  // namespace cnn
