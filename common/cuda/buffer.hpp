/// @file
/// Memory on the GPU.
#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "common/cuda/stream.hpp"

namespace cnn {
inline namespace CNN_GPU {

/// Uninitialised memory on the current device. Throws InputError with what was
/// asked for and what is free when the device has too little; null for 0 bytes.
void* allocate_on_device(std::size_t bytes);
/// Gives it back; nothing to do for null.
void free_on_device(void* memory) noexcept;
/// In the order of `stream`; the host's memory must live until it is done.
void copy_to_device(void* to, const void* from, std::size_t bytes,
                    const Stream& stream);
/// The other way; the host's memory holds the bytes when `stream` is done.
void copy_to_host(void* to, const void* from, std::size_t bytes,
                  const Stream& stream);

/// Owns `size` elements in the GPU's memory; only the GPU may follow data().
template <class T>
class DeviceBuffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  DeviceBuffer() = default;
  /// Uninitialised. Throws InputError when the device has too little memory.
  explicit DeviceBuffer(std::size_t size) : size_(size) {
    if (size > static_cast<std::size_t>(-1) / sizeof(T)) {
      throw std::length_error("DeviceBuffer: the size in bytes overflows");
    }
    data_ = static_cast<T*>(allocate_on_device(size * sizeof(T)));
  }
  DeviceBuffer(DeviceBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  DeviceBuffer& operator=(DeviceBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~DeviceBuffer() { free_on_device(data_); }

  T* data() { return data_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }

  /// Copies all elements from the host. Throws std::invalid_argument when the
  /// sizes differ.
  void upload(std::span<const T> from, const Stream& stream) {
    check_size(from.size());
    copy_to_device(data_, from.data(), from.size_bytes(), stream);
  }
  /// Copies all elements to the host; they are there once the stream is
  /// synchronised. Throws std::invalid_argument when the sizes differ.
  void download(std::span<T> to, const Stream& stream) const {
    check_size(to.size());
    copy_to_host(to.data(), data_, to.size_bytes(), stream);
  }

 private:
  void check_size(std::size_t host) const {
    if (host != size_) {
      throw std::invalid_argument("DeviceBuffer: the sizes differ");
    }
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace CNN_GPU
}  // namespace cnn
