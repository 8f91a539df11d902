// region quiet: includes
#include "chapters/07_four_reports/report_000.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include "chapters/07_four_reports/bounded_gradient.hpp"
#include "chapters/07_four_reports/full_batch_operations.hpp"
#include "chapters/07_four_reports/record.hpp"
#include "chapters/07_four_reports/train_one_pass.hpp"
#include "chapters/07_four_reports/two_layers.hpp"
#include "common/data/csv.hpp"
#include "common/data/split.hpp"
#include "common/report.hpp"

namespace cnn {
// endregion

// region pictures-of-report-000
DatasetPair pictures_of_report_000(const std::string& name) {
  DatasetPair data;
  if (std::string_view(name).ends_with(".csv")) {
    data.train = read_digit_csv(name);
    data.test = data.train;
    data.test.count = 0;
    data.test.pixels.clear();
    data.test.labels.clear();
  } else {
    data = load_dataset(name);
  }
  expect_two_layers(data.train);
  return data;
}
// endregion

// region check-report-000
namespace {

/// Both ways' gradients on an odd number of pictures, against float64.
void check_gradients(Program& program, const std::string& where,
                     const Dataset& pictures) {
  const std::int64_t most = where == "emulated" ? 97 : 1001;
  std::vector<std::int64_t> some(
      static_cast<std::size_t>(std::min(pictures.count, most)));
  std::iota(some.begin(), some.end(), 0);
  const Dataset few = select(pictures, some);
  const std::vector<float> layers = first_layers(few, program.options().seed);
  const BoundedGradient expected = bounded_gradient(few, layers);
  const Place place(where, program.threads());
  const auto check = [&](const std::string& id, const std::string& label,
                         const FullBatchGradient& found) {
    program.check("000/" + id + "/" + where, label + ", " + where,
                  fmt::format("float64, {} pictures", few.count),
                  compare(found.gradient, found.loss, expected));
  };
  check("full-batch", "gradient by layers",
        full_batch_gradient(few, layers, place));
  check("one-pass", "gradient in one pass",
        one_pass_gradient(few, layers, place, program.threads()));
}
// endregion

// region blank-pictures
/// The share of places, four pixels each, where all of so many pictures that
/// follow one another are blank.
double blank_share(const Dataset& pictures, std::int64_t together) {
  std::int64_t blank = 0;
  std::int64_t places = 0;
  for (std::int64_t n = 0; n + together <= pictures.count; n += together) {
    std::array<bool, TwoLayers::kPixels / 4> inked{};
    for (std::int64_t k = 0; k < together; ++k) {
      std::size_t pixel = 0;
      for (const std::uint8_t byte : pictures.picture(n + k)) {
        inked.at(pixel++ / 4) |= byte != 0;
      }
    }
    blank += std::ranges::count(inked, false);
    places += std::ssize(inked);
  }
  return static_cast<double>(blank) / static_cast<double>(places);
}

void record_blanks(Results& results, const Dataset& pictures) {
  std::vector<double> together;
  std::vector<double> shares;
  for (std::int64_t count = 1; count <= 64 && count <= pictures.count;
       count *= 2) {
    together.push_back(static_cast<double>(count));
    shares.push_back(blank_share(pictures, count));
  }
  results.set_value("000/blank.pictures", together);
  results.set_value("000/blank.share", shares);
  results.set_value(
      "000/blank.pixels",
      static_cast<double>(std::ranges::count(pictures.pixels, 0)) /
          static_cast<double>(pictures.pixels.size()));
}
// endregion

// region time-report-000
FullBatchPlan plan_of(const Program& program, const std::string& where) {
  FullBatchPlan plan{.seed = program.options().seed};
  if (program.options().quick) plan.iterations = 20;
  if (where == "emulated") plan.iterations = 2;
  return plan;
}

/// Operation by operation, as the report compares them; then a step in one.
void time_steps(Program& program, const std::string& where,
                const Dataset& pictures) {
  if (where == "emulated") return;  // no time worth having
  const FullBatchPlan plan = plan_of(program, where);
  const Split split = split_by_count(pictures, plan.validation, plan.seed);
  const bool cpu = where == "cpu";
  const MeasureOptions options{.group = "report 000, " + where,
                               .threads = cpu ? program.threads() : 1,
                               .device = where};
  const TimingPlan timing_plan = program.timing_plan();
  const Place place(where, program.threads());
  for (const auto& operation :
       time_full_batch_operations(split.train, plan.seed, place, timing_plan)) {
    program.add_measurement("000/operations/" + where + "/" + operation.id,
                            operation.label, operation.work, operation.timing,
                            options);
  }
  const auto count = static_cast<double>(split.train.count);
  const Work work{4.0 * count * TwoLayers::kOutput, count * TwoLayers::kPixels};
  program.add_measurement(
      "000/one-pass/" + where, "all of it in one pass", work,
      time_one_pass(split.train, first_layers(split.train, plan.seed), place,
                    program.threads(), timing_plan),
      options);
}
// endregion

// region say-report-000
void say(const std::string& how, std::int64_t iterations, double seconds,
         double train, double validation) {
  fmt::print(
      "{:<18}{:>5} iterations {:>9}, {:>8} each; right {:.2f} %, of "
      "those set aside {:.2f} %\n",
      how, iterations, format_seconds(seconds),
      format_seconds(seconds / static_cast<double>(iterations)), 100 * train,
      100 * validation);
}

void train_both_ways(Program& program, const std::string& where,
                     const DatasetPair& data) {
  const FullBatchPlan plan = plan_of(program, where);
  const Place place(where, program.threads());
  const FullBatchOutcome layers = train_full_batch(plan, data, place);
  record(program.results(), where, layers);
  say(where + ", layers", layers.iterations, layers.times.total(),
      layers.accuracies.back(), layers.validation.accuracy);
  const OnePassOutcome one =
      train_one_pass(plan, data, place, program.threads());
  record(program.results(), where, one);
  say(where + ", one pass", one.iterations, one.seconds, one.accuracies.back(),
      one.validation.accuracy);
}
// endregion

// region table-of-report-000
/// The report's figures, in the order of its own table.
struct Row {
  const char* label;
  const char* key;  ///< of 000/full-batch.PLACE
  double cpu;
  double gpu;
};
constexpr std::array<Row, 4> kRows{
    {{"all iterations", "seconds", 42.3, 15.1},
     {"one", "iteration_seconds", 0.0846, 0.0302},
     {"forward", "forward_seconds", 0.0367, 0.0119},
     {"backward", "backward_seconds", 0.0479, 0.0183}}};

void table(Program& program, const std::vector<std::string>& places) {
  const auto& values = program.results().values();
  fmt::print("\n{:<16}{:>12}{:>12}", "", "its CPU", "its GPU");
  for (const auto& place : places) fmt::print("{:>12}", place);
  for (const Row& row : kRows) {
    fmt::print("\n{:<16}{:>12}{:>12}", row.label, format_seconds(row.cpu),
               format_seconds(row.gpu));
    const std::string reported = std::string("000/full-batch.reported.");
    program.results().set_value(reported + "cpu_" + row.key, row.cpu);
    program.results().set_value(reported + "gpu_" + row.key, row.gpu);
    for (const auto& place : places) {
      const auto& value = values.at("000/full-batch." + place + "." + row.key);
      fmt::print("{:>12}", format_seconds(std::get<double>(value)));
    }
  }
  fmt::print("\n{:<16}{:>12}{:>12}", "one, in one pass", "", "");
  for (const auto& place : places) {
    const auto& value =
        values.at("000/one-pass." + place + ".iteration_seconds");
    fmt::print("{:>12}", format_seconds(std::get<double>(value)));
  }
  fmt::print("\n");
}
// endregion

// region repeat-report-000
}  // namespace

void repeat_report_000(Program& program, const std::vector<std::string>& places,
                       const DatasetPair& data) {
  for (const auto& place : places) {
    check_gradients(program, place, data.train);
  }
  record_blanks(program.results(), data.train);
  for (const auto& place : places) time_steps(program, place, data.train);
  for (const auto& place : places) train_both_ways(program, place, data);
  table(program, places);
}

}  // namespace cnn
// endregion
