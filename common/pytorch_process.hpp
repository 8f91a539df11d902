/// @file
/// Questions to a Python that knows PyTorch; only common/pytorch.cpp asks.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace cnn {

/// Starts common/pytorch_yardstick.py, which says what requests and answers
/// are, under the first interpreter that knows PyTorch. When there is no
/// answer, the reason is about the first interpreter if none knows PyTorch: it
/// is the one that a user means by "python3".
std::optional<nlohmann::json> ask_pytorch(nlohmann::json request,
                                          double timeout_s,
                                          std::string& why_not);

}  // namespace cnn
