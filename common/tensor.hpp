/// @file
/// Storage for four-dimensional float32 arrays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace cnn {

/// Sizes of a four-dimensional array, outermost first. Images are NCHW:
/// batch, channels, height, width. Filters are OIHW and use the same four
/// fields: `batch` is the number of output channels, `channels` the number of
/// input channels.
struct Shape {
  std::int64_t batch = 0;
  std::int64_t channels = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;

  /// Number of elements. Throws InputError when a size is negative or the
  /// product does not fit in 63 bits.
  std::int64_t size() const;
  bool operator==(const Shape&) const = default;
};

/// "64x32x13x13", outermost first.
std::string to_string(const Shape& shape);

/// Owning float32 array in row-major NCHW order, aligned to 64 bytes, so that
/// a SIMD register never straddles a cache line at the start of the data.
/// Everything that only looks at the numbers takes a std::span instead.
class Tensor {
 public:
  Tensor() = default;
  /// All elements zero. Throws std::bad_alloc when memory is short.
  explicit Tensor(Shape shape);
  Tensor(const Tensor& other);
  Tensor(Tensor&&) noexcept = default;
  Tensor& operator=(Tensor other) noexcept;
  ~Tensor() = default;

  const Shape& shape() const { return shape_; }
  std::int64_t size() const { return size_; }
  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  std::span<float> values() { return {data(), extent()}; }
  std::span<const float> values() const { return {data(), extent()}; }

  /// Element at (n, c, y, x); indices are checked in debug builds only.
  float& operator()(std::int64_t n, std::int64_t c, std::int64_t y,
                    std::int64_t x);
  float operator()(std::int64_t n, std::int64_t c, std::int64_t y,
                   std::int64_t x) const;

  /// Sets every element.
  void fill(float value);

 private:
  struct Free {
    void operator()(float* pointer) const;
  };
  std::size_t extent() const { return static_cast<std::size_t>(size_); }
  std::int64_t offset(std::int64_t n, std::int64_t c, std::int64_t y,
                      std::int64_t x) const;

  Shape shape_;
  std::int64_t size_ = 0;
  std::unique_ptr<float[], Free> data_;
};

}  // namespace cnn
