// The trials of columns check themselves, on every device there is.
#include <gtest/gtest.h>

#include <memory>

#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "chapters/07_four_reports/columns_bench.hpp"
#include "common/errors.hpp"

namespace cnn {
namespace {

TEST(ColumnsBench, ChecksAllOfItsTrials) {
  const auto problem = std::make_shared<const RandomProblem>(
      ConvolutionGeometry{3, 3, 13, 11, 8, 3, 3, 1, 1}, 9);
  for (const Device device : usable_devices()) {
    const ColumnsTrials trials = make_columns_bench(device).trials(problem);
    const Comparison written = trials.write.trial.check();
    EXPECT_TRUE(written.passed()) << describe(written);
    EXPECT_EQ(written.elements, columns_size(problem->geometry));
    const Comparison convolved = trials.convolve.trial.check();
    EXPECT_TRUE(convolved.passed()) << describe(convolved);
    EXPECT_GT(convolved.elements, 10);
    EXPECT_TRUE(trials.view.trial.check().passed());
    // No columns: what it keeps beside is less than they are.
    EXPECT_LT(trials.view_workspace, columns_size(problem->geometry));
  }
}

TEST(ColumnsBench, BorrowsAndGivesBack) {
  for (const Device device : usable_devices()) {
    const ColumnsBench bench = make_columns_bench(device);
    for (int i = 0; i < 100; ++i) bench.borrow(1 << 20);
  }
}

TEST(ColumnsBench, SaysWhyNot) {
  for (const Device device : {Device::kGpu, Device::kEmulator}) {
    const std::string reason = why_not(device);
    if (reason.empty()) continue;
    EXPECT_THROW(make_columns_bench(device), SkipError);
  }
}

}  // namespace
}  // namespace cnn
