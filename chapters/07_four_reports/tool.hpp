// region quiet: includes
#pragma once

#include <filesystem>
#include <functional>

#include "chapters/07_four_reports/model.hpp"
// endregion

// region tool
namespace cnn {

/// Runs a program that uses a model, and returns its exit status, as
/// exit_status_of() says.
int run_tool(const std::function<int()>& body);

/// Where `./course run 7 --save` is asked to leave a model for these programs.
std::filesystem::path usual_model(const std::filesystem::path& out);

/// Loads `file`, or, when that is empty, the usual model. Throws InputError,
/// and says how to make one when there is none.
Model find_model(const std::filesystem::path& file,
                 const std::filesystem::path& out);

}  // namespace cnn
// endregion
