// region quiet: includes
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "chapters/07_four_reports/study.hpp"
// endregion

// region outcome-file
namespace cnn {

/// An experiment's name as one of a file: "002-cnn-50k".
std::string file_name(std::string id);

/// FOLDER/cpu/002-cnn-50k-20-epochs-seed-1.json: a run that was cut short does
/// not replace a whole one.
std::filesystem::path outcome_path(const std::filesystem::path& folder,
                                   const Experiment& experiment,
                                   const std::string& place,
                                   std::uint64_t seed);

/// Writes an outcome, whole or not at all. Throws InputError.
void save_outcome(const std::filesystem::path& path, const Outcome& outcome);

/// What an earlier run wrote; nothing when there is no such file, or when it
/// came from another recipe: other data, other layers, another seed. Throws
/// InputError, naming the file, when it is damaged.
std::optional<Outcome> find_outcome(const std::filesystem::path& path,
                                    const std::string& recipe);

}  // namespace cnn
// endregion
