// region quiet: includes
#pragma once

#include <filesystem>

#include "chapters/04_cpu_cnn/safetensors.hpp"
#include "chapters/04_cpu_cnn/trainer.hpp"

namespace cnn {
// endregion

// region checkpoint
/// Everything that a training needs to go on as if it had never stopped: a
/// safetensors file with parameters, buffers, the optimiser's state, and, when
/// stopping early, the best weights so far ("best.0.weight"); step, history,
/// network and recipe stand in its metadata.
Safetensors make_checkpoint(const Trainer& trainer);

/// make_checkpoint to a file, whole or not at all: a process that is killed
/// meanwhile leaves the last one as it was. Throws InputError.
void save_checkpoint(const std::filesystem::path& path, const Trainer& trainer);

/// Sets trainer, network and optimiser to where a checkpoint left them; from
/// there on every bit is the same as without the break. Throws InputError, one
/// sentence, when the file is damaged, no checkpoint, or one of another
/// network or another training; nothing is changed then.
void load_checkpoint(const std::filesystem::path& path, Trainer& trainer);

}  // namespace cnn
// endregion
