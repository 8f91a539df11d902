/// @file
/// Numbers to a backend and back, in one line each.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "common/error_bound.hpp"

namespace cnn::test {

/// A backend, and activations as NCHW vectors.
struct OnBackend {
  Backend& backend;

  explicit OnBackend(Backend& where) : backend(where) {}

  Array activation(const Shape& shape) {
    return backend.allocate(backend.activation_size(shape));
  }
  Array activation(const Shape& shape, const std::vector<float>& values) {
    const Array array = activation(shape);
    backend.upload_activation(shape, values, array);
    return array;
  }
  Array plain(const std::vector<float>& values) {
    const Array array =
        backend.allocate(static_cast<std::int64_t>(values.size()));
    backend.upload(values, array);
    return array;
  }
  Array zeros(std::int64_t size) { return backend.allocate(size); }
  ByteArray bytes(const std::vector<std::uint8_t>& values) {
    const ByteArray array =
        backend.allocate_bytes(static_cast<std::int64_t>(values.size()));
    backend.upload_bytes(values, array);
    return array;
  }

  std::vector<float> read(const Shape& shape, ConstArray array) {
    std::vector<float> values(static_cast<std::size_t>(shape.size()));
    backend.download_activation(shape, array, values);
    return values;
  }
  std::vector<float> read_plain(ConstArray array, std::size_t size) {
    std::vector<float> values(size);
    backend.download(array, values);
    return values;
  }
  std::vector<std::uint8_t> read_bytes(ConstByteArray array, std::size_t size) {
    std::vector<std::uint8_t> values(size);
    backend.download_bytes(array, values);
    return values;
  }
};

/// What a contract has to say about an operation: a line for each result that
/// is out of its bound, nothing when all are within.
class Complaints {
 public:
  void add(const std::string& what, const Comparison& outcome) {
    if (!outcome.passed()) text_ += what + ": " + describe(outcome) + "\n";
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace cnn::test
