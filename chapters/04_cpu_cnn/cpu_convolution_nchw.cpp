// region quiet: includes
#include <algorithm>
#include <optional>
#include <vector>

#include "chapters/01_naive_convolution/convolution.hpp"
#include "chapters/02_im2col_strided_views/convolution_gemm.hpp"
#include "chapters/03_blocked_gemm/implicit_gemm.hpp"
#include "chapters/03_blocked_gemm/parallel.hpp"
#include "chapters/04_cpu_cnn/channel_sums.hpp"
#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/pieces.hpp"

namespace cnn {
// endregion

// region nchw-class
namespace {

/// A convolution that speaks NCHW: converts, calls chapter 1, 2 or 3, converts
/// back. Those of chapters 1 and 2 know nothing of threads: here each thread
/// takes some images of the batch.
class NchwConvolution : public CpuConvolution {
 public:
  NchwConvolution(const ConvolutionGeometry& geometry, ConvolutionMethod method,
                  int threads);

  std::int64_t scratch_bytes() const override;
  void forward(ConstArray input, ConstArray filter, ConstArray bias,
               Array output, ByteArray winners) override;
  void backward_input(ConstArray output_gradient, ConstByteArray winners,
                      ConstArray filter, Array input_gradient) override;
  void backward_filter(ConstArray input, ConstArray output_gradient,
                       ConstByteArray winners, Array filter_gradient,
                       Array bias_gradient) override;
  // endregion

  // region nchw-members
 private:
  std::span<const float> filters(ConstArray filter) const {
    return {filter, filter_size_};
  }
  void fetch(const ChannelsLast& layout, ConstArray from, Tensor& to) const;
  void store(const ChannelsLast& layout, const Tensor& from, Array to) const;
  void add_bias(ConstArray bias);
  void add_filter_gradients(Array filter_gradient) const;
  GemmOptions options() const { return {.threads = threads_}; }

  /// Calls body(geometry of some images, input, output, piece, thread), where
  /// input and output are those images' part.
  template <class Body>
  void for_images(const Body& body);

