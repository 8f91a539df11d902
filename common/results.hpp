/// @file
/// What a program found out, and its form as JSON.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/error_bound.hpp"
#include "common/machine.hpp"
#include "common/options.hpp"
#include "common/peaks.hpp"
#include "common/timing.hpp"
#include "common/work.hpp"

namespace cnn {

/// One comparison with a reference, and what to call it.
struct Check {
  std::string id;
  std::string label;
  std::string against;
  Comparison comparison;
};

/// One timed computation.
struct Measurement {
  std::string id;
  std::string label;
  std::string group;           ///< measurements shown in one table
  std::string device = "cpu";  ///< "cpu" or "gpu"
  int threads = 1;
  Timing timing;
  Work work;

  double gflops() const { return work.flop / timing.median_s / 1e9; }
  double gbs() const { return work.bytes / timing.median_s / 1e9; }
};

/// A number, a text or a list of numbers under a dotted name.
using Value =
    std::variant<std::int64_t, double, std::string, std::vector<double>>;

/// Collects checks, measurements and values. Ids and value names are made of
/// a-z, 0-9 and the characters _ . / - ; an id that is not, or that was used
/// before, throws std::invalid_argument.
class Results {
 public:
  /// Adds one check and returns it as it was stored.
  const Check& add_check(Check check);
  /// Adds one measurement and returns it as it was stored.
  const Measurement& add_measurement(Measurement measurement);
  /// Sets or replaces.
  void set_value(const std::string& name, Value value);
  /// The measurements to show as rungs, slowest first as a rule. Throws
  /// std::invalid_argument when there is no such measurement.
  void set_ladder(std::vector<std::string> ids);

  /// False as soon as one check failed; true when there are none.
  bool all_checks_passed() const;
  /// Throws std::invalid_argument when there is no such measurement.
  const Measurement& measurement(std::string_view id) const;

  const std::deque<Check>& checks() const { return checks_; }
  const std::deque<Measurement>& measurements() const { return measurements_; }
  const std::map<std::string, Value>& values() const { return values_; }
  const std::vector<std::string>& ladder() const { return ladder_; }

 private:
  std::deque<Check> checks_;  // deques: references stay valid
  std::deque<Measurement> measurements_;
  std::map<std::string, Value> values_;
  std::vector<std::string> ladder_;
};

/// The data set a program used.
struct DatasetUsed {
  std::string name;
  std::string source;
  std::int64_t train = 0;
  std::int64_t test = 0;
};

/// Everything around the results that makes them worth keeping.
struct RunDescription {
  ProgramInfo info;
  Options options;
  std::string command;  ///< as typed, program name without folders
  int threads = 1;
  Machine machine;
  Peaks peaks;
  DatasetUsed dataset;
};

/// The document with schema "loops-to-warps/results/1", indented, with a
/// newline at its end. Numbers that are not finite become null.
std::string to_json(const Results& results, const RunDescription& run);

}  // namespace cnn
