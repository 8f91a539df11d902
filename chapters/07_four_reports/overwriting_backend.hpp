// region quiet: includes
#pragma once

#include <vector>

#include "chapters/07_four_reports/patient_backend.hpp"
// endregion

// region overwriting-backend
namespace cnn {

/// Report 003's col2im in front of another backend. Where windows overlap, the
/// gradient of a pixel is the sum of what all of them say about it; here one of
/// them overwrites the others. Which one the report's GPU left to chance; here
/// it is the window that has the pixel in its middle, so that the same bits
/// come every time.
class OverwritingBackend : public PatientBackend {
 public:
  /// Both have to outlive it.
  OverwritingBackend(Backend& inner, AdamBackend& adam)
      : PatientBackend(inner, adam, Habits{}) {}

  std::string description() const override;
  /// Throws InputError unless windows have a middle, move by one pixel, and
  /// there are as many as pixels.
  void reserve_convolution(const ConvolutionBlock& block) override;
  void convolution_backward_input(const ConvolutionBlock& block,
                                  ConstArray output_gradient,
                                  ConstByteArray winners, ConstArray filter,
                                  Array input_gradient) override;

 private:
  Array middles_ = nullptr;    ///< a filter of which only the middle is left
  std::vector<float> values_;  ///< the same on the host
};

}  // namespace cnn
// endregion
