// region quiet: includes
#pragma once

#include <filesystem>
#include <string>

#include "chapters/07_four_reports/model.hpp"
// endregion

// region onnx-file
namespace cnn {

/// The operators' version. Old enough for everything that still runs, new
/// enough for all that our layers need.
/// Source: https://github.com/onnx/onnx/blob/main/docs/Versioning.md
inline constexpr std::int64_t kOnnxOpset = 13;
inline constexpr std::int64_t kOnnxIrVersion = 7;

/// The bytes of an ONNX file that computes what the model does.
///
/// - Input "pixels": bytes, [batch, channels, height, width], 0 to 255 as the
///   picture has them. Their scaling is part of the graph, so that nobody has
///   to know it, or can forget it.
/// - Outputs "logits" and "probabilities": float32, [batch, classes].
/// - Class names, the line of layers and the recipe are in its metadata, under
///   "classes" (a JSON list), "layers" and "recipe".
///
/// Dropout is left out: it only drops while training. Throws SkipError where
/// this program was built without the library for the format.
std::string encode_onnx(const Model& model);

/// encode_onnx to a file, whole or not at all. Throws InputError, too.
void write_onnx(const std::filesystem::path& path, const Model& model);

}  // namespace cnn
// endregion
