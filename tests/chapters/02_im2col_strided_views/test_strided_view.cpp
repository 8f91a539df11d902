#include "chapters/02_im2col_strided_views/strided_view.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <numeric>
#include <set>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include "common/random.hpp"

namespace {

using namespace cnn;

std::vector<float> counting(std::size_t size) {
  std::vector<float> numbers(size);
  std::iota(numbers.begin(), numbers.end(), 0.0F);
  return numbers;
}

/// Calls visit(index) for every index of a shape, last axis fastest.
template <class Visit>
void for_each_index(const Axes& shape, Visit visit) {
  const std::int64_t count = element_count(shape);
  for (std::int64_t i = 0; i < count; ++i) {
    Axes index = shape;
    std::int64_t rest = i;
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
      index[axis] = rest % shape[axis];
      rest /= shape[axis];
    }
    visit(index);
  }
}

TEST(Axes, HoldOneToSixNumbers) {
  const Axes axes{2, 3, 5};
  EXPECT_EQ(axes.rank(), 3);
  EXPECT_EQ(axes[2], 5);
  EXPECT_EQ(element_count(axes), 30);
  EXPECT_EQ(row_major_strides(axes), (Axes{15, 5, 1}));
  EXPECT_EQ((Axes{1, 2, 3, 4, 5, 6}).rank(), 6);
  EXPECT_THROW(Axes{}, std::invalid_argument);
  EXPECT_THROW((Axes{1, 2, 3, 4, 5, 6, 7}), std::invalid_argument);
}

TEST(Axes, OfDifferentRankDiffer) {
  EXPECT_NE((Axes{1, 0}), (Axes{1}));
}

TEST(StridedView, ReadsAndWritesTheMemoryItLooksAt) {
  std::vector<float> memory = counting(12);
  const auto view = as_strided(std::span(memory), {3, 2}, {4, 2}, 1);
  EXPECT_EQ(view({0, 0}), 1);
  EXPECT_EQ(view({0, 1}), 3);
  EXPECT_EQ(view({2, 1}), 11);
  view({1, 1}) = -1;
  EXPECT_EQ(memory[7], -1);
  EXPECT_EQ(view.size(), 6);
}

TEST(StridedView, StridesMayBeZeroOrNegative) {
  const std::vector<float> memory = counting(4);
  const auto backwards = as_strided(std::span(memory), {4}, {-1}, 3);
  EXPECT_EQ(backwards({0}), 3);
  EXPECT_EQ(backwards({3}), 0);
  const auto repeated = as_strided(std::span(memory), {5, 4}, {0, 1});
  EXPECT_EQ(repeated({4, 2}), 2);
}

TEST(StridedView, ReorderedIsTheSameElementUnderAnotherIndex) {
  const std::vector<float> memory = counting(2 * 3 * 5);
  const auto view = row_major(std::span(memory), {2, 3, 5});
  const auto moved = view.reordered({2, 0, 1});
  EXPECT_EQ(moved.shape(), (Axes{5, 2, 3}));
  for_each_index(view.shape(), [&](const Axes& i) {
    EXPECT_EQ(&moved({i[2], i[0], i[1]}), &view(i));
  });
  const auto matrix = row_major(std::span(memory), {6, 5});
  EXPECT_EQ(matrix.transposed()({4, 1}), matrix({1, 4}));
}

TEST(StridedView, ReorderedRefusesWhatIsNoPermutation) {
  const std::vector<float> memory = counting(24);
  const auto view = row_major(std::span(memory), {2, 3, 4});
  EXPECT_THROW(view.reordered({0, 1}), std::invalid_argument);
  EXPECT_THROW(view.reordered({0, 1, 1}), std::invalid_argument);
  EXPECT_THROW(view.reordered({0, 1, 3}), std::invalid_argument);
  EXPECT_THROW(view.reordered({0, 1, -1}), std::invalid_argument);
  EXPECT_THROW(view.reordered({0, 1, 2, 3}), std::invalid_argument);
  EXPECT_THROW(view.transposed(), std::invalid_argument);
}

