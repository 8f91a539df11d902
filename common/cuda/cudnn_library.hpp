/// @file
/// What we use of cuDNN, looked up when a program runs. For cudnn.cpp only.
#pragma once

#include <cudnn.h>

#include <array>
#include <climits>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "common/shared_library.hpp"

namespace cnn {

/// The functions we call, and nothing else of the library.
struct Cudnn {
  explicit Cudnn(const SharedLibrary& library) {
    const auto find = [&](auto*& function, const char* name) {
      using Function =
          std::remove_pointer_t<std::remove_reference_t<decltype(function)>>;
      function = library.function<Function>(name);
    };
    find(version, "cudnnGetVersion");
    find(error_string, "cudnnGetErrorString");
    find(create, "cudnnCreate");
    find(destroy, "cudnnDestroy");
    find(set_stream, "cudnnSetStream");
    find(create_tensor, "cudnnCreateTensorDescriptor");
    find(destroy_tensor, "cudnnDestroyTensorDescriptor");
    find(set_tensor, "cudnnSetTensor4dDescriptor");
    find(create_filter, "cudnnCreateFilterDescriptor");
    find(destroy_filter, "cudnnDestroyFilterDescriptor");
    find(set_filter, "cudnnSetFilter4dDescriptor");
    find(create_convolution, "cudnnCreateConvolutionDescriptor");
    find(destroy_convolution, "cudnnDestroyConvolutionDescriptor");
    find(set_convolution, "cudnnSetConvolution2dDescriptor");
    find(set_math, "cudnnSetConvolutionMathType");
    find(output_dim, "cudnnGetConvolution2dForwardOutputDim");
    find(find_forward, "cudnnFindConvolutionForwardAlgorithm");
    find(forward, "cudnnConvolutionForward");
    find(find_backward_input, "cudnnFindConvolutionBackwardDataAlgorithm");
    find(backward_input, "cudnnConvolutionBackwardData");
    find(find_backward_filter, "cudnnFindConvolutionBackwardFilterAlgorithm");
    find(backward_filter, "cudnnConvolutionBackwardFilter");
  }

  /// Throws std::runtime_error, with cuDNN's own words, when `call` has failed.
  void check(cudnnStatus_t status, const char* call) const {
    if (status != CUDNN_STATUS_SUCCESS) {
      throw std::runtime_error(std::string(call) + ": " + error_string(status));
    }
  }

  decltype(&cudnnGetVersion) version;
  decltype(&cudnnGetErrorString) error_string;
  decltype(&cudnnCreate) create;
  decltype(&cudnnDestroy) destroy;
  decltype(&cudnnSetStream) set_stream;
  decltype(&cudnnCreateTensorDescriptor) create_tensor;
  decltype(&cudnnDestroyTensorDescriptor) destroy_tensor;
  decltype(&cudnnSetTensor4dDescriptor) set_tensor;
  decltype(&cudnnCreateFilterDescriptor) create_filter;
  decltype(&cudnnDestroyFilterDescriptor) destroy_filter;
  decltype(&cudnnSetFilter4dDescriptor) set_filter;
  decltype(&cudnnCreateConvolutionDescriptor) create_convolution;
  decltype(&cudnnDestroyConvolutionDescriptor) destroy_convolution;
  decltype(&cudnnSetConvolution2dDescriptor) set_convolution;
  decltype(&cudnnSetConvolutionMathType) set_math;
  decltype(&cudnnGetConvolution2dForwardOutputDim) output_dim;
  decltype(&cudnnFindConvolutionForwardAlgorithm) find_forward;
  decltype(&cudnnConvolutionForward) forward;
  decltype(&cudnnFindConvolutionBackwardDataAlgorithm) find_backward_input;
  decltype(&cudnnConvolutionBackwardData) backward_input;
  decltype(&cudnnFindConvolutionBackwardFilterAlgorithm) find_backward_filter;
  decltype(&cudnnConvolutionBackwardFilter) backward_filter;
};

/// One of cuDNN's objects: made by `create`, given back by `destroy`.
template <class Handle>
class Owned {
 public:
  /// How such an object is given back.
  using Destroy = cudnnStatus_t (*)(Handle);
  Owned(const Cudnn& cudnn, cudnnStatus_t (*create)(Handle*), Destroy destroy)
      : destroy_(destroy) {
    cudnn.check(create(&handle_), "creating a cuDNN object");
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  ~Owned() { destroy_(handle_); }
  Handle get() const { return handle_; }

 private:
  Handle handle_ = nullptr;
  Destroy destroy_;
};

/// A size as cuDNN's own integer; throws std::invalid_argument when it does not
/// fit.
inline int narrow(std::int64_t size) {
  if (size < 0 || size > INT_MAX) {
    throw std::invalid_argument("cuDNN: " + std::to_string(size) +
                                " does not fit its 32-bit integers");
  }
  return static_cast<int>(size);
}

/// For people.
inline const char* name_of(cudnnConvolutionFwdAlgo_t algorithm) {
  constexpr std::array kNames{
      "implicit GEMM", "implicit GEMM with precomputed indices",
      "GEMM",          "direct",
      "FFT",           "tiled FFT",
      "Winograd",      "Winograd, not fused"};
  const auto index = static_cast<std::size_t>(algorithm);
  return index < kNames.size() ? kNames[index] : "an unknown algorithm";
}

/// For people.
inline const char* name_of(cudnnConvolutionBwdDataAlgo_t algorithm) {
  constexpr std::array kNames{"algorithm 0, not deterministic",
                              "algorithm 1",
                              "FFT",
                              "tiled FFT",
                              "Winograd",
                              "Winograd, not fused"};
  const auto index = static_cast<std::size_t>(algorithm);
  return index < kNames.size() ? kNames[index] : "an unknown algorithm";
}

/// For people.
inline const char* name_of(cudnnConvolutionBwdFilterAlgo_t algorithm) {
  constexpr std::array kNames{"algorithm 0, not deterministic",
                              "algorithm 1",
                              "FFT",
                              "algorithm 3, not deterministic",
                              "Winograd",
                              "Winograd, not fused",
                              "tiled FFT"};
  const auto index = static_cast<std::size_t>(algorithm);
  return index < kNames.size() ? kNames[index] : "an unknown algorithm";
}

}  // namespace cnn