  ConvolutionGeometry geometry_;
  ConvolutionMethod method_;
  int threads_;
  std::size_t filter_size_;
  Pieces pieces_;
  ChannelsLast input_layout_;
  ChannelsLast output_layout_;
  Tensor input_;                         // or its gradient, NCHW
  Tensor output_;                        // likewise
  std::vector<float> filter_gradients_;  // one for each piece
  std::vector<double> sums_;
  std::vector<ImageScratch> images_;     // kIm2col: one for each thread
  std::optional<GemmScratch> products_;  // kImplicitGemm
};
// endregion

// region nchw-construction
NchwConvolution::NchwConvolution(const ConvolutionGeometry& geometry,
                                 ConvolutionMethod method, int threads)
    : geometry_(geometry),
      method_(method),
      threads_(threads),
      filter_size_(static_cast<std::size_t>(geometry.filter_shape().size())),
      pieces_(geometry.batch),
      input_layout_(activation_layout(geometry.input_shape())),
      output_layout_(activation_layout(geometry.output_shape())),
      input_(geometry.input_shape()),
      output_(geometry.output_shape()),
      sums_(
          static_cast<std::size_t>(Pieces::kMost * geometry.output_channels)) {
  if (method == ConvolutionMethod::kImplicitGemm) {
    products_.emplace(threads);
    return;
  }
  filter_gradients_.resize(static_cast<std::size_t>(pieces_.count) *
                           filter_size_);
  if (method == ConvolutionMethod::kIm2col) {
    for (int i = 0; i < threads; ++i) images_.emplace_back(geometry);
  }
}

std::int64_t NchwConvolution::scratch_bytes() const {
  std::int64_t floats = input_.size() + output_.size() +
                        static_cast<std::int64_t>(filter_gradients_.size());
  for (const ImageScratch& image : images_) {
    floats += image.padded.size() + image.columns.size() +
              image.gradient.size() + image.filter_gradient.size();
  }
  return floats * static_cast<std::int64_t>(sizeof(float)) +
         static_cast<std::int64_t>(sums_.size() * sizeof(double)) +
         (products_ ? products_->bytes() : 0);
}
// endregion

// region nchw-for-images
template <class Body>
void NchwConvolution::for_images(const Body& body) {
  const auto inputs = static_cast<std::size_t>(input_.size() / geometry_.batch);
  const auto outputs =
      static_cast<std::size_t>(output_.size() / geometry_.batch);
  parallel_for(threads_, pieces_.count, [&](std::int64_t piece, int thread) {
    ConvolutionGeometry some = geometry_;
    some.batch = pieces_.end(piece) - pieces_.begin(piece);
    const auto first = static_cast<std::size_t>(pieces_.begin(piece));
    const auto count = static_cast<std::size_t>(some.batch);
    body(some, input_.values().subspan(first * inputs, count * inputs),
         output_.values().subspan(first * outputs, count * outputs),
         static_cast<std::size_t>(piece), static_cast<std::size_t>(thread));
  });
}
// endregion

// region nchw-borders
void NchwConvolution::fetch(const ChannelsLast& layout, ConstArray from,
                            Tensor& to) const {
  from_channels_last(layout, {from, static_cast<std::size_t>(layout.size())},
                     to.values(), threads_);
}

void NchwConvolution::store(const ChannelsLast& layout, const Tensor& from,
                            Array to) const {
  to_channels_last(layout, from.values(),
                   {to, static_cast<std::size_t>(layout.size())}, threads_);
}

void NchwConvolution::add_bias(ConstArray bias) {
  const std::int64_t channels = geometry_.output_channels;
  const std::int64_t area = output_layout_.height * output_layout_.width;
  parallel_for(threads_, geometry_.batch * channels, [&](auto plane, int) {
    float* numbers = output_.data() + plane * area;
    const float added = bias[plane % channels];
    for (std::int64_t i = 0; i < area; ++i) numbers[i] += added;
  });
}
// endregion

// region nchw-forward
void NchwConvolution::forward(ConstArray input, ConstArray filter,
                              ConstArray bias, Array output, ByteArray) {
  fetch(input_layout_, input, input_);
  if (method_ == ConvolutionMethod::kImplicitGemm) {
    implicit_forward(geometry_, input_.values(), filters(filter),
                     output_.values(), options(), *products_);
  } else {
    for_images([&](const auto& some, auto in, auto out, auto, auto thread) {
      if (method_ == ConvolutionMethod::kLoops) {
        convolution_forward(some, in, filters(filter), out);
      } else {
        gemm_forward(some, in, filters(filter), out, images_[thread]);
      }
    });
  }
  add_bias(bias);
  store(output_layout_, output_, output);
}
// endregion

// region nchw-backward-input
void NchwConvolution::backward_input(ConstArray output_gradient, ConstByteArray,
                                     ConstArray filter, Array input_gradient) {
  fetch(output_layout_, output_gradient, output_);
  if (method_ == ConvolutionMethod::kImplicitGemm) {
    implicit_backward_input(geometry_, output_.values(), filters(filter),
                            input_.values(), options(), *products_);
  } else {
    for_images([&](const auto& some, auto in, auto out, auto, auto thread) {
      if (method_ == ConvolutionMethod::kLoops) {
        convolution_backward_input(some, out, filters(filter), in);
      } else {
        gemm_backward_input(some, out, filters(filter), in, images_[thread]);
      }
    });
  }
  store(input_layout_, input_, input_gradient);
}
// endregion

// region nchw-backward-filter
void NchwConvolution::backward_filter(ConstArray input,
                                      ConstArray output_gradient,
                                      ConstByteArray, Array filter_gradient,
                                      Array bias_gradient) {
  channel_sums(geometry_.batch * output_layout_.height * output_layout_.width,
               output_layout_.pixel, output_layout_.channels, output_gradient,
               sums_, bias_gradient, threads_);
  fetch(input_layout_, input, input_);
  fetch(output_layout_, output_gradient, output_);
  if (method_ == ConvolutionMethod::kImplicitGemm) {
    implicit_backward_filter(geometry_, input_.values(), output_.values(),
                             {filter_gradient, filter_size_}, options(),
                             *products_);
    return;
  }
  for_images([&](const auto& some, auto in, auto out, auto piece, auto thread) {
    const auto sum = std::span(filter_gradients_)
                         .subspan(piece * filter_size_, filter_size_);
    if (method_ == ConvolutionMethod::kLoops) {
      convolution_backward_filter(some, in, out, sum);
    } else {
      gemm_backward_filter(some, in, out, sum, images_[thread]);
    }
  });
  add_filter_gradients(filter_gradient);
}

void NchwConvolution::add_filter_gradients(Array filter_gradient) const {
  std::copy_n(filter_gradients_.begin(), filter_size_, filter_gradient);
  for (std::size_t piece = 1; piece * filter_size_ < filter_gradients_.size();
       ++piece) {
    const float* from = filter_gradients_.data() + piece * filter_size_;
    for (std::size_t i = 0; i < filter_size_; ++i)
      filter_gradient[i] += from[i];
  }
}
// endregion

// region make-nchw
}  // namespace

std::string_view name_of(ConvolutionMethod method) {
  switch (method) {
    case ConvolutionMethod::kLoops:
      return "seven loops";
    case ConvolutionMethod::kIm2col:
      return "im2col";
    case ConvolutionMethod::kImplicitGemm:
      return "implicit matrix product";
    case ConvolutionMethod::kDirect:
      return "direct convolution";
  }
  return "unknown";
}

std::unique_ptr<CpuConvolution> make_nchw_convolution(
    const ConvolutionGeometry& geometry, ConvolutionMethod method,
    int threads) {
  return std::make_unique<NchwConvolution>(geometry, method, threads);
}

}  // namespace cnn
// endregion
