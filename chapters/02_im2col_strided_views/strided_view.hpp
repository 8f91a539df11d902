// region quiet: includes
#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <type_traits>

namespace cnn {
// endregion

// region axes
/// One number for each axis, outermost axis first: a shape, a set of strides,
/// or an index. Between one and six axes.
class Axes {
 public:
  static constexpr int kMaximumRank = 6;

  /// Throws std::invalid_argument unless there are one to six numbers.
  Axes(std::initializer_list<std::int64_t> numbers)
      : Axes(std::span(numbers.begin(), numbers.size())) {}
  explicit Axes(std::span<const std::int64_t> numbers);

  int rank() const { return rank_; }
  std::int64_t& operator[](int axis) { return numbers_[position(axis)]; }
  std::int64_t operator[](int axis) const { return numbers_[position(axis)]; }
  bool operator==(const Axes&) const = default;

 private:
  std::size_t position(int axis) const {
    assert(axis >= 0 && axis < rank_);
    return static_cast<std::size_t>(axis);
  }

  friend Axes without_first(const Axes& axes);

  std::array<std::int64_t, kMaximumRank> numbers_{};
  int rank_;
};
// endregion

// region axes-functions
/// "(2, 3, 5)".
std::string to_string(const Axes& axes);

/// How many indices a shape allows: the product of its sizes.
/// Throws std::overflow_error when that does not fit in 63 bits.
std::int64_t element_count(const Axes& shape);

/// The strides of an array that lies densely in memory, last axis fastest.
/// Throws std::overflow_error as element_count() does.
Axes row_major_strides(const Axes& shape);

/// Where an index lies, counted in elements from the view's first one: the sum
/// of index * stride over the axes. This is all the arithmetic there is.
inline std::int64_t offset_of(const Axes& index, const Axes& strides) {
  std::int64_t offset = 0;
  for (int axis = 0; axis < index.rank(); ++axis) {
    offset += index[axis] * strides[axis];
  }
  return offset;
}

/// Element i of the result is element order[i] of the argument. Throws
/// std::invalid_argument when `order` is not a permutation of its axes.
Axes permuted(const Axes& axes, const Axes& order);

/// All numbers but the first. Throws std::invalid_argument when there is only
/// one.
Axes without_first(const Axes& axes);

/// False only when no two indices of such a view can share an element.
bool strides_may_overlap(const Axes& shape, const Axes& strides);
// endregion

// region view
/// A window onto somebody else's numbers: where the first element lies, how
/// many elements each axis has, and how far apart neighbours on that axis are.
/// Strides are counted in elements, not in bytes; they may be zero or
/// negative. A view owns nothing and must not outlive what it looks at.
template <class T>
class StridedView {
 public:
  /// @param first the element at index (0, 0, ...); not checked: prefer
  ///   as_strided(), which knows how much memory there is
  StridedView(T* first, const Axes& shape, const Axes& strides)
      : first_(first), shape_(shape), strides_(strides) {
    assert(shape.rank() == strides.rank());
  }

  T* data() const { return first_; }
  int rank() const { return shape_.rank(); }
  const Axes& shape() const { return shape_; }
  const Axes& strides() const { return strides_; }
  std::int64_t size() const { return element_count(shape_); }
  // endregion

  // region element
  /// The element at an index, as in view({n, c, y, x}). The index is checked
  /// in debug builds only.
  T& operator()(const Axes& index) const {
    assert(contains(index));
    return first_[offset_of(index, strides_)];
  }

  /// True when the index has the view's rank and lies inside its shape.
  bool contains(const Axes& index) const {
    if (index.rank() != rank()) return false;
    for (int axis = 0; axis < rank(); ++axis) {
      if (index[axis] < 0 || index[axis] >= shape_[axis]) return false;
    }
    return true;
  }
  // endregion

  // region reordered
  /// The same elements with the axes in another order: axis i of the result
  /// is axis order[i] of this view. NumPy calls this transpose().
  /// Throws std::invalid_argument when order is not a permutation.
  StridedView reordered(const Axes& order) const {
    return {first_, permuted(shape_, order), permuted(strides_, order)};
  }

  /// A matrix with rows and columns exchanged.
  StridedView transposed() const { return reordered({1, 0}); }

  /// Everything at one index of the first axis: a view with one axis less.
  /// Throws std::invalid_argument when it has no other axis.
  StridedView slice(std::int64_t index) const {
    assert(index >= 0 && index < shape_[0]);
    return {first_ + index * strides_[0], without_first(shape_),
            without_first(strides_)};
  }
  // endregion

  // region view-questions
  /// True when row-major order of the indices is the order in memory, without
  /// gaps: only then may the view be read as one flat array.
  bool is_contiguous() const { return strides_ == row_major_strides(shape_); }

  /// False only when distinct indices are certain to be distinct elements.
  bool may_overlap() const { return strides_may_overlap(shape_, strides_); }

  /// Whoever may write may also read.
  operator StridedView<const T>() const requires(!std::is_const_v<T>) {
    return {first_, shape_, strides_};
  }
  // endregion

  // region view-members
 private:
  T* first_;
  Axes shape_;
  Axes strides_;
};
// endregion

// region as-strided
/// Throws std::out_of_range, with one sentence, when some index of such a view
/// would lie outside `extent` elements, and std::invalid_argument when the
/// ranks differ or a size is negative.
void require_inside(std::int64_t extent, const Axes& shape, const Axes& strides,
                    std::int64_t offset);

/// A view of `memory` whose first element is memory[offset]. Checked once,
/// here, for all indices: a view that could step outside does not come to be.
template <class T>
StridedView<T> as_strided(std::span<T> memory, const Axes& shape,
                          const Axes& strides, std::int64_t offset = 0) {
  require_inside(static_cast<std::int64_t>(memory.size()), shape, strides,
                 offset);
  return {memory.data() + offset, shape, strides};
}
// endregion

// region row-major
/// Throws std::invalid_argument unless the shape has `extent` elements.
void require_exactly(std::int64_t extent, const Axes& shape);

/// All of `memory` as a dense array of this shape.
/// Throws std::invalid_argument unless the shape has memory.size() elements.
template <class T>
StridedView<T> row_major(std::span<T> memory, const Axes& shape) {
  require_exactly(static_cast<std::int64_t>(memory.size()), shape);
  return {memory.data(), shape, row_major_strides(shape)};
}
// endregion

// region copy
/// Copies element by element; the two shapes must be equal, the strides need
/// not be. Neither side may overlap the other in memory.
/// Throws std::invalid_argument when the shapes differ.
void copy(const StridedView<const float>& from, const StridedView<float>& to);

/// Writes a view's elements one after another, in row-major order of its
/// indices: what reading a view costs is paid here.
/// Throws std::invalid_argument unless `to` has room for exactly all of them.
void materialise(const StridedView<const float>& from, std::span<float> to);

}  // namespace cnn
// endregion
