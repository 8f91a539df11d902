// region quiet: includes
#pragma once

#include "common/program.hpp"

namespace cnn {
// endregion

// region checks
/// Every gradient of small networks, made like the reports', against
/// differences of the loss: first on a backend with a mistake in it, to see
/// what a failing check looks like, then on ours, with each chapter's
/// convolution.
void check_networks(Program& program);

}  // namespace cnn
// endregion
