#include <gtest/gtest.h>

#include <vector>

#include "chapters/07_four_reports/tables.hpp"

namespace cnn {
namespace {

TEST(SideBySide, ComparesWithTheSameKindOfPlace) {
  Experiment experiment{.id = "009/test",
                        .title = "a test",
                        .reported = {.accuracy = 0.95,
                                     .cpu_seconds = 100,
                                     .gpu_seconds = 10,
                                     .epochs = 8}};
  std::vector<Outcome> outcomes(2);
  outcomes[0] = {
      .place = "cpu", .history = History(4), .test = {0.1, 0.96}, .seconds = 2};
  outcomes[1] = {
      .place = "cpu", .history = History(4), .test = {0.1, 0.98}, .seconds = 2};
  const std::string cpu =
      side_by_side(std::vector{summarise_outcomes(experiment, outcomes)});
  EXPECT_NE(cpu.find("97.00 ± 12.71 %"), std::string::npos) << cpu;
  EXPECT_NE(cpu.find("25.0x"), std::string::npos) << cpu;
  Summary of_few = summarise_outcomes(experiment, outcomes);
  of_few.pictures = 6000;  // in the same time
  const std::string few = side_by_side(std::vector{of_few});
  EXPECT_NE(few.find("2.50x"), std::string::npos) << few;
  for (Outcome& outcome : outcomes) outcome.place = "gpu";
  const std::string gpu =
      side_by_side(std::vector{summarise_outcomes(experiment, outcomes)});
  EXPECT_NE(gpu.find("2.50x"), std::string::npos) << gpu;
}

}  // namespace
}  // namespace cnn
