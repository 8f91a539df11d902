// region quiet: includes
#pragma once

#include <memory>

#include "chapters/04_cpu_cnn/backend.hpp"

namespace cnn {
// endregion

// region tiled-worlds
/// The same lines of tiled_backend.cpp, compiled for a GPU and for the
/// emulator. Only make_tiled_backend() calls them: it knows which of them there
/// are.
std::unique_ptr<Backend> make_tiled_backend_on_gpu();
/// See above.
std::unique_ptr<Backend> make_tiled_backend_emulated();

}  // namespace cnn
// endregion
