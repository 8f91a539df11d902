// region quiet: includes
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "chapters/07_four_reports/experiment.hpp"
#include "common/data/dataset.hpp"
#include "common/options.hpp"
// endregion

// region report-flags
namespace cnn {

/// What only this chapter's program understands.
struct ReportFlags {
  std::string report = "all";
  std::string only;     ///< an experiment by its name; empty: all
  std::string backend;  ///< empty: the CPU, and the GPU where there is one
  std::int64_t seeds = 1;
  std::int64_t cpu_seeds = 0;  ///< on the CPU; 0: as many
  std::int64_t epochs = 0;     ///< at most; 0: the report's
  bool full = false;
  bool again = false;
  std::filesystem::path save;

  /// For the command line.
  ChapterFlags flags();
};
// endregion

// region chosen
/// Whether the report's own story is to be told: "000".
bool wanted(const ReportFlags& flags, const std::string& report);

/// Where to run. Throws InputError when --no-gpu says otherwise.
std::vector<std::string> chosen_places(const ReportFlags& flags, bool no_gpu);

/// Where to run this one of them. What a report gives no figures for is our own
/// question about accuracy, and does not need two places for an answer: where
/// there is a choice, the GPU. And nowhere, if it would take a CPU long and
/// nobody asked for it with --only, --epochs or --full.
std::vector<std::string> places_for(const Experiment& experiment,
                                    const ReportFlags& flags, bool no_gpu,
                                    const Dataset& pictures);

/// How often to run each experiment in this place.
std::int64_t chosen_seeds(const ReportFlags& flags, const std::string& place);

/// What to run, with --epochs and --quick applied: quickly, only what the
/// reports themselves have, and two epochs of it.
std::vector<Experiment> chosen_experiments(const ReportFlags& flags,
                                           bool quick);

/// Cut to as many epochs as fit into some minutes: on the CPU only, and never
/// with --full or --epochs. What fits is counted in FLOP and not on a clock, so
/// that it is the same today and tomorrow.
Experiment that_fits(Experiment experiment, const ReportFlags& flags,
                     const std::string& place, const Dataset& pictures);

}  // namespace cnn
// endregion
