#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>
#include <utility>

#include "common/errors.hpp"
#include "common/tensor.hpp"

namespace cnn {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST(Shape, CountsElements) {
  EXPECT_EQ((Shape{2, 3, 5, 7}.size()), 210);
  EXPECT_EQ((Shape{2, 0, 5, 7}.size()), 0);
  EXPECT_EQ((Shape{kMost, 1, 1, 1}.size()), kMost);
  EXPECT_EQ(to_string(Shape{64, 32, 13, 1}), "64x32x13x1");
}

TEST(Shape, RefusesNegativeSizesAndOverflow) {
  EXPECT_THROW((void)Shape({-1, 1, 1, 1}).size(), InputError);
  EXPECT_THROW((void)Shape({1, 1, 1, -7}).size(), InputError);
  EXPECT_THROW((void)Shape({kMost, 2, 1, 1}).size(), InputError);
  const std::int64_t big = std::int64_t{1} << 32;
  EXPECT_THROW((void)Shape({big, big, 1, 1}).size(), InputError);
}

TEST(Tensor, StartsAsZerosOnACacheLine) {
  for (const std::int64_t width : {1, 3, 17, 64, 1001}) {
    const Tensor tensor({1, 2, 3, width});
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.data()) % 64, 0U);
    EXPECT_EQ(std::ssize(tensor.values()), 6 * width);
    EXPECT_TRUE(std::ranges::all_of(tensor.values(),
                                    [](float value) { return value == 0; }));
  }
}

TEST(Tensor, IsRowMajorNchw) {
  Tensor tensor({2, 3, 4, 5});
  tensor(1, 2, 3, 4) = 1;
  tensor(1, 0, 2, 1) = 2;
  EXPECT_EQ(tensor.values()[119], 1.0F);
  EXPECT_EQ(tensor.values()[60 + 2 * 5 + 1], 2.0F);
}

TEST(Tensor, RefusesMoreThanMemoryCanHold) {
  EXPECT_THROW(Tensor({kMost, 1, 1, 1}), std::bad_alloc);
  // 2^62 floats are 2^64 bytes: a product that wraps round to 0.
  EXPECT_THROW(Tensor({std::int64_t{1} << 62, 1, 1, 1}), std::bad_alloc);
  EXPECT_THROW(Tensor({-1, 1, 1, 1}), InputError);
}

TEST(Tensor, CopiesAreDeepAndMovesKeepTheMemory) {
  Tensor original({1, 1, 2, 2});
  original.fill(3);
  Tensor copy = original;
  copy(0, 0, 0, 0) = 4;
  EXPECT_EQ(original(0, 0, 0, 0), 3.0F);

  const float* const data = copy.data();
  Tensor moved = std::move(copy);
  EXPECT_EQ(moved.data(), data);
  EXPECT_EQ(moved(0, 0, 0, 0), 4.0F);

  original = moved;
  EXPECT_EQ(original(0, 0, 0, 0), 4.0F);
  EXPECT_NE(original.data(), moved.data());
  EXPECT_EQ(original.shape(), moved.shape());
}

TEST(Tensor, MayBeEmpty) {
  const Tensor none;
  EXPECT_EQ(none.size(), 0);
  EXPECT_TRUE(none.values().empty());
  const Tensor flat({3, 0, 5, 5});
  const Tensor copy = flat;
  EXPECT_TRUE(copy.values().empty());
  EXPECT_EQ(copy.shape(), flat.shape());
}

}  // namespace
}  // namespace cnn
