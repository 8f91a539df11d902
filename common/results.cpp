#include "common/results.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace cnn {

namespace {

void check_id(std::string_view id) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyz0123456789_./-";
  if (id.empty() || id.find_first_not_of(kAllowed) != std::string_view::npos) {
    throw std::invalid_argument("'" + std::string(id) +
                                "' is no id: a-z, 0-9 and _ . / - only");
  }
}

template <class Items>
void check_new(const Items& items, std::string_view id) {
  check_id(id);
  if (std::any_of(items.begin(), items.end(),
                  [&](const auto& item) { return item.id == id; })) {
    throw std::invalid_argument("'" + std::string(id) + "' was used before");
  }
}

}  // namespace

const Check& Results::add_check(Check check) {
  check_new(checks_, check.id);
  return checks_.emplace_back(std::move(check));
}

const Measurement& Results::add_measurement(Measurement measurement) {
  check_new(measurements_, measurement.id);
  if (measurement.device != "cpu" && measurement.device != "gpu") {
    throw std::invalid_argument(measurement.id + ": the device is cpu or gpu");
  }
  return measurements_.emplace_back(std::move(measurement));
}

void Results::set_value(const std::string& name, Value value) {
  check_id(name);
  values_.insert_or_assign(name, std::move(value));
}

void Results::set_ladder(std::vector<std::string> ids) {
  for (const std::string& id : ids) measurement(id);
  ladder_ = std::move(ids);
}

bool Results::all_checks_passed() const {
  return std::all_of(checks_.begin(), checks_.end(), [](const Check& check) {
    return check.comparison.passed();
  });
}

const Measurement& Results::measurement(std::string_view id) const {
  const auto found = std::find_if(
      measurements_.begin(), measurements_.end(),
      [&](const Measurement& measurement) { return measurement.id == id; });
  if (found == measurements_.end()) {
    throw std::invalid_argument("there is no measurement '" + std::string(id) +
                                "'");
  }
  return *found;
}

}  // namespace cnn
