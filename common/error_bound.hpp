/// @file
/// The one error bound of the course, and the one comparison that uses it.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace cnn {

/// gamma(k) = k u / (1 - k u) with u = 2^-24, the unit roundoff of float32.
/// A float32 sum of k products, in any order, differs from the exact one by
/// at most gamma(k) * sum |a_i b_i| (with or without fused multiply-add).
/// Source: Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed.,
/// section 3.1.
double gamma_bound(std::int64_t terms);

/// What a reference implementation computes in float64, element by element:
/// the value, and the sum of |a_i b_i| that its error bound is made of.
struct Reference {
  std::span<const double> value;
  std::span<const double> magnitude;
};

/// The outcome of one comparison.
struct Comparison {
  std::int64_t elements = 0;
  std::int64_t failures = 0;        ///< elements outside their bound
  double largest_error = 0;         ///< max |actual - reference|
  double largest_ratio = 0;         ///< max error / bound; NaN counts as +inf
  std::int64_t worst_element = -1;  ///< where largest_ratio occurred
  double worst_actual = 0;
  double worst_expected = 0;
  double worst_bound = 0;

  /// True when there was something to compare and all of it was in bounds.
  bool passed() const { return elements > 0 && failures == 0; }
};

/// Compares float32 results with a float64 reference: element i passes when
/// |actual_i - value_i| <= gamma(terms) * magnitude_i. Written so that NaN
/// fails: the test is !(error <= bound). Throws std::invalid_argument when the
/// three lengths differ.
/// @param terms number of products summed into one element
Comparison compare(std::span<const float> actual, const Reference& reference,
                   std::int64_t terms);

/// Merges the outcomes of two comparisons; the worse worst element survives.
Comparison merge(const Comparison& a, const Comparison& b);

/// One sentence for people: "12,544 values, largest error 1.2e-06, at
/// most 4.0 % of the bound", or where and by how much it failed.
std::string describe(const Comparison& comparison);

}  // namespace cnn
