// region quiet: includes
#pragma once

#include <memory>

#include "chapters/04_cpu_cnn/backend.hpp"

namespace cnn {
// endregion

// region worlds
/// The same lines of naive_backend.cpp, compiled for a GPU and for the
/// emulator. Only make_naive_backend() calls them: it knows which of them there
/// are.
std::unique_ptr<Backend> make_naive_backend_on_gpu();
/// See above.
std::unique_ptr<Backend> make_naive_backend_emulated();

}  // namespace cnn
// endregion