TEST(StridedView, SliceFixesTheFirstAxis) {
  const std::vector<float> memory = counting(24);
  const auto view = row_major(std::span(memory), {2, 3, 4});
  const auto second = view.slice(1);
  EXPECT_EQ(second.shape(), (Axes{3, 4}));
  EXPECT_EQ(second({2, 3}), view({1, 2, 3}));
  EXPECT_THROW(second.slice(0).slice(0), std::invalid_argument);
}

TEST(StridedView, IsContiguousOnlyInRowMajorOrderWithoutGaps) {
  const std::vector<float> memory = counting(24);
  const auto view = row_major(std::span(memory), {4, 6});
  EXPECT_TRUE(view.is_contiguous());
  EXPECT_FALSE(view.transposed().is_contiguous());
  EXPECT_TRUE(view.slice(2).is_contiguous());
  EXPECT_FALSE(as_strided(std::span(memory), {4, 5}, {6, 1}).is_contiguous());
}

TEST(StridedView, WhoMayWriteMayRead) {
  static_assert(
      std::is_convertible_v<StridedView<float>, StridedView<const float>>);
  static_assert(
      !std::is_convertible_v<StridedView<const float>, StridedView<float>>);
}

// The test by counting is the definition; the quick one may only err on the
// side of caution.
TEST(MayOverlap, IsFalseOnlyWhenAllElementsAreDistinct) {
  const Random random(3);
  std::uint64_t drawn = 0;
  int distinct = 0;
  int certain = 0;
  for (int round = 0; round < 2000; ++round) {
    Axes shape{0, 0, 0};
    Axes strides{0, 0, 0};
    for (int axis = 0; axis < 3; ++axis) {
      shape[axis] = static_cast<std::int64_t>(random.below(drawn++, 4));
      strides[axis] = static_cast<std::int64_t>(random.below(drawn++, 13)) - 4;
    }
    std::set<std::int64_t> seen;
    for_each_index(shape, [&](const Axes& index) {
      seen.insert(offset_of(index, strides));
    });
    const bool overlaps =
        static_cast<std::int64_t>(seen.size()) != element_count(shape);
    if (!overlaps) ++distinct;
    if (!strides_may_overlap(shape, strides)) {
      ++certain;
      EXPECT_FALSE(overlaps) << "round " << round;
    }
  }
  EXPECT_GT(certain, distinct / 2);  // cautious, but not useless
}

TEST(AsStrided, RefusesWhatReachesOutside) {
  const std::vector<float> memory = counting(10);
  const std::span<const float> span(memory);
  EXPECT_NO_THROW(as_strided(span, {10}, {1}));
  EXPECT_NO_THROW(as_strided(span, {2, 5}, {5, 1}));
  EXPECT_NO_THROW(as_strided(span, {10}, {-1}, 9));
  EXPECT_THROW(as_strided(span, {11}, {1}), std::out_of_range);
  EXPECT_THROW(as_strided(span, {10}, {1}, 1), std::out_of_range);
  EXPECT_THROW(as_strided(span, {2, 5}, {6, 1}), std::out_of_range);
  EXPECT_THROW(as_strided(span, {2}, {-1}), std::out_of_range);
  EXPECT_THROW(as_strided(span, {1}, {1}, 10), std::out_of_range);
  EXPECT_THROW(as_strided(span, {1}, {1}, -1), std::out_of_range);
}

TEST(AsStrided, AllowsEmptyViewsInsideOnly) {
  const std::vector<float> memory = counting(4);
  const std::span<const float> span(memory);
  EXPECT_EQ(as_strided(span, {0, 100}, {100, 100}).size(), 0);
  EXPECT_NO_THROW(as_strided(span, {0}, {1}, 4));
  EXPECT_THROW(as_strided(span, {0}, {1}, 5), std::out_of_range);
}

TEST(AsStrided, DoesNotWrapRound) {
  const std::vector<float> memory = counting(4);
  const std::span<const float> span(memory);
  constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();
  EXPECT_THROW(as_strided(span, {3}, {kHuge}), std::out_of_range);
  EXPECT_THROW(as_strided(span, {kHuge, kHuge}, {kHuge, kHuge}),
               std::out_of_range);
  // Up by as much as down: the sum is small, the travel is not.
  EXPECT_THROW(as_strided(span, {3, 3}, {kHuge / 2, -(kHuge / 2)}),
               std::out_of_range);
}

