// region quiet: includes
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/backend.hpp"

namespace cnn {
// endregion

// region device
/// Where this chapter's kernels can run: on a GPU, compiled by nvcc, or on the
/// CPU, the same source compiled for the emulator. Results are checked on both;
/// only the first is worth timing.
enum class Device { kGpu, kEmulator };

/// "GPU" or "emulator".
std::string to_string(Device device);

/// Empty when kernels can run there, otherwise why not, in one sentence.
std::string why_not(Device device);

/// Those where kernels can run, the GPU first.
std::vector<Device> usable_devices();
// endregion

// region make-naive-backend
/// The backend of this chapter: one thread for each output, NCHW throughout.
/// Throws SkipError with why_not() where its kernels cannot run.
std::unique_ptr<Backend> make_naive_backend(Device device);

/// What makes a chapter's backend: the one above, and those of later chapters,
/// which are checked and timed by the same lines.
using MakeBackend = std::unique_ptr<Backend> (*)(Device device);

}  // namespace cnn
// endregion
