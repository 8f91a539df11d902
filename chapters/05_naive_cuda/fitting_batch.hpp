// region quiet: includes
#pragma once

#include <cstdint>
#include <functional>

namespace cnn {
// endregion

// region fitting-batch
/// Calls build(batch). Where that is OutOfMemory, calls it again with half the
/// batch, and half of that, and throws InputError: what build() said of the
/// whole batch, and which of the smaller ones would fit. So build() must first
/// give back what an earlier call has built.
void build_or_advise(std::int64_t batch,
                     const std::function<void(std::int64_t batch)>& build);

}  // namespace cnn
// endregion
