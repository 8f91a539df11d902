#include "common/yardsticks.hpp"

#ifdef COURSE_HAS_CUDNN

#include <algorithm>
#include <array>

#include "common/cuda/buffer.hpp"
#include "common/cuda/cudnn_library.hpp"
#include "common/cuda/timing.hpp"
#include "common/machine.hpp"

namespace cnn {

namespace {

/// What is to be computed from the other two.
enum class Wanted { kOutput, kInputGradient, kFilterGradient };

/// One convolution: its descriptors, its data on the GPU, its algorithm.
class Convolution {
 public:
  Convolution(const Cudnn& cudnn, Wanted wanted, const Tensor& input,
              const Tensor& filter, std::int64_t stride, std::int64_t padding,
              const Tensor& output)
      : cudnn_(cudnn),
        wanted_(wanted),
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
    describe_convolution(filter.shape(), narrow(stride), narrow(padding));
    check_output(output.shape());
    if (wanted != Wanted::kInputGradient) {
      input_data_.upload(input.values(), stream_);
    }
    if (wanted != Wanted::kFilterGradient) {
      filter_data_.upload(filter.values(), stream_);
    }
    if (wanted != Wanted::kOutput) {
      output_data_.upload(output.values(), stream_);
    }
    stream_.synchronize();
    choose_algorithm();
  }

  void run() {
    const float one = 1;
    const float zero = 0;
    switch (wanted_) {
      case Wanted::kOutput:
        return cudnn_.check(
            cudnn_.forward(handle_.get(), &one, input_.get(),
                           input_data_.data(), filter_.get(),
                           filter_data_.data(), convolution_.get(), forward_,
                           workspace_.data(), workspace_.size(), &zero,
                           output_.get(), output_data_.data()),
            "cudnnConvolutionForward");
      case Wanted::kInputGradient:
        return cudnn_.check(
            cudnn_.backward_input(
                handle_.get(), &one, filter_.get(), filter_data_.data(),
                output_.get(), output_data_.data(), convolution_.get(),
                backward_input_, workspace_.data(), workspace_.size(), &zero,
                input_.get(), input_data_.data()),
            "cudnnConvolutionBackwardData");
      case Wanted::kFilterGradient:
        return cudnn_.check(
            cudnn_.backward_filter(
                handle_.get(), &one, input_.get(), input_data_.data(),
                output_.get(), output_data_.data(), convolution_.get(),
                backward_filter_, workspace_.data(), workspace_.size(), &zero,
                filter_.get(), filter_data_.data()),
            "cudnnConvolutionBackwardFilter");
    }
  }

  Timing time(const TimingPlan& plan) {
    return time_on_gpu(
        stream_, [this] { run(); }, plan);
  }

  void download(Tensor& result) {
    const DeviceBuffer<float>& data = wanted_ == Wanted::kOutput ? output_data_
                                      : wanted_ == Wanted::kInputGradient
                                          ? input_data_
                                          : filter_data_;
    data.download(result.values(), stream_);
    stream_.synchronize();
  }

  std::string algorithm() const { return algorithm_; }

 private:
  void describe(const Owned<cudnnTensorDescriptor_t>& tensor,
                const Shape& shape) const {
    cudnn_.check(
        cudnn_.set_tensor(tensor.get(), CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT,
                          narrow(shape.batch), narrow(shape.channels),
                          narrow(shape.height), narrow(shape.width)),
        "cudnnSetTensor4dDescriptor");
  }

  void describe_convolution(const Shape& shape, int step, int border) const {
    cudnn_.check(
        cudnn_.set_filter(filter_.get(), CUDNN_DATA_FLOAT, CUDNN_TENSOR_NCHW,
                          narrow(shape.batch), narrow(shape.channels),
                          narrow(shape.height), narrow(shape.width)),
        "cudnnSetFilter4dDescriptor");
    cudnn_.check(
        cudnn_.set_convolution(convolution_.get(), border, border, step, step,
                               1, 1, CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT),
        "cudnnSetConvolution2dDescriptor");
    cudnn_.check(cudnn_.set_math(convolution_.get(), CUDNN_FMA_MATH),
                 "cudnnSetConvolutionMathType");
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
      throw std::invalid_argument("cuDNN's convolution: the output is " +
                                  to_string(given) + ", cuDNN computes " +
                                  to_string(expected));
    }
  }

  /// The fastest by cuDNN's own measurement; it lists every algorithm once for
  /// each kind of arithmetic, and we take none but float32's.
  template <class Algorithm, class Found, class... Descriptors>
  void choose(Algorithm& chosen, cudnnStatus_t (*find)(Descriptors...),
              std::array<Found, 20> found, auto... descriptors) {
    int count = 0;
    cudnn_.check(find(handle_.get(), descriptors...,
                      static_cast<int>(found.size()), &count, found.data()),
                 "cudnnFindConvolution...Algorithm");
    const auto end = found.begin() + count;  // sorted, the fastest first
    const auto best = std::find_if(found.begin(), end, [](const auto& each) {
      return each.status == CUDNN_STATUS_SUCCESS &&
             each.mathType == CUDNN_FMA_MATH;
    });
    if (best == end) {
      throw std::runtime_error(
          "cuDNN found no algorithm that computes in float32");
    }
    chosen = best->algo;
    algorithm_ = name_of(best->algo);
    workspace_ = DeviceBuffer<std::byte>(best->memory);
  }

