// A zoo of broken products. Each has one mistake that people really make; the
// judge that all tests of gemm() use has to catch it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "chapters/03_blocked_gemm/blocked_product.hpp"
#include "tests/chapters/03_blocked_gemm/matrices.hpp"

namespace {

using namespace cnn;
using test::judge;
using test::Matrix;

// Odd sizes, ragged edges in both directions, and more than one block of terms.
constexpr std::int64_t kRows = 41;
constexpr std::int64_t kColumns = 53;
constexpr std::int64_t kTerms = 1201;

/// What a broken source does to a piece before or after the honest one packs.
using Mistake = std::function<void(const PanelSource& honest, PanelPiece piece,
                                   std::int64_t width, float* to)>;

class BrokenSource : public PanelSource {
 public:
  BrokenSource(const PanelSource& honest, Mistake mistake)
      : honest_(honest), mistake_(std::move(mistake)) {}
  void pack(const PanelPiece& piece, std::int64_t width,
            float* to) const override {
    mistake_(honest_, piece, width, to);
  }

 private:
  const PanelSource& honest_;
  Mistake mistake_;
};

void no_mistake(const PanelSource& honest, PanelPiece piece, std::int64_t width,
                float* to) {
  honest.pack(piece, width, to);
}

class BrokenGemm : public testing::Test {
 protected:
  /// The blocked product with one of its sources, or both, replaced.
  Comparison judge_sources(const Mistake& with_a, const Mistake& with_b) {
    const GemmKernels& kernels = gemm_kernels(options_.isa);
    const auto turned = std::as_const(a_).view().transposed();
    const auto right = std::as_const(b_).view();
    const MatrixSource honest_a(turned, kernels);
    const MatrixSource honest_b(right, kernels);
    Matrix c(kRows, kColumns, 3);
    blocked_product({kRows, kColumns, kTerms}, BrokenSource(honest_a, with_a),
                    BrokenSource(honest_b, with_b), c.view(), options_,
                    scratch_.buffers().of(0, 1));
    return judge_result(c.dense());
  }

  Comparison judge_result(const std::vector<float>& result) const {
    return judge(a_.view(), b_.view(), {}, options_, result);
  }

  /// What gemm() makes of other arguments than the judge looks at.
  std::vector<float> product(const StridedView<const float>& a,
                             const StridedView<const float>& b,
                             const GemmOptions& options) {
    Matrix c(kRows, kColumns, 3);
    gemm(a, b, c.view(), options, scratch_);
    return c.dense();
  }

