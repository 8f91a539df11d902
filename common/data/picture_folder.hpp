/// @file
/// A reader's own pictures: a folder with one folder of pictures a class.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "common/data/dataset.hpp"

namespace cnn {

/// The size that pictures are brought to.
struct PictureFolderOptions {
  std::int64_t width = 28;
  std::int64_t height = 28;
};

/// The files that read_picture_folder() reads, in the order of its pictures.
/// Throws InputError likewise.
std::vector<std::filesystem::path> picture_files(
    const std::filesystem::path& folder);

/// Reads FOLDER/CLASS/*.png and *.jpg (or .jpeg, in any case). Classes are
/// numbered in the order of their names, by value where all names are numbers,
/// and pictures follow class by class in the order of theirs. Pictures of any
/// size and channel count become grey (to_grey) and width x height (resize).
/// Hidden files and folders, and files with other endings, are passed over.
///
/// The result is kept in FOLDER/.loops-to-warps-cache and taken from there
/// until a picture's name, size or time of change differs. A cache that is
/// damaged or someone else's is replaced; where none can be written (a folder
/// that is read-only, a full disk) the pictures are simply decoded each time.
///
/// Throws InputError when the folder cannot be read, there are no class
/// folders or more than 256, a class has no picture, or a picture does not
/// decode.
Dataset read_picture_folder(const std::filesystem::path& folder,
                            const PictureFolderOptions& options = {});

}  // namespace cnn
