// region quiet: includes
#pragma once

#include <memory>

#include "chapters/05_naive_cuda/device.hpp"
#include "chapters/06_tiled_cuda_adam/adam.hpp"

namespace cnn {
// endregion

// region make-tiled-backend
/// The backend of this chapter, NCHW throughout, as chapter 5's.
/// Throws SkipError with why_not() where its kernels cannot run.
std::unique_ptr<Backend> make_tiled_backend(Device device);

/// The same object as one that takes Adam's step: for make_adam().
/// Throws std::logic_error for a backend that make_tiled_backend() did not
/// make.
AdamBackend& adam_of(Backend& backend);

}  // namespace cnn
// endregion
