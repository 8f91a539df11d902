// region quiet: includes
#pragma once

#include <filesystem>
#include <string>

#include "chapters/07_four_reports/classifier.hpp"
#include "chapters/07_four_reports/prepare.hpp"
// endregion

// region answer
namespace cnn {

/// What a model says of one picture file.
struct Answer {
  std::string file;
  std::string error;  ///< why there is no answer; else empty
  Prepared picture{};
  std::vector<double> probabilities{};  ///< one for each class
};

/// One for each file, in order. A file that is no picture gets an answer that
/// says so, and does not keep the others from theirs.
/// @param invert as in prepare()
std::vector<Answer> answers_for(Classifier& classifier,
                                std::span<const std::filesystem::path> files,
                                std::optional<bool> invert = {});

/// For people: the picture as the network sees it, beside a bar for each of the
/// most probable classes.
std::string to_text(const Answer& answer, const Model& model);

/// For programs: the classes, and for each file its class and all
/// probabilities, or the error.
std::string to_json(std::span<const Answer> answers, const Model& model);

}  // namespace cnn
// endregion
