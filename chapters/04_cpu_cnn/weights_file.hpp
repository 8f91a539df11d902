// region quiet: includes
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "chapters/04_cpu_cnn/network.hpp"
#include "chapters/04_cpu_cnn/safetensors.hpp"

namespace cnn {
// endregion

// region arena-tensors
/// An arena, taken apart into its parameters, each named PREFIX + its name.
std::vector<NamedTensor> to_tensors(std::span<const Parameter> parameters,
                                    std::span<const float> arena,
                                    const std::string& prefix = "");

/// Throws InputError, naming `file`, when the tensor of one of these parameters
/// is missing or has another shape.
void expect_tensors(std::span<const Parameter> parameters,
                    const Safetensors& contents, std::string_view file,
                    const std::string& prefix = "");

/// The way back: fills the arena from the tensors of these names. Throws as
/// expect_tensors() does; the arena is left as it was then.
void from_tensors(std::span<const Parameter> parameters,
                  const Safetensors& contents, std::string_view file,
                  std::span<float> arena, const std::string& prefix = "");

/// Throws InputError, naming `file`, unless these are all there is.
void expect_no_more_tensors(const Safetensors& contents, std::string_view file,
                            std::span<const std::string> names);
// endregion

// region weights-file
/// What network this is, in words: input, then layer by layer.
std::string describe_layers(const Network& network);

/// Writes parameters and buffers, named as PyTorch's Sequential names them:
///
///     torch.nn.Sequential(...).load_state_dict(
///         safetensors.torch.load_file("weights.safetensors"))
void save_weights(const std::filesystem::path& path, const Network& network);

/// Reads such a file, ours or PyTorch's. Throws InputError, one sentence, when
/// a tensor is missing, is one too many, or has another shape; the network is
/// left as it was then.
void load_weights(const std::filesystem::path& path, Network& network);

}  // namespace cnn
// endregion
