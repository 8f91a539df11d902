/// @file
/// Numbers to a backend and back, in one line each.
#pragma once

#include <cstdint>
#include <vector>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"

namespace cnn::test {

/// A backend, and activations as NCHW vectors.
template <class BackendType = CpuBackend>
struct OnBackend {
  BackendType backend;

  explicit OnBackend(int threads = 2,
                     ConvolutionMethod method = ConvolutionMethod::kDirect)
      : backend(threads, method) {}

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
    backend.synchronise();
    backend.download_activation(shape, array, values);
    return values;
  }
  std::vector<float> read_plain(ConstArray array, std::size_t size) {
    std::vector<float> values(size);
    backend.synchronise();
    backend.download(array, values);
    return values;
  }
};

}  // namespace cnn::test
