#include "common/yardsticks.hpp"

#ifdef COURSE_HAS_CUDNN

#include <cudnn.h>

#include <algorithm>
#include <array>
#include <climits>
#include <memory>
#include <stdexcept>
#include <type_traits>

#include "common/cuda/buffer.hpp"
#include "common/cuda/check.hpp"
#include "common/cuda/timing.hpp"
#include "common/machine.hpp"
#include "common/shared_library.hpp"

namespace cnn {

namespace {

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
    find(find_algorithm, "cudnnFindConvolutionForwardAlgorithm");
    find(forward, "cudnnConvolutionForward");
  }

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
  decltype(&cudnnFindConvolutionForwardAlgorithm) find_algorithm;
  decltype(&cudnnConvolutionForward) forward;
};

/// One of cuDNN's objects: made by `create`, given back by `destroy`.
template <class Handle>
class Owned {
 public:
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

int narrow(std::int64_t size) {
  if (size < 0 || size > INT_MAX) {
    throw std::invalid_argument("cuDNN: " + std::to_string(size) +
                                " does not fit its 32-bit integers");
  }
  return static_cast<int>(size);
}

const char* name_of(cudnnConvolutionFwdAlgo_t algorithm) {
  constexpr std::array kNames{
      "implicit GEMM", "implicit GEMM with precomputed indices",
      "GEMM",          "direct",
      "FFT",           "tiled FFT",
      "Winograd",      "Winograd, not fused"};
  const auto index = static_cast<std::size_t>(algorithm);
  return index < kNames.size() ? kNames[index] : "an unknown algorithm";
}

/// One convolution: its descriptors, its data on the GPU, its algorithm.
class Convolution {
 public:
  Convolution(const Cudnn& cudnn, const Tensor& input, const Tensor& filter,
              std::int64_t stride, std::int64_t padding, const Tensor& output)
      : cudnn_(cudnn),
        handle_(cudnn, cudnn.create, cudnn.destroy),
        input_(cudnn, cudnn.create_tensor, cudnn.destroy_tensor),
        output_(cudnn, cudnn.create_tensor, cudnn.destroy_tensor),
        filter_(cudnn, cudnn.create_filter, cudnn.destroy_filter),
        convolution_(cudnn, cudnn.create_convolution,
                     cudnn.destroy_convolution),
        input_data_(input.values().size()),
        filter_data_(filter.values().size()),
        output_data_(output.values().size()) {
    cudnn.check(cudnn.set_stream(handle_.get(), stream_.get()),
                "cudnnSetStream");
    describe(input_, input.shape());
    describe(output_, output.shape());
    const Shape& shape = filter.shape();
    cudnn.check(
        cudnn.set_filter(filter_.get(), CUDNN_DATA_FLOAT, CUDNN_TENSOR_NCHW,
                         narrow(shape.batch), narrow(shape.channels),
                         narrow(shape.height), narrow(shape.width)),
        "cudnnSetFilter4dDescriptor");
    const int step = narrow(stride);
    const int border = narrow(padding);
    cudnn.check(
        cudnn.set_convolution(convolution_.get(), border, border, step, step, 1,
                              1, CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT),
        "cudnnSetConvolution2dDescriptor");
    cudnn.check(cudnn.set_math(convolution_.get(), CUDNN_FMA_MATH),
                "cudnnSetConvolutionMathType");
    check_output(output.shape());
    input_data_.upload(input.values(), stream_);
    filter_data_.upload(filter.values(), stream_);
    stream_.synchronize();
    choose_algorithm();
  }

  void forward() {
    const float one = 1;
    const float zero = 0;
    cudnn_.check(
        cudnn_.forward(handle_.get(), &one, input_.get(), input_data_.data(),
                       filter_.get(), filter_data_.data(), convolution_.get(),
                       algorithm_, workspace_.data(), workspace_.size(), &zero,
                       output_.get(), output_data_.data()),
        "cudnnConvolutionForward");
  }

  Timing time(const TimingPlan& plan) {
    return time_on_gpu(
        stream_, [this] { forward(); }, plan);
  }

  void download(Tensor& output) {
    output_data_.download(output.values(), stream_);
    stream_.synchronize();
  }

  std::string algorithm() const { return name_of(algorithm_); }

