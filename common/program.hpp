/// @file
/// The frame around every chapter's story.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/error_bound.hpp"
#include "common/machine.hpp"
#include "common/options.hpp"
#include "common/peaks.hpp"
#include "common/results.hpp"
#include "common/timing.hpp"
#include "common/work.hpp"

namespace cnn {

/// What Program::measure needs to know beyond the computation itself.
struct MeasureOptions {
  std::string group{};         ///< heading of the table that the row belongs to
  int threads = 1;             ///< CPU threads the computation uses
  std::string device = "cpu";  ///< "gpu" only with add_measurement
  std::string cache_state{};   ///< empty: the timing plan's own words
};

/// Handed to a chapter's story: its options, and where it reports to.
class Program {
 public:
  /// @param command how it was called, for the record
  Program(ProgramInfo info, Options options, std::string command);

  const Options& options() const { return options_; }
  /// --threads, or all that this process may use.
  int threads() const { return threads_; }
  const Machine& machine() const { return machine_; }
  Results& results() { return results_; }
  /// Measured at the first call, then remembered.
  const Peaks& peaks();
  /// How measure() times: shorter with --quick.
  TimingPlan timing_plan() const;

  /// OUT/NN/name; the folder is created. Throws InputError when it cannot be.
  std::filesystem::path picture_path(std::string_view name) const;
  /// --json, or OUT/NN.json.
  std::filesystem::path json_path() const;

  /// Machine, compiler, GPU or why there is none, seed.
  void print_banner() const;
  /// Puts the data set on record and prints it as the banner's last line.
  void use_dataset(std::string name, std::string source, std::int64_t train,
                   std::int64_t test);
  /// Prints a heading: "check", "time", "ladder".
  void section(std::string_view title);

  /// Adds a comparison to the results and prints it as one line. A failed one
  /// makes the program's exit status 1.
  void check(std::string id, std::string label, std::string against,
             const Comparison& comparison);

  /// Times `run` and adds it to the results, printed as one row. Throws
  /// std::logic_error when a check has failed: a wrong kernel is never timed.
  const Measurement& measure(std::string id, std::string label,
                             const Work& work, const std::function<void()>& run,
                             const MeasureOptions& options = {});
  /// The same for something timed elsewhere, on the GPU above all.
  const Measurement& add_measurement(std::string id, std::string label,
                                     const Work& work, const Timing& timing,
                                     const MeasureOptions& options = {});

  /// Prints these measurements again as one table, each with its speed as a
  /// multiple of the first one's, and puts their order on record.
  void ladder(const std::vector<std::string>& ids);
  /// One line: a label, and why there is no measurement for it.
  void absent(std::string_view label, std::string_view why_not);

  /// Writes the JSON and says where it and the pictures lie.
  void finish();

 private:
  void refuse_if_wrong(std::string_view id) const;
  void open_table(std::string_view title);

  ProgramInfo info_;
  Options options_;
  std::string command_;
  int threads_ = 1;
  Machine machine_;
  std::optional<Peaks> peaks_;
  DatasetUsed dataset_;
  Results results_;
  std::optional<std::string> open_table_;  // whose header was printed last
};

/// What a chapter tells: checks first, then times.
using Story = std::function<void(Program&)>;

/// Parses the command line, prints the banner, runs the story, writes the JSON.
/// Returns the exit status: 0, all checks held; 1, a check failed or the
/// program broke; 2, bad usage or input; 77, this machine cannot do it.
/// `chapter_flags` are read before the story begins.
int run_program(int argc, const char* const* argv, const ProgramInfo& info,
                const Story& story, const ChapterFlags& chapter_flags = {});

}  // namespace cnn
