/// @file
/// A model for tests: learnt from bars in a blink, or not at all.
#pragma once

#include <string>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/trainer.hpp"
#include "chapters/07_four_reports/model.hpp"
#include "chapters/07_four_reports/notation.hpp"
#include "chapters/07_four_reports/study.hpp"
#include "common/random.hpp"
#include "tests/chapters/04_cpu_cnn/training_fixture.hpp"

namespace cnn::test {

/// Weights as the layers begin, all that there is one of for each channel at
/// random: everything matters to what comes out.
inline Model random_model(const std::string& layers, const Shape& picture,
                          std::int64_t classes, std::uint64_t seed = 1) {
  const auto backend = make_cpu_backend(1);
  Network network(network_from(layers, {Initialiser::Kind::kFanInUniform}),
                  {2, picture.channels, picture.height, picture.width},
                  *backend, seed);
  Dataset nothing;
  nothing.channels = picture.channels;
  nothing.height = picture.height;
  nothing.width = picture.width;
  PixelScaling scaling;
  for (std::int64_t channel = 0; channel < picture.channels; ++channel) {
    scaling.scale.push_back(0.01F + 0.003F * static_cast<float>(channel));
    scaling.offset.push_back(-0.7F + 0.2F * static_cast<float>(channel));
  }
  for (std::int64_t i = 0; i < classes; ++i) {
    nothing.class_names.push_back("class " + std::to_string(i));
  }
  Model model = model_of(network, layers, nothing, scaling, "never trained");
  const Random random(seed, 99);
  std::uint64_t counter = 0;
  for (NamedTensor& tensor : model.tensors) {
    if (tensor.shape.size() != 1) continue;
    const bool positive = tensor.name.ends_with("running_var");
    for (float& value : tensor.values) {
      const float share = random.uniform(counter++);
      value = positive ? 0.2F + share : share - 0.5F;
    }
  }
  return model;
}

/// Three classes of 8x8 pictures: upright bars, level bars, none.
inline Model model_of_bars() {
  const Experiment experiment{.id = "000/bars",
                              .title = "bars",
                              .data = "bars",
                              .layers = "8C3p1-BN-R-P2-D0.1-10",
                              .schedule = {.rate = 0.01F},
                              .batch = 16,
                              .epochs = 15};
  const Place place("cpu", 1);
  Study study(experiment, {make_bars(160, 1), make_bars(60, 2)}, 1, place);
  study.trainer().run();
  return study.model();
}

}  // namespace cnn::test