 private:
  void describe(const Owned<cudnnTensorDescriptor_t>& tensor,
                const Shape& shape) const {
    cudnn_.check(
        cudnn_.set_tensor(tensor.get(), CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT,
                          narrow(shape.batch), narrow(shape.channels),
                          narrow(shape.height), narrow(shape.width)),
        "cudnnSetTensor4dDescriptor");
  }

  void check_output(const Shape& given) const {
    int n = 0;
    int c = 0;
    int h = 0;
    int w = 0;
    cudnn_.check(cudnn_.output_dim(convolution_.get(), input_.get(),
                                   filter_.get(), &n, &c, &h, &w),
                 "cudnnGetConvolution2dForwardOutputDim");
    const Shape expected{n, c, h, w};
    if (given != expected) {
      throw std::invalid_argument("cudnn_convolution_forward: the output is " +
                                  to_string(given) + ", cuDNN computes " +
                                  to_string(expected));
    }
  }

  /// The fastest by cuDNN's own measurement; it lists every algorithm once for
  /// each kind of arithmetic, and we take none but float32's.
  void choose_algorithm() {
    std::array<cudnnConvolutionFwdAlgoPerf_t,
               2 * CUDNN_CONVOLUTION_FWD_ALGO_COUNT>
        found;
    int count = 0;
    cudnn_.check(cudnn_.find_algorithm(
                     handle_.get(), input_.get(), filter_.get(),
                     convolution_.get(), output_.get(),
                     static_cast<int>(found.size()), &count, found.data()),
                 "cudnnFindConvolutionForwardAlgorithm");
    const auto end = found.begin() + count;  // sorted, the fastest first
    const auto best = std::find_if(found.begin(), end, [](const auto& each) {
      return each.status == CUDNN_STATUS_SUCCESS &&
             each.mathType == CUDNN_FMA_MATH;
    });
    if (best == end) {
      throw std::runtime_error(
          "cuDNN found no algorithm that computes in float32");
    }
    algorithm_ = best->algo;
    workspace_ = DeviceBuffer<std::byte>(best->memory);
  }

  const Cudnn& cudnn_;
  Stream stream_;
  Owned<cudnnHandle_t> handle_;
  Owned<cudnnTensorDescriptor_t> input_;
  Owned<cudnnTensorDescriptor_t> output_;
  Owned<cudnnFilterDescriptor_t> filter_;
  Owned<cudnnConvolutionDescriptor_t> convolution_;
  DeviceBuffer<float> input_data_;
  DeviceBuffer<float> filter_data_;
  DeviceBuffer<float> output_data_;
  DeviceBuffer<std::byte> workspace_;
  cudnnConvolutionFwdAlgo_t algorithm_{};
};

std::string version_text(std::size_t version) {
  return std::to_string(version / 10000) + "." +
         std::to_string(version / 100 % 100) + "." +
         std::to_string(version % 100);
}

}  // namespace

std::optional<CudnnForward> cudnn_convolution_forward(
    const Tensor& input, const Tensor& filter, std::int64_t stride,
    std::int64_t padding, Tensor& output, std::string& why_not,
    const TimingPlan& plan) {
  if (!describe_gpu(why_not)) return std::nullopt;
  const std::string name = "libcudnn.so." + std::to_string(CUDNN_MAJOR);
  const auto library =
      SharedLibrary::open({name, "/usr/local/cuda/lib64/" + name}, why_not);
  if (!library) return std::nullopt;
  try {
    const Cudnn cudnn(*library);
    Convolution convolution(cudnn, input, filter, stride, padding, output);
    CudnnForward outcome;
    outcome.timing = convolution.time(plan);
    convolution.download(output);
    outcome.description = "cuDNN " + version_text(cudnn.version()) + ", " +
                          convolution.algorithm() + ", float32";
    return outcome;
  } catch (const std::runtime_error& error) {
    why_not = error.what();
    return std::nullopt;
  }
}

}  // namespace cnn

#else

namespace cnn {

std::optional<CudnnForward> cudnn_convolution_forward(
    const Tensor&, const Tensor&, std::int64_t, std::int64_t, Tensor&,
    std::string& why_not, const TimingPlan&) {
  why_not = "built without cuDNN: cudnn.h was not found";
  return std::nullopt;
}

}  // namespace cnn

#endif