  const Matrix a_{kRows, kTerms, 1};
  const Matrix b_{kTerms, kColumns, 2};
  const Matrix bias_{1, kColumns, 4};
  const GemmOptions options_{
      .epilogue = {.column_bias = bias_.numbers.data(), .relu = true}};
  GemmScratch scratch_{1};
};

TEST_F(BrokenGemm, TheUnbrokenOnePasses) {
  const Comparison sources = judge_sources(no_mistake, no_mistake);
  EXPECT_TRUE(sources.passed()) << describe(sources);
  const Comparison whole =
      judge_result(product(a_.view(), b_.view(), options_));
  EXPECT_TRUE(whole.passed()) << describe(whole);
}

TEST_F(BrokenGemm, ForgottenLastTermIsCaught) {
  // Of every piece, as a loop that ends one too early would.
  const Mistake drop_last = [](const PanelSource& honest, PanelPiece piece,
                               std::int64_t width, float* to) {
    honest.pack(piece, width, to);
    std::fill_n(to + (piece.terms - 1) * width, width, 0.0F);
  };
  EXPECT_FALSE(judge_sources(drop_last, no_mistake).passed());
  // Only the very last of all.
  const Mistake drop_very_last = [](const PanelSource& honest, PanelPiece piece,
                                    std::int64_t width, float* to) {
    honest.pack(piece, width, to);
    if (piece.first_term + piece.terms == kTerms) {
      std::fill_n(to + (piece.terms - 1) * width, width, 0.0F);
    }
  };
  EXPECT_FALSE(judge_sources(no_mistake, drop_very_last).passed());
}

TEST_F(BrokenGemm, PanelsWithoutTheirPaddingAreCaught) {
  // Groups as wide as there are numbers: the kernel reads wider ones.
  const Mistake no_padding = [](const PanelSource& honest, PanelPiece piece,
                                std::int64_t /*width*/, float* to) {
    honest.pack(piece, piece.count, to);
  };
  EXPECT_FALSE(judge_sources(no_mistake, no_padding).passed());
}

TEST_F(BrokenGemm, PiecesPackedFromTheWrongPlaceAreCaught) {
  const Mistake always_first_block = [](const PanelSource& honest,
                                        PanelPiece piece, std::int64_t width,
                                        float* to) {
    piece.first_term = 0;
    honest.pack(piece, width, to);
  };
  const Mistake always_first_panel = [](const PanelSource& honest,
                                        PanelPiece piece, std::int64_t width,
                                        float* to) {
    piece.first = 0;
    honest.pack(piece, width, to);
  };
  const Mistake one_term_late = [](const PanelSource& honest, PanelPiece piece,
                                   std::int64_t width, float* to) {
    piece.first_term += piece.first_term + piece.terms < kTerms ? 1 : 0;
    honest.pack(piece, width, to);
  };
  for (const Mistake& mistake :
       {always_first_block, always_first_panel, one_term_late}) {
    EXPECT_FALSE(judge_sources(mistake, no_mistake).passed());
    EXPECT_FALSE(judge_sources(no_mistake, mistake).passed());
  }
}

TEST_F(BrokenGemm, SwappedStridesAreCaught) {
  // Inside the memory, but another matrix.
  const StridedView<const float> swapped(b_.numbers.data(), {kTerms, kColumns},
                                         {1, kTerms});
  EXPECT_FALSE(judge_result(product(a_.view(), swapped, options_)).passed());
}

TEST_F(BrokenGemm, BiasOnceTooOftenOrNotAtAllIsCaught) {
  Matrix twice = bias_;  // one for each block of terms
  for (float& number : twice.numbers) number *= 2;
  GemmOptions options = options_;
  options.epilogue.column_bias = twice.numbers.data();
  EXPECT_FALSE(judge_result(product(a_.view(), b_.view(), options)).passed());
  options.epilogue.column_bias = nullptr;
  EXPECT_FALSE(judge_result(product(a_.view(), b_.view(), options)).passed());
}

TEST_F(BrokenGemm, ReluBeforeTheSumIsCompleteIsCaught) {
  GemmOptions options = options_;
  options.epilogue = {.relu = true};  // after the first 256 terms ...
  Matrix c(kRows, kColumns, 3);
  const auto first_a =
      as_strided(std::span(a_.numbers), {kRows, 256}, {kTerms, 1});
  const auto first_b =
      as_strided(std::span(b_.numbers), {256, kColumns}, {kColumns, 1});
  gemm(first_a, first_b, c.view(), options, scratch_);
  options = options_;  // ... and after the others
  options.beta = 1;
  gemm(as_strided(std::span(a_.numbers), {kRows, kTerms - 256}, {kTerms, 1},
                  256),
       as_strided(std::span(b_.numbers), {kTerms - 256, kColumns},
                  {kColumns, 1}, 256 * kColumns),
       c.view(), options, scratch_);
  EXPECT_FALSE(judge_result(c.dense()).passed());
}

TEST_F(BrokenGemm, WhatCHeldBeforeIsCaught) {
  GemmOptions options = options_;
  options.beta = 1;  // added, although it was not asked for
  EXPECT_FALSE(judge_result(product(a_.view(), b_.view(), options)).passed());
}

TEST_F(BrokenGemm, MissingReluAndWrongAlphaAreCaught) {
  GemmOptions options = options_;
  options.epilogue.relu = false;
  EXPECT_FALSE(judge_result(product(a_.view(), b_.view(), options)).passed());
  options = options_;
  options.alpha = -1;
  EXPECT_FALSE(judge_result(product(a_.view(), b_.view(), options)).passed());
}

TEST_F(BrokenGemm, ZerosNanAndOneUnwrittenElementAreCaught) {
  const std::vector<float> right = product(a_.view(), b_.view(), options_);
  EXPECT_FALSE(judge_result(std::vector<float>(right.size(), 0)).passed());
  EXPECT_FALSE(judge_result(std::vector<float>(right.size(), NAN)).passed());
  std::vector<float> hole = right;
  hole.back() = NAN;
  EXPECT_FALSE(judge_result(hole).passed());
}

}  // namespace
