// region quiet: includes
#include "chapters/07_four_reports/overwriting_backend.hpp"

#include <span>

#include "common/errors.hpp"
// endregion

// region overwriting-reserve
namespace cnn {

std::string OverwritingBackend::description() const {
  return PatientBackend::description() + ", col2im overwrites";
}

void OverwritingBackend::reserve_convolution(const ConvolutionBlock& block) {
  const ConvolutionGeometry& geometry = block.geometry;
  const std::int64_t size = geometry.kernel_height;
  if (geometry.kernel_width != size || geometry.stride != 1 ||
      size != 2 * geometry.padding + 1) {
    throw InputError("col2im that overwrites: found " + to_string(geometry) +
                     ", expected stride 1, and a padding of half the kernel");
  }
  PatientBackend::reserve_convolution(block);
  const auto count = static_cast<std::size_t>(geometry.filter_shape().size());
  if (count <= values_.size()) return;
  values_.resize(count);
  middles_ = allocate(static_cast<std::int64_t>(count));
}
// endregion

// region overwriting-backward
/// If a pixel hears of no other window than the one around it, then only the
/// weight in the middle of the filter counts: the right operation, with a wrong
/// filter.
void OverwritingBackend::convolution_backward_input(
    const ConvolutionBlock& block, ConstArray output_gradient,
    ConstByteArray winners, ConstArray filter, Array input_gradient) {
  const std::int64_t area =
      block.geometry.kernel_height * block.geometry.kernel_width;
  const std::int64_t count = block.geometry.filter_shape().size();
  const auto values = std::span(values_).first(static_cast<std::size_t>(count));
  download(filter, values);
  for (std::int64_t i = 0; i < count; ++i) {
    if (i % area != area / 2) values[static_cast<std::size_t>(i)] = 0;
  }
  upload(values, middles_);
  PatientBackend::convolution_backward_input(block, output_gradient, winners,
                                             middles_, input_gradient);
}

}  // namespace cnn
// endregion
