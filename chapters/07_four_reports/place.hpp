// region quiet: includes
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"
#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/06_tiled_cuda_adam/adam.hpp"
// endregion

// region place
namespace cnn {

/// Where an experiment runs: a backend, and who takes Adam's steps on it.
class Place {
 public:
  /// @param name one of place_names()
  /// @param threads of the CPU
  /// Throws SkipError with the reason where this machine has no such place.
  Place(std::string name, int threads);

  /// The CPU, by another way to convolve: to compare with.
  Place(int threads, ConvolutionMethod method);

  const std::string& name() const { return name_; }
  Backend& backend() const { return *backend_; }
  AdamBackend& adam() const { return *adam_; }

 private:
  std::string name_;
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<AdamBackend> helper_;  ///< null: the backend itself can
  AdamBackend* adam_;
};

/// "cpu": chapter 4's backend; "gpu": chapter 6's on a GPU; "emulated": the
/// same kernels without one, for tests: right, and very slow.
std::vector<std::string> place_names();

}  // namespace cnn
// endregion
