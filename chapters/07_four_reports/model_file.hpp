// region quiet: includes
#pragma once

#include <filesystem>

#include "chapters/07_four_reports/model.hpp"

namespace cnn {
// endregion

// region model-files
/// Writes a safetensors file with all of it; whole or not at all. Throws
/// InputError.
void save_model(const std::filesystem::path& path, const Model& model);

/// Reads one. Throws InputError, one sentence that names the file, when it is
/// damaged, no model, a model of a later make, or when its parts do not fit
/// each other: line, picture, scaling, classes, shapes of all tensors. What it
/// returns can be used without another check.
Model load_model(const std::filesystem::path& path);

}  // namespace cnn
// endregion
