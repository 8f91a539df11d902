// Convolutions of every backend against float64, alone and fused.
#include <gtest/gtest.h>

#include <stdexcept>

#include "common/errors.hpp"
#include "tests/chapters/01_naive_convolution/geometries.hpp"
#include "tests/chapters/04_cpu_cnn/backends_under_test.hpp"
#include "tests/chapters/04_cpu_cnn/convolution_contract.hpp"

namespace {

using namespace cnn;
using namespace cnn::test;

using BackendConvolution = BackendTest;

TEST_P(BackendConvolution, AloneMatchesTheReference) {
  for (const auto& g : random_geometries(GetParam().slow ? 5 : 12, 8)) {
    EXPECT_EQ(complaints(*subject, {g}), "") << to_string(g);
  }
  // One pixel in, one pixel out: features lie without gaps.
  EXPECT_EQ(complaints(*subject, {{3, 20, 1, 1, 13, 1, 1, 1, 0}}), "");
  EXPECT_EQ(complaints(*subject, {{2, 3, 3, 3, 21, 3, 3, 1, 0}}), "");
}

TEST_P(BackendConvolution, FusedMatchesTheReferenceOrIsRefused) {
  const ConvolutionGeometry odd{3, 3, 11, 9, 20, 3, 3, 1, 1};
  const ConvolutionGeometry strided{2, 5, 13, 12, 17, 3, 2, 2, 2};
  for (const ConvolutionGeometry& g : {odd, strided}) {
    EXPECT_TRUE(subject->fuses(ConvolutionBlock{g}));
    for (const ConvolutionBlock& block :
         {ConvolutionBlock{g, true}, ConvolutionBlock{g, true, 2},
          ConvolutionBlock{g, false, 2}, ConvolutionBlock{g, true, 3}}) {
      if (subject->fuses(block)) {
        EXPECT_EQ(complaints(*subject, block), "") << to_string(g);
      } else {
        EXPECT_THROW(complaints(*subject, block), std::logic_error);
      }
    }
  }
}

TEST_P(BackendConvolution, ThatDoesNotExistIsRefused) {
  EXPECT_THROW(subject->reserve_convolution({{1, 1, 4, 4, 1, 7, 7, 1, 0}}),
               InputError);
}

INSTANTIATE_TEST_SUITE_P(Every, BackendConvolution,
                         testing::ValuesIn(backends_under_test()),
                         name_of_test);

}  // namespace
