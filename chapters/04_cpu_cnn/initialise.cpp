// region quiet: includes
#include "chapters/04_cpu_cnn/initialise.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cnn {
// endregion

// region normal
double normal(const Random& random, std::uint64_t index) {
  // Two uniform numbers each: a radius (of a number in (0, 1], whose logarithm
  // exists) and an angle.
  const double radius =
      std::sqrt(-2 * std::log(1 - double{random.uniform(2 * index)}));
  const double angle =
      2 * std::numbers::pi * double{random.uniform(2 * index + 1)};
  return radius * std::cos(angle);
}
// endregion

// region scales
namespace {

/// Largest magnitude of a uniform distribution, or deviation of a normal one.
double scale_of(const Parameter& parameter) {
  const auto in = static_cast<double>(parameter.fan_in);
  const auto both = static_cast<double>(parameter.fan_in + parameter.fan_out);
  switch (parameter.initialiser.kind) {
    case Initialiser::Kind::kConstant:
    case Initialiser::Kind::kNormal:
      break;
    case Initialiser::Kind::kHeNormal:
      return std::sqrt(2 / in);
    case Initialiser::Kind::kHeUniform:
      return std::sqrt(6 / in);
    case Initialiser::Kind::kXavierNormal:
      return std::sqrt(2 / both);
    case Initialiser::Kind::kXavierUniform:
      return std::sqrt(6 / both);
    case Initialiser::Kind::kFanInUniform:
      return std::sqrt(1 / in);
  }
  return double{parameter.initialiser.value};
}

bool is_normal(Initialiser::Kind kind) {
  return kind == Initialiser::Kind::kNormal ||
         kind == Initialiser::Kind::kHeNormal ||
         kind == Initialiser::Kind::kXavierNormal;
}

}  // namespace
// endregion

// region initialise
void initialise(const Parameter& parameter, const Random& random,
                std::span<float> values) {
  const double scale = scale_of(parameter);
  const Initialiser::Kind kind = parameter.initialiser.kind;
  if (kind == Initialiser::Kind::kConstant) {
    std::fill(values.begin(), values.end(), parameter.initialiser.value);
  } else if (is_normal(kind)) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(scale * normal(random, i));
    }
  } else {
    const auto limit = static_cast<float>(scale);
    random.fill_uniform(values, -limit, limit);
  }
}

Initialiser bias_beside(const Initialiser& weight) {
  if (weight.kind == Initialiser::Kind::kFanInUniform) return weight;
  return {Initialiser::Kind::kConstant, 0};
}

}  // namespace cnn
// endregion
