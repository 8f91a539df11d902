// Layers against golden values: what PyTorch computes, which shares no line
// with this course.
#include <gtest/gtest.h>

#include "common/error_bound.hpp"
#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"
#include "tests/chapters/04_cpu_cnn/golden_run.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

using GoldenLayers = BackendTest;

TEST_P(GoldenLayers, AreWhatPyTorchComputes) {
  int compared = 0;
  for (const GoldenCase& golden : golden_cases()) {
    const Outputs outputs = run_golden(golden, *subject);
    if (outputs.empty()) continue;  // a block that this backend does not fuse
    for (const auto& [name, expected] : golden.outputs) {
      ASSERT_TRUE(outputs.contains(name)) << golden.name << ": " << name;
      const Comparison outcome =
          compare(outputs.at(name), {expected.value, expected.magnitude},
                  expected.terms);
      EXPECT_TRUE(outcome.passed())
          << golden.name << ": " << name << ": " << describe(outcome);
      ++compared;
    }
  }
  EXPECT_GE(compared, 20);
}

INSTANTIATE_TEST_SUITE_P(Every, GoldenLayers,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);

}  // namespace
