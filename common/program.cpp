#include "common/program.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "common/atomic_file.hpp"
#include "common/build_info.hpp"
#include "common/errors.hpp"
#include "common/progress.hpp"
#include "common/report.hpp"

namespace cnn {

namespace {

constexpr int kLabelWidth = 31;

void print_fact(std::string_view name, std::string_view text) {
  fmt::print("  {} {}\n",
             emphasise(Emphasis::kFaint, fmt::format("{:<9}", name)), text);
}

std::string joined_caches(const Machine& machine) {
  std::string joined;
  for (const Cache& cache : machine.caches) {
    joined += fmt::format("{}L{} {}", joined.empty() ? "" : ", ", cache.level,
                          format_bytes(static_cast<double>(cache.bytes)));
  }
  return joined.empty() ? "unknown" : joined;
}

std::string gpu_text(const Machine& machine) {
  if (!machine.gpu) return "none: " + machine.gpu_absent_because;
  const Gpu& gpu = *machine.gpu;
  return fmt::format("{}, compute capability {}, {}, driver {}", gpu.name,
                     gpu.compute_capability,
                     format_bytes(static_cast<double>(gpu.memory_bytes)),
                     gpu.driver);
}

/// What `measurement` could reach at most, in FLOP/s.
double peak_flops(const Peaks& peaks, const Measurement& measurement) {
  if (measurement.device == "gpu") return peaks.gpu_fp32_flops;
  return measurement.threads > 1 ? peaks.cpu_all_flops : peaks.cpu_1_flops;
}

std::string row_header(std::string_view title) {
  return emphasise(
      Emphasis::kFaint,
      fmt::format("  {:<{}}{:>10}{:>10}{:>9}{:>8}{:>9}", title, kLabelWidth,
                  "median", "spread", "GFLOP/s", "GB/s", "of peak"));
}

std::string row(const Measurement& measurement, const Peaks& peaks) {
  const Timing& timing = measurement.timing;
  const Work& work = measurement.work;
  const double share =
      work.flop / timing.median_s / peak_flops(peaks, measurement);
  return fmt::format(
      "  {:<{}}{:>10}{:>10}{:>9}{:>8}{:>9}", measurement.label, kLabelWidth,
      format_seconds(timing.median_s),
      format_spread(timing.q1_s, timing.median_s, timing.q3_s),
      work.flop > 0 ? format_number(measurement.gflops()) : "-",
      work.bytes > 0 ? format_number(measurement.gbs()) : "-",
      work.flop > 0 && share > 0 ? fmt::format("{:.1f} %", 100 * share) : "-");
}

}  // namespace

Program::Program(ProgramInfo info, Options options, std::string command)
    : info_(std::move(info)),
      options_(std::move(options)),
      command_(std::move(command)),
      machine_(describe_machine(options_.no_gpu)) {
  threads_ = options_.threads > 0 ? options_.threads : machine_.cores;
}

const Peaks& Program::peaks() {
  if (!peaks_) {
    const Progress progress("measuring what this machine can do");
    peaks_ = measure_peaks(machine_, threads_, options_.quick);
  }
  return *peaks_;
}

TimingPlan Program::timing_plan() const {
  return options_.quick ? TimingPlan::quick() : TimingPlan{};
}

std::filesystem::path Program::picture_path(std::string_view name) const {
  const std::filesystem::path path = options_.out / info_.number / name;
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) {
    throw InputError(fmt::format("cannot create the folder {}: {}",
                                 path.parent_path().string(), error.message()));
  }
  return path;
}

std::filesystem::path Program::json_path() const {
  if (!options_.json.empty()) return options_.json;
  return options_.out / (info_.number + ".json");
}

void Program::print_banner() const {
  const BuildInfo& build = build_info();
  fmt::print("{}\n\n",
             emphasise(Emphasis::kHeading,
                       fmt::format("{}  {}", info_.number, info_.title)));
  print_fact(
      "machine",
      fmt::format("{}, {}, {} of memory", machine_.name, machine_.isa,
                  format_bytes(static_cast<double>(machine_.memory_bytes))));
  print_fact("caches", joined_caches(machine_));
  print_fact("system", machine_.system);
  print_fact("compiler", fmt::format("{}, {}", build.compiler, build.flags));
  print_fact("GPU", gpu_text(machine_));
  print_fact("threads", fmt::format("{}", threads_));
  print_fact("seed", fmt::format("{}", options_.seed));
  std::fflush(stdout);
}

void Program::use_dataset(std::string name, std::string source,
                          std::int64_t train, std::int64_t test) {
  dataset_ = {std::move(name), std::move(source), train, test};
  print_fact("data", fmt::format("{}, {}", dataset_.name, dataset_.source));
}

