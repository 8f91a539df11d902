// region quiet: includes
#include "chapters/07_four_reports/experiment.hpp"

namespace cnn {
namespace {
// endregion

// region report-001
/// Keras begins with Glorot's uniform weights, another name for Xavier's.
constexpr Initialiser kGlorot{Initialiser::Kind::kXavierUniform};

}  // namespace

std::vector<Experiment> report_001() {
  const Experiment as_reported{.id = "001/as-reported",
                               .title = "as reported",
                               .data = "mnist",
                               .layers = "32C3-R-P2-64C3-R-P2-128-R-10",
                               .weight = kGlorot,
                               .batch = 64,
                               .epochs = 5,
                               .reported = {.accuracy = 0.9927,
                                            .cpu_seconds = 350.68,
                                            .gpu_seconds = 352.21,
                                            .epochs = 5}};
  Experiment with_schedule = as_reported;
  with_schedule.id = "001/one-cycle";
  with_schedule.title = "with a learning rate that rises and falls";
  with_schedule.schedule = {.kind = Schedule::Kind::kOneCycle, .rate = 0.003F};
  with_schedule.pixels = Pixels::kNormalised;
  with_schedule.reported = {};
  return {as_reported, with_schedule};
}

}  // namespace cnn
// endregion
