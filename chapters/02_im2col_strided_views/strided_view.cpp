// region quiet: includes
#include "chapters/02_im2col_strided_views/strided_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

namespace cnn {
// endregion

// region axes-constructor
Axes::Axes(std::span<const std::int64_t> numbers)
    : rank_(static_cast<int>(numbers.size())) {
  if (rank_ < 1 || rank_ > kMaximumRank) {
    throw std::invalid_argument(fmt::format(
        "axes: found {} numbers, expected one to {}", rank_, kMaximumRank));
  }
  std::copy(numbers.begin(), numbers.end(), numbers_.begin());
}
// endregion

// region shape-arithmetic
std::string to_string(const Axes& axes) {
  std::string text = "(";
  for (int axis = 0; axis < axes.rank(); ++axis) {
    text += fmt::format("{}{}", axis == 0 ? "" : ", ", axes[axis]);
  }
  return text + ")";
}

std::int64_t element_count(const Axes& shape) {
  return row_major_strides(shape)[0] * shape[0];
}

Axes row_major_strides(const Axes& shape) {
  Axes strides = shape;  // for the rank; every number is replaced
  std::int64_t step = 1;
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    strides[axis] = step;
    if (__builtin_mul_overflow(step, shape[axis], &step)) {
      throw std::overflow_error("axes: more than 2^63 elements");
    }
  }
  return strides;
}
// endregion

// region permuted
Axes permuted(const Axes& axes, const Axes& order) {
  Axes result = axes;
  std::array<bool, Axes::kMaximumRank> seen{};
  for (int axis = 0; axis < axes.rank(); ++axis) {
    const std::int64_t source = axis < order.rank() ? order[axis] : -1;
    if (order.rank() != axes.rank() || source < 0 || source >= axes.rank() ||
        std::exchange(seen[static_cast<std::size_t>(source)], true)) {
      throw std::invalid_argument(
          fmt::format("reordered: the order must name each of the {} axes once",
                      axes.rank()));
    }
    result[axis] = axes[static_cast<int>(source)];
  }
  return result;
}
// endregion

// region without-first
Axes without_first(const Axes& axes) {
  const std::span numbers(axes.numbers_);
  return Axes(numbers.subspan(1, static_cast<std::size_t>(axes.rank_ - 1)));
}
// endregion

// region may-overlap
bool strides_may_overlap(const Axes& shape, const Axes& strides) {
  std::vector<std::pair<std::int64_t, std::int64_t>> axes;  // (stride, size)
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] == 0) return false;  // no index at all
    if (shape[axis] == 1) continue;      // never steps
    axes.emplace_back(std::abs(strides[axis]), shape[axis]);
  }
  std::sort(axes.begin(), axes.end());
  std::int64_t reach = 0;  // furthest element that the axes so far can name
  for (const auto& [stride, size] : axes) {
    if (stride <= reach) return true;  // a step may land on an earlier element
    reach += stride * (size - 1);
  }
  return false;
}
// endregion

// region require-inside
void require_inside(std::int64_t extent, const Axes& shape, const Axes& strides,
                    std::int64_t offset) {
  if (shape.rank() != strides.rank()) {
    throw std::invalid_argument(fmt::format(
        "as_strided: {} sizes but {} strides", shape.rank(), strides.rank()));
  }
  // In 128 bits no product of two 64-bit numbers can wrap round.
  __extension__ using Wide = __int128;
  Wide lowest = offset;
  Wide highest = offset;
  bool empty = false;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] < 0) {
      throw std::invalid_argument(
          fmt::format("as_strided: axis {} has size {}", axis, shape[axis]));
    }
    if (shape[axis] == 0) empty = true;
    const Wide travel = Wide{shape[axis] - 1} * strides[axis];
    (travel < 0 ? lowest : highest) += travel;
  }
  if (empty ? offset < 0 || offset > extent : lowest < 0 || highest >= extent) {
    throw std::out_of_range(fmt::format(
        "as_strided: shape {} with strides {} reaches from element {} to {}, "
        "but there are only {}",
        to_string(shape), to_string(strides), static_cast<double>(lowest),
        static_cast<double>(highest), extent));
  }
}
// endregion

// region require-exactly
void require_exactly(std::int64_t extent, const Axes& shape) {
  require_inside(extent, shape, row_major_strides(shape), 0);
  if (element_count(shape) != extent) {
    throw std::invalid_argument(
        fmt::format("row_major: shape {} has {} elements, the memory {}",
                    to_string(shape), element_count(shape), extent));
  }
}
// endregion

// region advance
namespace {

/// Steps to the next row of a view, like an odometer: the last axis is the row
/// itself and stays 0. Returns false after the last row.
bool advance_row(Axes& index, const Axes& shape) {
  for (int axis = shape.rank() - 2; axis >= 0; --axis) {
    if (++index[axis] < shape[axis]) return true;
    index[axis] = 0;
  }
  return false;
}

}  // namespace
// endregion

// region copy
void copy(const StridedView<const float>& from, const StridedView<float>& to) {
  if (from.shape() != to.shape()) {
    throw std::invalid_argument("copy: from shape " + to_string(from.shape()) +
                                " to shape " + to_string(to.shape()));
  }
  if (from.size() == 0) return;

  const int last = from.rank() - 1;
  const std::int64_t length = from.shape()[last];
  const std::int64_t from_step = from.strides()[last];
  const std::int64_t to_step = to.strides()[last];
  Axes index = from.shape();
  for (int axis = 0; axis <= last; ++axis) index[axis] = 0;
  do {
    const float* source = &from(index);
    float* destination = &to(index);
    if (from_step == 1 && to_step == 1) {
      std::copy_n(source, length, destination);
    } else {
      for (std::int64_t i = 0; i < length; ++i) {
        destination[i * to_step] = source[i * from_step];
      }
    }
  } while (advance_row(index, from.shape()));
}
// endregion

// region materialise
void materialise(const StridedView<const float>& from, std::span<float> to) {
  copy(from, row_major(to, from.shape()));
}

}  // namespace cnn
// endregion
