// region quiet: includes
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/data/dataset.hpp"
#include "common/data/split.hpp"
// endregion

// region own-pictures
namespace cnn {

/// A reader's own pictures, dealt out into three parts.
struct OwnPictures {
  Split split;  ///< to learn from, and to tell when to stop
  Dataset test;
  /// Names of the test pictures' files; empty where they all come from one.
  std::vector<std::string> test_files;
};

/// Reads whatever load_dataset() takes. From a folder of class folders, one
/// picture in six of each class becomes a test picture, unless it is a folder
/// with `train` and `test` in it; and one in six of the others tells when to
/// stop. The same for the same seed.
/// Throws InputError when it is no data set, has one class only, or a class of
/// too few pictures to have one in each part: what was found, and where.
OwnPictures read_own_pictures(const std::filesystem::path& path,
                              std::uint64_t seed);

}  // namespace cnn
// endregion
