// region quiet: includes
#include "chapters/07_four_reports/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "common/errors.hpp"
#include "common/report.hpp"
// endregion

// region answers-for
namespace cnn {

std::vector<Answer> answers_for(Classifier& classifier,
                                std::span<const std::filesystem::path> files,
                                std::optional<bool> invert) {
  std::vector<Answer> answers;
  std::vector<std::uint8_t> pixels;
  for (const auto& file : files) {
    Answer answer{.file = file.string(), .error = {}, .picture = {}};
    try {
      answer.picture = prepare(read_picture(file), classifier.model(), invert);
    } catch (const InputError& error) {
      answer.error = error.what();
    }
    const auto& own = answer.picture.pixels;
    pixels.insert(pixels.end(), own.begin(), own.end());
    answers.push_back(std::move(answer));
  }
  if (pixels.empty()) return answers;

  const std::vector<float> logits = classifier.logits(pixels);
  const std::size_t classes = classifier.model().class_names.size();
  std::span<const float> rest(logits);
  for (Answer& answer : answers) {
    if (!answer.error.empty()) continue;
    answer.probabilities = probabilities(rest.first(classes));
    rest = rest.subspan(classes);
  }
  return answers;
}
// endregion

// region view
namespace {

/// Characters in a row of a picture's view.
std::size_t view_width(const Shape& size) {
  constexpr std::int64_t kWidest = 32;
  return static_cast<std::size_t>(std::min(size.width, kWidest));
}

/// A picture in characters, a row of text for two rows of pixels: characters
/// are about twice as high as they are wide.
std::vector<std::string> view(const Prepared& picture, const Shape& size) {
  constexpr std::array<const char*, 5> kShades{" ", "░", "▒", "▓", "█"};
  constexpr std::size_t kBytes = 256;
  const auto width = static_cast<std::int64_t>(view_width(size));
  const std::int64_t height =
      std::max<std::int64_t>(1, width * size.height / size.width / 2);
  const Picture small =
      resize({size.width, size.height, 1, picture.pixels}, width, height);
  std::vector<std::string> rows(static_cast<std::size_t>(height));
  for (std::size_t i = 0; i < small.pixels.size(); ++i) {
    rows[i / static_cast<std::size_t>(width)] +=
        kShades.at(small.pixels[i] * kShades.size() / kBytes);
  }
  return rows;
}
// endregion

// region bars-of-classes
/// The classes, most probable first.
std::vector<std::size_t> ranking(std::span<const double> probabilities) {
  std::vector<std::size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::size_t i) { return probabilities[i]; });
  return order;
}

/// A line for each of the most probable classes.
std::vector<std::string> bars(const Answer& answer, const Model& model) {
  constexpr std::size_t kMost = 10;
  constexpr int kWidth = 24;
  constexpr double kPercent = 100;
  constexpr double kSmallest = 0.00005;  // less is shown as 0.00 %
  std::vector<std::size_t> order = ranking(answer.probabilities);
  order.resize(std::min(order.size(), kMost));
  std::size_t widest = 0;
  for (const std::size_t i : order) {
    widest = std::max(widest, model.class_names[i].size());
  }
  std::vector<std::string> lines;
  for (const std::size_t i : order) {
    const double probability = answer.probabilities[i];
    const bool visible = probability >= kSmallest;
    lines.push_back(fmt::format("{:<{}} {:>6.2f} % {}", model.class_names[i],
                                widest, kPercent * probability,
                                visible ? bar(probability, kWidth) : ""));
  }
  return lines;
}

}  // namespace
// endregion

// region answer-to-text
std::string to_text(const Answer& answer, const Model& model) {
  if (!answer.error.empty()) return answer.error + "\n";
  const std::size_t best = ranking(answer.probabilities).front();
  std::string text =
      fmt::format("{}: {}\n", answer.file,
                  emphasise(Emphasis::kHeading, model.class_names[best]));
  if (answer.picture.inverted) {
    text += "inverted: black and white have changed places (--as-is: do not)\n";
  }
  const std::vector<std::string> left = view(answer.picture, model.picture);
  const std::vector<std::string> right = bars(answer, model);
  const std::string blank(view_width(model.picture), ' ');
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    std::string line =
        fmt::format("  {}  {}", i < left.size() ? left[i] : blank,
                    i < right.size() ? right[i] : "");
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}
// endregion

// region answers-to-json
std::string to_json(std::span<const Answer> answers, const Model& model) {
  using Json = nlohmann::ordered_json;
  Json pictures = Json::array();
  for (const Answer& answer : answers) {
    if (!answer.error.empty()) {
      pictures.push_back({{"file", answer.file}, {"error", answer.error}});
      continue;
    }
    const std::size_t best = ranking(answer.probabilities).front();
    pictures.push_back({{"file", answer.file},
                        {"class", model.class_names[best]},
                        {"probability", answer.probabilities[best]},
                        {"inverted", answer.picture.inverted},
                        {"probabilities", answer.probabilities}});
  }
  // A file's name need not be UTF-8, but JSON has to be.
  return Json{{"layers", model.layers},
              {"classes", model.class_names},
              {"pictures", pictures}}
      .dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cnn
// endregion
