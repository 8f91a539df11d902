#include "common/error_bound.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace cnn {

double gamma_bound(std::int64_t terms) {
  constexpr double kUnitRoundoff = 0x1.0p-24;
  const double product = static_cast<double>(terms) * kUnitRoundoff;
  if (!(product < 1)) {
    throw std::invalid_argument(
        "gamma_bound: more than 2^24 terms have no bound in float32");
  }
  return product / (1 - product);
}

Comparison compare(std::span<const float> actual, const Reference& reference,
                   std::int64_t terms) {
  if (actual.size() != reference.value.size() ||
      actual.size() != reference.magnitude.size()) {
    throw std::invalid_argument(fmt::format(
        "compare: {} results, {} reference values and {} magnitudes",
        actual.size(), reference.value.size(), reference.magnitude.size()));
  }
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double gamma = gamma_bound(terms);
  Comparison outcome;
  outcome.elements = static_cast<std::int64_t>(actual.size());
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double error = std::abs(double{actual[i]} - reference.value[i]);
    const double bound = gamma * reference.magnitude[i];
    const bool within = error <= bound;  // false for NaN
    if (!within) ++outcome.failures;
    // Once NaN, always NaN: std::max would forget it.
    if (!std::isnan(outcome.largest_error) &&
        !(error <= outcome.largest_error)) {
      outcome.largest_error = error;
    }
    double ratio = bound > 0 ? error / bound : (within ? 0.0 : kInfinity);
    if (std::isnan(ratio)) ratio = kInfinity;
    if (outcome.worst_element < 0 || ratio > outcome.largest_ratio) {
      outcome.largest_ratio = ratio;
      outcome.worst_element = static_cast<std::int64_t>(i);
      outcome.worst_actual = actual[i];
      outcome.worst_expected = reference.value[i];
      outcome.worst_bound = bound;
    }
  }
  return outcome;
}

Comparison merge(const Comparison& a, const Comparison& b) {
  const bool b_is_worse =
      a.worst_element < 0 ||
      (b.worst_element >= 0 && b.largest_ratio > a.largest_ratio);
  Comparison merged = b_is_worse ? b : a;
  merged.elements = a.elements + b.elements;
  merged.failures = a.failures + b.failures;
  // NaN must survive the merge, so no std::max here.
  merged.largest_error =
      b.largest_error <= a.largest_error ? a.largest_error : b.largest_error;
  if (std::isnan(a.largest_error)) merged.largest_error = a.largest_error;
  return merged;
}

std::string describe(const Comparison& comparison) {
  if (comparison.elements == 0) return "nothing was compared";
  if (comparison.passed()) {
    return fmt::format(
        "{} values, largest error {:.1e}, at most {:.1f} % of the bound",
        comparison.elements, comparison.largest_error,
        100 * comparison.largest_ratio);
  }
  return fmt::format(
      "{} of {} values out of bounds; worst at element {}: {:.9g}, expected "
      "{:.9g} to within {:.2e}",
      comparison.failures, comparison.elements, comparison.worst_element,
      comparison.worst_actual, comparison.worst_expected,
      comparison.worst_bound);
}

}  // namespace cnn