  void choose_algorithm() {
    switch (wanted_) {
      case Wanted::kOutput:
        return choose(forward_, cudnn_.find_forward,
                      std::array<cudnnConvolutionFwdAlgoPerf_t, 20>{},
                      input_.get(), filter_.get(), convolution_.get(),
                      output_.get());
      case Wanted::kInputGradient:
        return choose(backward_input_, cudnn_.find_backward_input,
                      std::array<cudnnConvolutionBwdDataAlgoPerf_t, 20>{},
                      filter_.get(), output_.get(), convolution_.get(),
                      input_.get());
      case Wanted::kFilterGradient:
        return choose(backward_filter_, cudnn_.find_backward_filter,
                      std::array<cudnnConvolutionBwdFilterAlgoPerf_t, 20>{},
                      input_.get(), output_.get(), convolution_.get(),
                      filter_.get());
    }
  }

  const Cudnn& cudnn_;
  Wanted wanted_;
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
  cudnnConvolutionFwdAlgo_t forward_{};
  cudnnConvolutionBwdDataAlgo_t backward_input_{};
  cudnnConvolutionBwdFilterAlgo_t backward_filter_{};
  std::string algorithm_;
};

std::string version_text(std::size_t version) {
  return std::to_string(version / 10000) + "." +
         std::to_string(version / 100 % 100) + "." +
         std::to_string(version % 100);
}

/// Finds the library, computes and times what is wanted, and stores it in
/// `result`, which is one of the three.
std::optional<GpuYardstick> convolve(Wanted wanted, const Tensor& input,
                                     const Tensor& filter, std::int64_t stride,
                                     std::int64_t padding, const Tensor& output,
                                     Tensor& result, std::string& why_not,
                                     const TimingPlan& plan) {
  if (!describe_gpu(why_not)) return std::nullopt;
  const std::string name = "libcudnn.so." + std::to_string(CUDNN_MAJOR);
  const auto library =
      SharedLibrary::open({name, "/usr/local/cuda/lib64/" + name}, why_not);
  if (!library) return std::nullopt;
  try {
    const Cudnn cudnn(*library);
    Convolution convolution(cudnn, wanted, input, filter, stride, padding,
                            output);
    GpuYardstick outcome;
    outcome.timing = convolution.time(plan);
    convolution.download(result);
    outcome.description = "cuDNN " + version_text(cudnn.version()) + ", " +
                          convolution.algorithm() + ", float32";
    return outcome;
  } catch (const std::runtime_error& error) {
    why_not = error.what();
    return std::nullopt;
  }
}

}  // namespace

std::optional<CudnnForward> cudnn_convolution_forward(
    const Tensor& input, const Tensor& filter, std::int64_t stride,
    std::int64_t padding, Tensor& output, std::string& why_not,
    const TimingPlan& plan) {
  return convolve(Wanted::kOutput, input, filter, stride, padding, output,
                  output, why_not, plan);
}

std::optional<GpuYardstick> cudnn_convolution_backward_input(
    const Tensor& output_gradient, const Tensor& filter, std::int64_t stride,
    std::int64_t padding, Tensor& input_gradient, std::string& why_not,
    const TimingPlan& plan) {
  return convolve(Wanted::kInputGradient, input_gradient, filter, stride,
                  padding, output_gradient, input_gradient, why_not, plan);
}

std::optional<GpuYardstick> cudnn_convolution_backward_filter(
    const Tensor& input, const Tensor& output_gradient, std::int64_t stride,
    std::int64_t padding, Tensor& filter_gradient, std::string& why_not,
    const TimingPlan& plan) {
  return convolve(Wanted::kFilterGradient, input, filter_gradient, stride,
                  padding, output_gradient, filter_gradient, why_not, plan);
}

}  // namespace cnn

#else

namespace cnn {

namespace {

constexpr const char* kWhyNot = "built without cuDNN: cudnn.h was not found";

}  // namespace

std::optional<CudnnForward> cudnn_convolution_forward(
    const Tensor&, const Tensor&, std::int64_t, std::int64_t, Tensor&,
    std::string& why_not, const TimingPlan&) {
  why_not = kWhyNot;
  return std::nullopt;
}

std::optional<GpuYardstick> cudnn_convolution_backward_input(
    const Tensor&, const Tensor&, std::int64_t, std::int64_t, Tensor&,
    std::string& why_not, const TimingPlan&) {
  why_not = kWhyNot;
  return std::nullopt;
}

std::optional<GpuYardstick> cudnn_convolution_backward_filter(
    const Tensor&, const Tensor&, std::int64_t, std::int64_t, Tensor&,
    std::string& why_not, const TimingPlan&) {
  why_not = kWhyNot;
  return std::nullopt;
}

}  // namespace cnn

#endif
