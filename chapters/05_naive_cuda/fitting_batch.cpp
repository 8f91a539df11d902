// region quiet: includes
#include "chapters/05_naive_cuda/fitting_batch.hpp"

#include <fmt/format.h>

#include <string>

#include "common/out_of_memory.hpp"

namespace cnn {
// endregion

// region batch-that-fits
namespace {

/// 0 when not even one picture fits.
std::int64_t batch_that_fits(
    std::int64_t too_large,
    const std::function<void(std::int64_t batch)>& build) {
  for (std::int64_t batch = too_large / 2; batch > 0; batch /= 2) {
    try {
      build(batch);
      return batch;
    } catch (const OutOfMemory&) {
      continue;
    }
  }
  return 0;
}

}  // namespace
// endregion

// region build-or-advise
void build_or_advise(std::int64_t batch,
                     const std::function<void(std::int64_t batch)>& build) {
  std::string what;
  try {
    build(batch);
    return;
  } catch (const OutOfMemory& error) {
    what = error.what();
  }
  // Outside of the handler: the exception's own memory is free again.
  const std::int64_t fitting = batch_that_fits(batch, build);
  throw InputError(
      fitting > 0
          ? fmt::format("a batch of {}: {}; a batch of {} would fit", batch,
                        what, fitting)
          : fmt::format(
                "a batch of {}: {}; not even a single picture would fit", batch,
                what));
}

}  // namespace cnn
// endregion
