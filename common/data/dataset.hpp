/// @file
/// Labelled pictures, and where the course finds them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace cnn {

/// Labelled pictures of one size, as bytes: 0 is black, 255 is white.
struct Dataset {
  std::string name;    ///< "MNIST"
  std::string source;  ///< for the banner: what was read, and from where
  std::int64_t count = 0;
  std::int64_t channels = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::vector<std::uint8_t> pixels;  ///< NCHW, count*channels*height*width
  std::vector<std::uint8_t> labels;  ///< one a picture, indexes class_names
  std::vector<std::string> class_names;

  /// Bytes of one picture: channels * height * width.
  std::int64_t picture_size() const { return channels * height * width; }
  /// Picture `index` as CHW; `index` must be in [0, count).
  std::span<const std::uint8_t> picture(std::int64_t index) const;
};

/// What is learnt from, and what the result is judged by.
struct DatasetPair {
  Dataset train;
  Dataset test;
};

/// Reads a data set with its train and test parts.
///
/// `name_or_path` is one of
/// - "mnist" or "fashion-mnist": the full set when `./course data` has put it
///   into datasets/full/, else the subset that is part of the repository;
/// - a folder with the four IDX files of MNIST's naming, gzipped or not;
/// - an IDX file of images, its labels beside it under MNIST's naming;
/// - a folder of class folders with PNG or JPEG pictures, or a folder whose
///   `train` and `test` are such folders; pictures become 28x28 and grey;
/// - a .csv file laid out as Kaggle's digit recognizer.
///
/// Where there is no test part, one picture in six is held out as one, chosen
/// with a fixed seed.
/// Throws InputError with one sentence for whatever cannot be read.
DatasetPair load_dataset(const std::string& name_or_path);

/// The folder of the sets that the course brings along:
/// $LOOPS_TO_WARPS_DATASETS when set, else datasets/ of the source tree.
std::filesystem::path datasets_folder();

/// Pictures `indices` of `dataset`, in that order; its name, source and class
/// names stay.
Dataset select(const Dataset& dataset, std::span<const std::int64_t> indices);

/// Throws InputError, naming `file`, unless there are pictures, all counts
/// agree, every label has a class and every class has a picture.
void check_dataset(const Dataset& dataset, const std::string& file);

}  // namespace cnn
