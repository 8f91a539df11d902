// The program's own checks hold, and there are as many as there should be.
#include <gtest/gtest.h>

#include "chapters/07_four_reports/report_checks.hpp"

namespace cnn {
namespace {

Program quiet_program() {
  Options options;
  options.no_gpu = true;
  options.quick = true;
  options.threads = 1;
  return {{"07", "07_test", "", ""}, options, "07_test"};
}

TEST(ReportChecks, CountsAreTheReports) {
  Program program = quiet_program();
  check_counts(program);
  EXPECT_EQ(program.results().checks().size(), 8U);
  EXPECT_TRUE(program.results().all_checks_passed());
  // Neither of the report's two figures comes from its other width.
  const auto& other =
      program.results().values().at("002/cnn-100k.weights_with_20");
  EXPECT_EQ(std::get<std::int64_t>(other), 97395 - 5 * (2940 + 1) - 5 * 50);
}

TEST(ReportChecks, LinesMeanChapterFoursNetworks) {
  Program program = quiet_program();
  check_notation(program);
  EXPECT_EQ(program.results().checks().size(), 3U);
  EXPECT_TRUE(program.results().all_checks_passed());
}

TEST(ReportChecks, StudiesTakeTheSameStepsTwiceAndElsewhere) {
  Program program = quiet_program();
  check_studies(program, "cpu");
  EXPECT_EQ(program.results().checks().size(), 7U);
  EXPECT_TRUE(program.results().all_checks_passed());
}

}  // namespace
}  // namespace cnn
