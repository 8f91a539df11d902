// All steps of the product and all forms of the tuned one, in both worlds.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

#include "chapters/06_tiled_cuda_adam/product_steps.hpp"
#include "chapters/06_tiled_cuda_adam/tuned_product.hpp"
#include "tests/chapters/06_tiled_cuda_adam/product_case.hpp"

namespace cnn {
namespace {

using Products = OnDevice;
using Tile = ProductPlan::Tile;

constexpr std::array kTiles{Tile::kLarge, Tile::kMedium, Tile::kSmall};

/// Below, at and above the sides of tiles; a tile and a bit; rows that can be
/// read in fours and rows that cannot, with gaps and without.
constexpr std::array kShapes{
    ProductShape{1, 1, 1},         ProductShape{7, 33, 5},
    ProductShape{3, 129, 31, 1},   ProductShape{64, 64, 64},
    ProductShape{65, 63, 17, 3},   ProductShape{132, 68, 24, 4},
    ProductShape{31, 36, 100, 4},  ProductShape{128, 128, 8},
    ProductShape{129, 130, 9},     ProductShape{140, 5, 33, 2},
    ProductShape{260, 132, 12, 8}, ProductShape{5, 20, 77}};

void expect_right(const ProductCase& one, const ProductShape& shape,
                  const std::string& what) {
  const Comparison outcome = one.judge();
  ASSERT_TRUE(outcome.passed())
      << what << ", " << shape << ": " << describe(outcome);
}

/// Runs the tuned product with scratch memory of the right size, all NaN.
void run_tuned(ProductCase& one, const ProductPlan& plan) {
  const Product product = one.product();
  DeviceBuffer<float> scratch(
      static_cast<std::size_t>(scratch_floats(product.m, product.n, plan)));
  multiply_tuned(product, one.form(), plan, scratch.data(), one.stream());
  one.stream().synchronize();
}

TEST(ProductSteps, AreNumberedFromZeroToEight) {
  ASSERT_EQ(product_steps().size(), 9U);
  int number = 0;
  for (const ProductStep& step : product_steps()) {
    EXPECT_EQ(step.number, number++);
    EXPECT_FALSE(step.name.empty());
    EXPECT_FALSE(step.change.empty());
  }
}

TEST_F(Products, EveryStepAtEverySize) {
  for (const ProductStep& step : product_steps())
    for (const ProductShape& shape : kShapes) {
      ProductCase one(shape);
      step.run(one.product(), one.stream());
      expect_right(one, shape, "step " + std::to_string(step.number));
    }
}

TEST_F(Products, EveryStepFromAnOddAddress) {
  for (const ProductStep& step : product_steps()) {
    // The second column to the last: 31 x 35, and nothing lies at 16 bytes.
    ProductCase whole({31, 36, 16});
    Product product = whole.product();
    ++product.b;
    ++product.c;
    --product.n;
    step.run(product, whole.stream());
    ProductCase expected({31, 36, 16});
    product_steps()[1].run(expected.product(), expected.stream());
    const std::vector<float> actual = whole.result();
    const std::vector<float> all = expected.result();
    for (std::size_t i = 0; i < actual.size(); ++i) {
      if (i % 36 == 0) {
        ASSERT_EQ(actual[i], ProductCase::kUntouched) << step.number;
      } else {
        ASSERT_NEAR(actual[i], all[i], 2 * 16 * gamma_bound(16)) << step.number;
      }
    }
  }
}

TEST_F(Products, WithoutTermsTheSumIsZero) {
  const ProductShape shape{5, 9, 0, 3};
  for (const ProductStep& step : product_steps()) {
    ProductCase one(shape);
    step.run(one.product(), one.stream());
    expect_right(one, shape, "step " + std::to_string(step.number));
  }
}

TEST_F(Products, WithoutElementsNothingHappens) {
  for (const ProductStep& step : product_steps()) {
    step.run(Product{0, 5, 7, nullptr, 7, nullptr, 5, nullptr, 5}, Stream());
    step.run(Product{5, 0, 7, nullptr, 7, nullptr, 0, nullptr, 0}, Stream());
  }
}

TEST_F(Products, AllFormsTilesAndParts) {
  for (ProductShape shape : kShapes)
    for (const Tile tile : kTiles)
      for (const int form : {0, 1, 2, 3}) {
        shape.transpose_a = (form & 1) != 0;
        shape.transpose_b = (form & 2) != 0;
        shape.bias = shape.m % 2 == 1;
        shape.relu = shape.n % 3 == 0;
        const int parts = shape.k % 4 + 1;
        ProductCase one(shape);
        run_tuned(one, {tile, parts});
        expect_right(one, shape,
                     "tile " + std::to_string(static_cast<int>(tile)) +
                         ", parts " + std::to_string(parts));
      }
}

TEST_F(Products, PartsOfManySizes) {
  const ProductShape shape{9, 12, 331, 1, true, false, true, true};
  for (const int parts : {1, 2, 3, 5, 20, 21, 22, 1000}) {
    ProductCase one(shape);
    run_tuned(one, {Tile::kSmall, parts});
    expect_right(one, shape, std::to_string(parts) + " parts");
  }
}

TEST_F(Products, BiasAndReluWithoutTerms) {
  for (const int parts : {1, 3}) {
    const ProductShape shape{5, 9, 0, 0, false, true, true, true};
    ProductCase one(shape);
    run_tuned(one, {Tile::kMedium, parts});
    expect_right(one, shape, "no terms");
  }
}

TEST_F(Products, TheSameBitsEveryTime) {
  const ProductShape shape{70, 90, 500, 0, false, true, true, false};
  std::vector<float> first;
  for (int run = 0; run < 3; ++run) {
    ProductCase one(shape);
    run_tuned(one, {Tile::kMedium, 7});
    if (run == 0) first = one.result();
    EXPECT_EQ(one.result(), first);
  }
}

TEST_F(Products, NanArrivesInItsRowAndNowhereElse) {
  // Also through ReLU, and also when its row is the last, which stands in for
  // those that a tile has beyond it.
  for (const int row : {3, 36}) {
    std::vector<float> a = random_rows(37, 20, 0, 1);
    a[static_cast<std::size_t>(row) * 20 + 7] =
        std::numeric_limits<float>::quiet_NaN();
    const auto device_a = on_device(a);
    const auto b = on_device(random_rows(20, 40, 0, 2));
    DeviceBuffer<float> c(std::size_t{37} * 40);
    const Stream stream;
    multiply_tuned(
        {37, 40, 20, device_a.data(), 20, b.data(), 40, c.data(), 40},
        {false, false, nullptr, true}, {}, nullptr, stream);
    const std::vector<float> result = on_host(c, stream);
    for (std::size_t i = 0; i < result.size(); ++i) {
      ASSERT_EQ(std::isnan(result[i]), i / 40 == static_cast<std::size_t>(row));
    }
  }
}

TEST(ProductPlans, FillTheMachineAndFitTheirScratchMemory) {
  for (const auto& [m, n, k] : {std::array{1, 1, 1},
                                {64, 10, 128},
                                {64, 128, 1600},
                                {32, 288, 50000},
                                {8192, 8192, 8192},
                                {1, 1, 1 << 20},
                                {25, 2940, 512}}) {
    const ProductPlan plan = plan_product(m, n, k, 132);
    EXPECT_GE(plan.parts, 1);
    EXPECT_LE(plan.parts, std::max(1, k / 16));
    EXPECT_EQ(scratch_floats(m, n, plan) == 0, plan.parts == 1);
  }
  EXPECT_EQ(plan_product(8192, 8192, 1024, 132).tile, Tile::kLarge);
  EXPECT_EQ(plan_product(8192, 8192, 1024, 132).parts, 1);
  EXPECT_GT(plan_product(64, 128, 1600, 132).parts, 1);
}

/// The message of what multiply_tuned() throws.
std::string refusal(const Product& product, const ProductForm& form = {},
                    const ProductPlan& plan = {}) {
  try {
    multiply_tuned(product, form, plan, nullptr, Stream());
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "no error";
}

TEST_F(Products, RefuseWhatIsNoProduct) {
  const auto sizes = [](int m, int n, int k, int lda, int ldb, int ldc) {
    return Product{m, n, k, nullptr, lda, nullptr, ldb, nullptr, ldc};
  };
  EXPECT_EQ(refusal(sizes(-1, 2, 3, 3, 2, 2)),
            "multiply_tuned: m = -1, n = 2, k = 3: a size is negative");
  EXPECT_EQ(refusal(sizes(1, 2, 3, 2, 2, 2)),
            "multiply_tuned: a has rows of 3 elements, but only 2 from one row "
            "to the next");
  EXPECT_EQ(refusal(sizes(4, 2, 3, 3, 2, 2), {true, false, nullptr, false}),
            "multiply_tuned: a has rows of 4 elements, but only 3 from one row "
            "to the next");
  EXPECT_EQ(refusal(sizes(1, 2, 3, 3, 2, 2), {false, true, nullptr, false}),
            "multiply_tuned: b has rows of 3 elements, but only 2 from one row "
            "to the next");
  EXPECT_EQ(refusal(sizes(1, 2, 3, 3, 2, 1)),
            "multiply_tuned: c has rows of 2 elements, but only 1 from one row "
            "to the next");
  EXPECT_EQ(refusal(sizes(1 << 20, 2, 4096, 4096, 2, 2)),
            "multiply_tuned: a has 1048576 rows 4096 elements apart, which int "
            "cannot count");
  EXPECT_EQ(refusal(sizes(1, 2, 3, 3, 2, 2), {}, {Tile::kSmall, 2}),
            "multiply_tuned: the parts have to be one at least, and more of "
            "them need scratch memory");
  EXPECT_EQ(refusal(sizes(1, 2, 3, 3, 2, 2), {}, {Tile::kSmall, 0}),
            "multiply_tuned: the parts have to be one at least, and more of "
            "them need scratch memory");
}

TEST_F(Products, TheJudgeCatchesWhatIsWrong) {
  const ProductShape shape{37, 41, 30, 0, false, false, true, false};
  const auto judged = [&](const auto& spoil) {
    ProductCase one(shape);
    Product product = one.product();
    ProductForm form = one.form();
    spoil(product, form);
    multiply_tuned(product, form, {}, nullptr, one.stream());
    return one.judge().passed();
  };
  EXPECT_TRUE(judged([](Product&, ProductForm&) {}));
  // One term too few, a stride that is another's, a forgotten bias, a ReLU
  // that nobody asked for, a row that nobody wrote.
  EXPECT_FALSE(judged([](Product& p, ProductForm&) { --p.k; }));
  EXPECT_FALSE(
      judged([](Product& p, ProductForm&) { p.ldb = p.n + 1, --p.k; }));
  EXPECT_FALSE(judged([](Product&, ProductForm& f) { f.bias = nullptr; }));
  EXPECT_FALSE(judged([](Product&, ProductForm& f) { f.relu = true; }));
  EXPECT_FALSE(judged([](Product& p, ProductForm&) { --p.m; }));
  EXPECT_FALSE(judged([](Product& p, ProductForm& f) {
    f.transpose_b = true;  // within the memory, but another matrix
    p.ldb = 30;
  }));
}

}  // namespace
}  // namespace cnn
