#include "exercise.hpp"

namespace cnn {

ConvolutionCost cost_of(const ConvolutionSize& size) {
  ConvolutionCost cost;
  // your code here
  return cost;
}

}  // namespace cnn
