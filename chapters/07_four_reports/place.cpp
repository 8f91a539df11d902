// region quiet: includes
#include "chapters/07_four_reports/place.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "chapters/06_tiled_cuda_adam/tiled_device.hpp"
#include "common/errors.hpp"
// endregion

// region make-place
namespace cnn {

std::vector<std::string> place_names() {
  return {"cpu", "gpu", "emulated"};
}

Place::Place(std::string name, int threads) : name_(std::move(name)) {
  if (name_ == "cpu") {
    backend_ = make_cpu_backend(threads);
    helper_ = make_cpu_adam(threads);
    adam_ = helper_.get();
  } else if (name_ == "gpu" || name_ == "emulated") {
    backend_ =
        make_tiled_backend(name_ == "gpu" ? Device::kGpu : Device::kEmulator);
    adam_ = &adam_of(*backend_);
  } else {
    throw InputError(fmt::format("backend: found '{}', expected one of {}",
                                 name_, fmt::join(place_names(), ", ")));
  }
}

Place::Place(int threads, ConvolutionMethod method)
    : name_("cpu"),
      backend_(make_cpu_backend(threads, method)),
      helper_(make_cpu_adam(threads)),
      adam_(helper_.get()) {}

}  // namespace cnn
// endregion