void Program::section(std::string_view title) {
  fmt::print("\n{}\n", emphasise(Emphasis::kHeading, title));
  open_table_.reset();
}

void Program::check(std::string id, std::string label, std::string against,
                    const Comparison& comparison) {
  const Check& added = results_.add_check(
      {std::move(id), std::move(label), std::move(against), comparison});
  const bool passed = comparison.passed();
  const std::string title = "against " + added.against;
  if (open_table_ != title) {
    fmt::print("{}\n",
               emphasise(Emphasis::kFaint,
                         fmt::format("  {:<41}{:>9}{:>16}{:>11}", title,
                                     "values", "largest error", "of bound")));
    open_table_ = title;
  }
  fmt::print("  {} {:<35}{:>9}{:>16.1e}{:>11}\n",
             emphasise(passed ? Emphasis::kGood : Emphasis::kBad,
                       passed ? "ok   " : "WRONG"),
             added.label, format_count(comparison.elements),
             comparison.largest_error,
             fmt::format("{:.1f} %", 100 * comparison.largest_ratio));
  if (!passed) fmt::print("        {}\n", describe(comparison));
  std::fflush(stdout);
}

const Measurement& Program::measure(std::string id, std::string label,
                                    const Work& work,
                                    const std::function<void()>& run,
                                    const MeasureOptions& options) {
  refuse_if_wrong(id);
  peaks();  // before the row: it may take a second
  TimingPlan plan = timing_plan();
  if (!options.cache_state.empty()) plan.cache_state = options.cache_state;
  Timing timing;
  {
    const Progress progress("timing " + label);
    timing = time_repeated(run, plan);
  }
  return add_measurement(std::move(id), std::move(label), work, timing,
                         options);
}

const Measurement& Program::add_measurement(std::string id, std::string label,
                                            const Work& work,
                                            const Timing& timing,
                                            const MeasureOptions& options) {
  refuse_if_wrong(id);
  Measurement measurement{
      std::move(id),   std::move(label), options.group, options.device,
      options.threads, timing,           work};
  if (!options.cache_state.empty()) {
    measurement.timing.cache_state = options.cache_state;
  }
  const Measurement& added = results_.add_measurement(std::move(measurement));
  open_table(added.group);
  fmt::print("{}\n", row(added, peaks()));
  std::fflush(stdout);
  return added;
}

void Program::refuse_if_wrong(std::string_view id) const {
  if (!results_.all_checks_passed()) {
    throw std::logic_error(fmt::format(
        "{} is not timed, because a check failed: a wrong kernel is never "
        "timed",
        id));
  }
}

void Program::open_table(std::string_view title) {
  if (open_table_ == title) return;
  fmt::print("{}\n", row_header(title));
  open_table_ = std::string(title);
}

void Program::absent(std::string_view label, std::string_view why_not) {
  fmt::print("  {:<{}} {}\n", label, kLabelWidth,
             emphasise(Emphasis::kFaint, fmt::format("absent: {}", why_not)));
}

void Program::ladder(const std::vector<std::string>& ids) {
  results_.set_ladder(ids);
  if (ids.empty()) return;
  constexpr int kBarWidth = 20;
  const double first = results_.measurement(ids.front()).timing.median_s;
  double fastest = first;
  for (const std::string& id : ids) {
    fastest = std::min(fastest, results_.measurement(id).timing.median_s);
  }
  fmt::print("{}\n", emphasise(Emphasis::kFaint,
                               fmt::format("  {:<{}}{:>10}{:>9}{:>11}  speed",
                                           "rung", kLabelWidth, "median",
                                           "GFLOP/s", "speed-up")));
  for (const std::string& id : ids) {
    const Measurement& rung = results_.measurement(id);
    const double seconds = rung.timing.median_s;
    fmt::print("  {:<{}}{:>10}{:>9}{:>11}  {}\n", rung.label, kLabelWidth,
               format_seconds(seconds),
               rung.work.flop > 0 ? format_number(rung.gflops()) : "-",
               "x " + format_number(first / seconds),
               bar(fastest / seconds, kBarWidth));
  }
  open_table_.reset();
}

void Program::finish() {
  const std::filesystem::path pictures = options_.out / info_.number;
  write_atomically(
      json_path(),
      to_json(results_, {info_, options_, command_, threads_, machine_,
                         peaks_.value_or(Peaks{}), dataset_}));
  fmt::print("\n");
  std::error_code ignored;
  if (std::filesystem::is_directory(pictures, ignored)) {
    print_fact("pictures", (pictures / "").string());
  }
  print_fact("results", json_path().string());
}

}  // namespace cnn
