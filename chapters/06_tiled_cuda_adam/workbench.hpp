// region quiet: includes
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/05_naive_cuda/experiment.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_plan.hpp"
#include "chapters/06_tiled_cuda_adam/exhibit_launches.hpp"

namespace cnn {
// endregion

// region named-trial
/// One way to compute something, to be checked and then timed.
struct NamedTrial {
  std::string id;     ///< "2-tiled"
  std::string label;  ///< "2 tiled"
  Trial trial;
};
// endregion

// region workbench
/// This chapter's products and convolutions by themselves, in one of the
/// worlds: on random numbers, against float64.
struct Workbench {
  /// The steps of the product from this one on, and last the plan that
  /// plan_product() chooses.
  std::vector<NamedTrial> (*products)(const ProductSizes& sizes,
                                      int first_step);
  /// One pass of a convolution, 3 x 3 with a stride of 1, by the plan that
  /// choose_plan() takes.
  NamedTrial (*convolution)(const std::shared_ptr<const RandomProblem>& problem,
                            ConvolutionPass pass);
  /// The same by every plan there is. Their ids say the way only.
  std::vector<NamedTrial> (*all_convolutions)(
      const std::shared_ptr<const RandomProblem>& problem,
      ConvolutionPass pass);
  /// Of the device's memory, by whomever.
  std::int64_t (*used_bytes)();
};

/// Where kernels can run: see usable_devices(). Throws SkipError with why_not()
/// elsewhere.
Workbench make_workbench(Device device);
/// The same lines of workbench_kernels.cpp, for a GPU and for the emulator;
/// only make_workbench() calls them.
Workbench make_workbench_on_gpu();
/// See above.
Workbench make_workbench_emulated();

}  // namespace cnn
// endregion
