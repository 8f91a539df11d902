// region quiet: includes
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "chapters/05_naive_cuda/device.hpp"
#include "chapters/05_naive_cuda/operations.hpp"
#include "common/simt/exhibit.hpp"

namespace cnn {
// endregion

// region exhibits
/// All of this chapter's kernels at work, small enough for the microscope: a
/// few blocks, and sizes that no warp divides. Throws SkipError with why_not()
/// where they cannot run.
std::vector<Exhibit> naive_exhibits(Device device);
// endregion

// region operation-exhibits
/// Makes the backend whose kernels are to be seen.
using NewBackend = std::function<std::unique_ptr<Backend>()>;
/// What an operation needs, and then what does it.
using Prepare = std::function<std::function<void()>(Operands&)>;

/// An operation at work on a backend of its own, so that one exhibit cannot
/// lean on another's memory.
Exhibit operation_exhibit(const NewBackend& make, std::string name,
                          std::string shows, double flop,
                          const Prepare& prepare);

/// Those that any backend can show at the same sizes: what goes element by
/// element, batch normalisation, the loss, gather.
std::vector<Exhibit> plain_exhibits(const NewBackend& make);

}  // namespace cnn
// endregion
