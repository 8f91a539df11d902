// region quiet: includes
#include "chapters/04_cpu_cnn/cpu_convolution.hpp"

#include <array>
#include <stdexcept>

#include "chapters/03_blocked_gemm/direct_convolution.hpp"
#include "chapters/04_cpu_cnn/cpu_backend.hpp"

namespace cnn {
// endregion

// region direct-adapter
namespace {

/// Spans for pointers: chapter 3 checks that sizes fit.
class DirectAdapter : public CpuConvolution {
 public:
  DirectAdapter(const ConvolutionBlock& block, int threads)
      : direct_(block.geometry,
                {.relu = block.relu, .pool = block.pool, .threads = threads}),
        inputs_(count(direct_.input_layout().size())),
        outputs_(count(direct_.output_layout().size())),
        filters_(count(block.geometry.filter_shape().size())),
        channels_(count(block.geometry.output_channels)) {}

  std::int64_t scratch_bytes() const override {
    return direct_.scratch_bytes();
  }

  void forward(ConstArray input, ConstArray filter, ConstArray bias,
               Array output, ByteArray winners) override {
    direct_.forward({input, inputs_}, {filter, filters_}, {bias, channels_},
                    {output, outputs_}, of(winners));
  }

  void backward_input(ConstArray output_gradient, ConstByteArray winners,
                      ConstArray filter, Array input_gradient) override {
    direct_.backward_input({output_gradient, outputs_}, of(winners),
                           {filter, filters_}, {input_gradient, inputs_});
  }

  void backward_filter(ConstArray input, ConstArray output_gradient,
                       ConstByteArray winners, Array filter_gradient,
                       Array bias_gradient) override {
    direct_.backward_filter({input, inputs_}, {output_gradient, outputs_},
                            of(winners), {filter_gradient, filters_},
                            {bias_gradient, channels_});
  }
  // endregion

  // region direct-adapter-members
 private:
  static std::size_t count(std::int64_t size) {
    return static_cast<std::size_t>(size);
  }

  template <class Byte>
  std::span<Byte> of(Byte* winners) const {
    if (!winners || !direct_.has_winners()) return {};
    return {winners, outputs_};
  }

  DirectConvolution direct_;
  std::size_t inputs_;
  std::size_t outputs_;
  std::size_t filters_;
  std::size_t channels_;
};

}  // namespace

std::unique_ptr<CpuConvolution> make_direct_convolution(
    const ConvolutionBlock& block, int threads) {
  return std::make_unique<DirectAdapter>(block, threads);
}
// endregion

// region suits-direct
namespace {

/// Channels of a single pixel lie without gaps here, but with gaps in chapter
/// 3; where that differs, the direct convolution is not for us.
bool lies_as_in_chapter_3(const Shape& shape) {
  return activation_layout(shape) == channels_last(shape);
}

bool suits_direct(const ConvolutionBlock& block) {
  constexpr std::int64_t kLargestPool = 15;
  return block.pool <= kLargestPool &&
         block.pool <= block.geometry.output_height() &&
         block.pool <= block.geometry.output_width() &&
         lies_as_in_chapter_3(block.geometry.input_shape()) &&
         lies_as_in_chapter_3(block.output());
}

bool is_plain(const ConvolutionBlock& block) {
  return !block.relu && block.pool == 1;
}

}  // namespace
// endregion

// region reserve-convolution
bool CpuBackend::fuses(const ConvolutionBlock& block) const {
  if (is_plain(block)) return true;
  return method_ == ConvolutionMethod::kDirect && suits_direct(block);
}

void CpuBackend::reserve_convolution(const ConvolutionBlock& block) {
  block.geometry.validate();
  if (!fuses(block)) {
    throw std::invalid_argument("reserve_convolution: cannot be fused");
  }
  if (find(block)) return;
  std::unique_ptr<CpuConvolution> convolution;
  if (method_ == ConvolutionMethod::kDirect && suits_direct(block)) {
    convolution = make_direct_convolution(block, threads_);
  } else {
    const auto method = method_ == ConvolutionMethod::kDirect
                            ? ConvolutionMethod::kImplicitGemm
                            : method_;
    convolution = make_nchw_convolution(block.geometry, method, threads_);
  }
  convolutions_.push_back({block, std::move(convolution)});
}
// endregion

// region find-convolution
namespace {

std::array<std::int64_t, 11> key(const ConvolutionBlock& block) {
  const ConvolutionGeometry& g = block.geometry;
  return {g.batch,           g.input_channels, g.input_height, g.input_width,
          g.output_channels, g.kernel_height,  g.kernel_width, g.stride,
          g.padding,         block.relu,       block.pool};
}

}  // namespace

CpuConvolution* CpuBackend::find(const ConvolutionBlock& block) const {
  for (const Reserved& reserved : convolutions_) {
    if (key(reserved.block) == key(block)) return reserved.convolution.get();
  }
  return nullptr;
}

CpuConvolution& CpuBackend::reserved(const ConvolutionBlock& block) const {
  if (CpuConvolution* found = find(block)) return *found;
  throw std::logic_error("a convolution was not reserved: " +
                         to_string(block.geometry));
}
// endregion

// region convolution-operations
std::int64_t CpuBackend::winners_size(const ConvolutionBlock& block) const {
  return is_plain(block) ? 0 : activation_size(block.output());
}

void CpuBackend::convolution_forward(const ConvolutionBlock& block,
                                     ConstArray input, ConstArray filter,
                                     ConstArray bias, Array output,
                                     ByteArray winners) {
  reserved(block).forward(input, filter, bias, output, winners);
}

void CpuBackend::convolution_backward_input(const ConvolutionBlock& block,
                                            ConstArray output_gradient,
                                            ConstByteArray winners,
                                            ConstArray filter,
                                            Array input_gradient) {
  reserved(block).backward_input(output_gradient, winners, filter,
                                 input_gradient);
}

void CpuBackend::convolution_backward_filter(
    const ConvolutionBlock& block, ConstArray input, ConstArray output_gradient,
    ConstByteArray winners, Array filter_gradient, Array bias_gradient) {
  reserved(block).backward_filter(input, output_gradient, winners,
                                  filter_gradient, bias_gradient);
}

}  // namespace cnn
// endregion
