// region quiet: includes
#include "chapters/07_four_reports/report_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "chapters/04_cpu_cnn/confusion.hpp"
#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/feature_maps.hpp"
#include "chapters/04_cpu_cnn/worst.hpp"
#include "chapters/07_four_reports/model_file.hpp"
#include "chapters/07_four_reports/outcome_file.hpp"
// endregion

// region draw-confusions
namespace cnn {

void draw_confusions(Program& program, const ReportFlags& flags,
                     const std::vector<Experiment>& experiments,
                     DataSets& data) {
  const auto& values = program.results().values();
  for (const Experiment& experiment : experiments) {
    std::vector<double> counts;
    for (const auto& place : chosen_places(flags, program.options().no_gpu)) {
      const auto found =
          values.find(experiment.id + "." + place + ".confusion");
      if (found == values.end()) continue;
      counts = std::get<std::vector<double>>(found->second);
    }
    if (counts.empty()) continue;
    const ConfusionMatrix matrix(
        data.named(experiment.data).test.class_names,
        std::vector<std::int64_t>(counts.begin(), counts.end()));
    write_png(
        program.picture_path("confusion-" + file_name(experiment.id) + ".png"),
        to_picture(matrix));
  }
  if (experiments.empty()) return;
  fmt::print("which classes were confused -> {}\n",
             program.picture_path("confusion-*.png").string());
}
// endregion

// region first-of-class
namespace {

struct Garment {
  std::string name;    ///< in names of files
  std::uint8_t label;  ///< in Fashion-MNIST
};

std::vector<Garment> garments() {
  return {{"boot", 9}, {"trousers", 1}, {"t-shirt", 0}};
}

std::optional<std::int64_t> first_of(const Dataset& pictures,
                                     const Garment& garment) {
  const auto found = std::ranges::find(pictures.labels, garment.label);
  if (found == pictures.labels.end()) return std::nullopt;
  return found - pictures.labels.begin();
}
// endregion

// region maps-of-one
void draw_maps_of(const Program& program, const Model& model,
                  const std::string& name, const Dataset& pictures) {
  constexpr std::int64_t kBatch = 2;  // statistics of features need two
  const auto backend = make_cpu_backend(1);
  const auto network = network_of(model, *backend, kBatch);
  const DeviceDataset dataset(*backend, pictures, model.scaling);
  for (const Garment& garment : garments()) {
    const auto which = first_of(pictures, garment);
    if (!which) continue;
    dataset.gather(std::array{*which, dataset.no_picture()}, *network);
    network->forward(false);
    int number = 0;
    for (const std::int64_t layer : convolution_layers(*network)) {
      ++number;
      write_png(program.picture_path(fmt::format("maps-{}-{}-{}.png", name,
                                                 garment.name, number)),
                draw_feature_maps(*network, layer, 2 * number));
    }
  }
}

}  // namespace
// endregion

// region draw-maps
void draw_maps(Program& program, const ReportFlags& flags,
               const std::vector<Experiment>& experiments, DataSets& data) {
  constexpr std::int64_t kScale = 4;
  for (const char* name : {"cnn-20k", "cnn-100k"}) {
    const auto found = std::ranges::find(
        experiments, std::string("002/") + name, &Experiment::id);
    if (found == experiments.end()) continue;
    const DatasetPair& pictures = data.named(found->data);
    const std::string place =
        chosen_places(flags, program.options().no_gpu).back();
    const auto file =
        model_path(program, that_fits(*found, flags, place, pictures.train),
                   place, program.options().seed);
    draw_maps_of(program, load_model(file), name, pictures.test);
    for (const Garment& garment : garments()) {
      const auto which = first_of(pictures.test, garment);
      if (!which) continue;
      const Prediction shown{.picture = *which};
      write_png(program.picture_path(garment.name + ".png"),
                picture_sheet(pictures.test, {&shown, 1}, 1, kScale));
    }
    fmt::print(
        "what {} sees in boot, trousers and T-shirt -> {}\n", name,
        program.picture_path(fmt::format("maps-{}-*.png", name)).string());
  }
}

}  // namespace cnn
// endregion
