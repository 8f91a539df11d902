// region quiet: includes
#include "chapters/04_cpu_cnn/gallery.hpp"

#include <fmt/format.h>

#include <numeric>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/confusion.hpp"
#include "chapters/04_cpu_cnn/evaluate.hpp"
#include "chapters/04_cpu_cnn/feature_maps.hpp"
#include "chapters/04_cpu_cnn/profile.hpp"
#include "chapters/04_cpu_cnn/worst.hpp"
#include "common/report.hpp"

namespace cnn {
// endregion

// region save-picture
namespace {

void save_picture(Program& program, const std::string& name,
                  const std::string& what, const Picture& picture) {
  const auto path = program.picture_path(name);
  write_png(path, picture);
  fmt::print("{} -> {}\n", what, path.string());
}

}  // namespace
// endregion

// region show-confusion
void show_confusion(Program& program, const ConfusionMatrix& matrix) {
  fmt::print("{}", to_table(matrix));
  program.results().set_value(
      "confusion.counts",
      std::vector<double>(matrix.counts().begin(), matrix.counts().end()));
  std::string pairs;
  for (const ConfusedPair& pair : most_confused(matrix, 3)) {
    pairs += fmt::format("{}{} taken for {}: {}", pairs.empty() ? "" : ", ",
                         matrix.name(pair.truth), matrix.name(pair.said),
                         pair.count);
  }
  fmt::print("most often {}\n", pairs.empty() ? "nothing" : pairs);
  save_picture(program, "confusion.png", "the same as a picture",
               to_picture(matrix));
}
// endregion

// region show-worst
void show_worst(Program& program, const Dataset& test,
                const std::vector<Prediction>& predictions,
                std::span<const std::string> files) {
  constexpr std::int64_t kColumns = 8;
  const auto worst = most_wrong(predictions, 3 * kColumns);
  for (std::size_t i = 0; i < std::min<std::size_t>(5, worst.size()); ++i) {
    const Prediction& wrong = worst[i];
    const auto name = [&](std::int64_t which) {
      return test.class_names[static_cast<std::size_t>(which)];
    };
    const std::string which =
        files.empty() ? fmt::format("picture {:>5}", wrong.picture)
                      : files[static_cast<std::size_t>(wrong.picture)];
    fmt::print("  {}: says {} ({:.1f} %), is {} ({:.2g} %)\n", which,
               name(wrong.said), 100 * wrong.confidence, name(wrong.truth),
               100 * wrong.truth_probability);
  }
  save_picture(program, "worst.png", "the most wrong answers, worst first",
               picture_sheet(test, worst, kColumns, 3));
}
// endregion

// region draw-insides
namespace {

void draw_insides(Program& program, Lesson& lesson) {
  Network& network = lesson.network;
  std::vector<std::int64_t> indices(
      static_cast<std::size_t>(network.input_shape().batch),
      lesson.test.no_picture());
  indices[0] = 0;  // the first picture, alone
  lesson.test.gather(indices, network);
  network.forward(false);
  int number = 0;
  for (const std::int64_t layer : convolution_layers(network)) {
    const std::string name = std::to_string(++number);
    save_picture(program, "filters-" + name + ".png",
                 "filters of convolution " + name,
                 draw_filters(network, layer, 256, 8));
    save_picture(program, "maps-" + name + ".png",
                 "what convolution " + name + " sees in the first test picture",
                 draw_feature_maps(network, layer, 2 + 3 * number));
  }
}

}  // namespace
// endregion

// region show-gallery
void show_gallery(Program& program, Lesson& lesson, const Dataset& test) {
  const auto predictions = predict(lesson.network, lesson.test, test.labels);
  show_confusion(program, {test.class_names, predictions});
  show_worst(program, test, predictions);
  draw_insides(program, lesson);
}
// endregion

// region show-layer-times
void show_layer_times(Program& program, Lesson& lesson) {
  Network& network = lesson.network;
  std::vector<std::int64_t> indices(
      static_cast<std::size_t>(network.input_shape().batch));
  std::iota(indices.begin(), indices.end(), 0);
  lesson.train.gather(indices, network);
  network.backend().clear(network.totals(), 2);
  const auto times = time_layers(
      network,
      [&] {
        network.forward(true);
        network.loss(true);
        network.backward();
      },
      program.options().quick ? 10 : 50);
  fmt::print("{}", layer_table(network, times));
  for (const LayerTime& time : times) {
    const auto& summary =
        network.layers()[static_cast<std::size_t>(time.layer)];
    program.results().add_measurement(
        {.id = fmt::format("layers/{}/{}", time.layer,
                           time.forward ? "forward" : "backward"),
         .label = summary.description,
         .group = "layers",
         .threads = program.threads(),
         .timing = time.timing,
         .work = {.flop = time.flop}});
  }
}

}  // namespace cnn
// endregion
