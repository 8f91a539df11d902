// region quiet: includes
#include "chapters/03_blocked_gemm/direct_convolution.hpp"

#include "chapters/03_blocked_gemm/direct_plan.hpp"

namespace cnn {
// endregion

// region direct-members
DirectConvolution::DirectConvolution(const ConvolutionGeometry& geometry,
                                     const DirectOptions& options)
    : plan_(std::make_unique<Plan>(geometry, options)) {}
DirectConvolution::~DirectConvolution() = default;
DirectConvolution::DirectConvolution(DirectConvolution&&) noexcept = default;
DirectConvolution& DirectConvolution::operator=(DirectConvolution&&) noexcept =
    default;

const ConvolutionGeometry& DirectConvolution::geometry() const {
  return plan_->geometry;
}
ChannelsLast DirectConvolution::input_layout() const {
  return plan_->input;
}
ChannelsLast DirectConvolution::output_layout() const {
  return plan_->output;
}
bool DirectConvolution::has_winners() const {
  return plan_->winners;
}

}  // namespace cnn
// endregion
