// region quiet: includes
#pragma once

#include <filesystem>

#include "chapters/07_four_reports/model.hpp"
// endregion

// region model-files
namespace cnn {

/// A model as tensors and metadata.
Safetensors contents_of(const Model& model);

/// The way back. Throws InputError, one sentence that names `file`, when this
/// is no model, one of a later make, or when its parts do not fit each other:
/// line, picture, scaling, classes, shapes of all tensors. What it returns can
/// be used without another check.
Model model_from(Safetensors contents, const std::string& file);

/// contents_of() to a file, whole or not at all. Throws InputError.
void save_model(const std::filesystem::path& path, const Model& model);
/// model_from() a file. Throws InputError, also when it is damaged.
Model load_model(const std::filesystem::path& path);

}  // namespace cnn
// endregion