TEST(RowMajor, DoesNotWrapRound) {
  const std::vector<float> memory = counting(4);
  constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();
  // 2^62 * 4 + 4 is 4 in 64 bits.
  EXPECT_THROW(row_major(std::span(memory), {(kHuge >> 1) + 2, 4}),
               std::overflow_error);
  EXPECT_THROW(element_count({kHuge, 2}), std::overflow_error);
}

TEST(AsStrided, RefusesNegativeSizesAndUnequalRanks) {
  const std::vector<float> memory = counting(4);
  const std::span<const float> span(memory);
  EXPECT_THROW(as_strided(span, {-1}, {1}), std::invalid_argument);
  EXPECT_THROW(as_strided(span, {2, 2}, {1}), std::invalid_argument);
}

TEST(AsStrided, SaysWhereItWouldReach) {
  const std::vector<float> memory = counting(10);
  try {
    as_strided(std::span(memory), {2, 5}, {6, 1});
    FAIL() << "did not throw";
  } catch (const std::out_of_range& error) {
    EXPECT_STREQ(error.what(),
                 "as_strided: shape (2, 5) with strides (6, 1) reaches from "
                 "element 0 to 10, but there are only 10");
  }
}

TEST(RowMajor, TakesExactlyTheMemoryThereIs) {
  const std::vector<float> memory = counting(6);
  EXPECT_NO_THROW(row_major(std::span(memory), {2, 3}));
  EXPECT_THROW(row_major(std::span(memory), {2, 2}), std::invalid_argument);
  EXPECT_THROW(row_major(std::span(memory), {2, 4}), std::out_of_range);
}

TEST(Copy, GoesElementByElementWhateverTheStrides) {
  const std::vector<float> source = counting(2 * 3 * 4);
  std::vector<float> target(2 * 3 * 4, -1);
  const auto from = row_major(std::span(source), {2, 3, 4});
  const auto to = row_major(std::span(target), {4, 2, 3});
  copy(from.reordered({2, 0, 1}), to);
  for_each_index(from.shape(), [&](const Axes& i) {
    EXPECT_EQ(to({i[2], i[0], i[1]}), from(i));
  });
}

TEST(Copy, RefusesUnequalShapesAndIgnoresEmptyOnes) {
  const std::vector<float> source = counting(6);
  std::vector<float> target(6);
  EXPECT_THROW(copy(row_major(std::span(source), {2, 3}),
                    row_major(std::span(target), {3, 2})),
               std::invalid_argument);
  EXPECT_NO_THROW(copy(as_strided(std::span(std::as_const(source)), {0}, {1}),
                       as_strided(std::span(target), {0}, {1})));
}

TEST(Materialise, NeedsRoomForAllElements) {
  const std::vector<float> source = counting(6);
  const auto view = row_major(std::span(source), {2, 3});
  std::vector<float> small(5);
  std::vector<float> large(7);
  EXPECT_THROW(materialise(view, small), std::out_of_range);
  EXPECT_THROW(materialise(view, large), std::invalid_argument);
  std::vector<float> target(6);
  materialise(view.transposed(), target);
  EXPECT_EQ(target, (std::vector<float>{0, 3, 1, 4, 2, 5}));
}

TEST(StridedViewDeathTest, IndicesAreCheckedInDebugBuilds) {
#ifdef NDEBUG
  GTEST_SKIP() << "built with NDEBUG: indices are not checked";
#else
  const std::vector<float> memory = counting(6);
  const auto view = row_major(std::span(memory), {2, 3});
  EXPECT_DEATH(view({0, 3}), "contains");
  EXPECT_DEATH(view({-1, 0}), "contains");
  EXPECT_DEATH(view({0}), "contains");
  EXPECT_DEATH(view({0, 0, 0}), "contains");
  EXPECT_DEATH(view.slice(2), "index");
#endif
}

}  // namespace
