// region quiet: includes
#include "chapters/07_four_reports/report_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "chapters/05_naive_cuda/device.hpp"
#include "chapters/07_four_reports/counts.hpp"
#include "common/errors.hpp"
// endregion

// region flags-of-reports
namespace cnn {

namespace {

std::vector<std::string> names_of_experiments() {
  const auto all = all_experiments();
  std::vector<std::string> names(all.size());
  std::ranges::transform(all, names.begin(), &Experiment::id);
  return names;
}

/// For --help: as many to a line as fit, each report on a line of its own.
std::string experiments_by_report() {
  constexpr std::size_t kWidth = 50;
  std::string text = "One experiment (all):";
  std::string report;
  std::size_t line = 0;
  for (const Experiment& experiment : all_experiments()) {
    const std::string& name = experiment.id;
    const bool fits = line + 1 + name.size() <= kWidth;
    const bool stays = fits && report_of(experiment) == report;
    text += (stays ? " " : "\n") + name;
    line = stays ? line + 1 + name.size() : name.size();
    report = report_of(experiment);
  }
  return text;
}

}  // namespace

ChapterFlags ReportFlags::flags() {
  return ChapterFlags()
      .choice("--report", "Whose experiments (all)", report,
              {"all", "000", "001", "002", "003"})
      .choice("--only", experiments_by_report(), only, names_of_experiments())
      .choice("--backend", "Where (CPU, and GPU if there is one)", backend,
              {"cpu", "gpu", "both", "emulated"})
      .whole_number("--seeds", "How often each (1)", seeds, 1, 31)
      .whole_number("--cpu-seeds", "How often on the CPU (as --seeds)",
                    cpu_seeds, 1, 31)
      .whole_number("--epochs", "At most so many (the report's)", epochs, 1,
                    1'000'000)
      .yes("--full", "All epochs, also where the CPU takes long", full)
      .yes("--again", "Also those that are done", again)
      .file("--save", "For the first network, for ./course predict", save);
}
// endregion

// region chosen-places
bool wanted(const ReportFlags& flags, const std::string& report) {
  if (!flags.only.empty()) return flags.only.starts_with(report + "/");
  return flags.report == "all" || flags.report == report;
}

std::vector<std::string> chosen_places(const ReportFlags& flags, bool no_gpu) {
  const bool gpu = flags.backend == "gpu" || flags.backend == "both";
  if (gpu && no_gpu) {
    throw InputError(fmt::format(
        "--backend: found '{}' with --no-gpu, expected only one of them",
        flags.backend));
  }
  if (flags.backend == "both") return {"cpu", "gpu"};
  if (!flags.backend.empty()) return {flags.backend};
  if (no_gpu || !why_not(Device::kGpu).empty()) return {"cpu"};
  return {"cpu", "gpu"};
}

std::vector<std::string> places_for(const Experiment& experiment,
                                    const ReportFlags& flags, bool no_gpu,
                                    const Dataset& pictures) {
  const auto places = chosen_places(flags, no_gpu);
  if (std::isfinite(experiment.reported.accuracy)) return places;
  constexpr double kMostFlop = 2e12;  // half a minute of two cores, or less
  const std::string& place = places.back();
  const bool asked =
      flags.full || flags.epochs > 0 || flags.only == experiment.id;
  const double flop = effort_of(experiment, pictures).epoch_flop() *
                      static_cast<double>(experiment.epochs);
  if (place != "gpu" && !asked && flop > kMostFlop) return {};
  return {place};
}

std::int64_t chosen_seeds(const ReportFlags& flags, const std::string& place) {
  return place != "gpu" && flags.cpu_seeds > 0 ? flags.cpu_seeds : flags.seeds;
}
// endregion

// region chosen-experiments
std::vector<Experiment> chosen_experiments(const ReportFlags& flags,
                                           bool quick) {
  constexpr std::int64_t kQuickEpochs = 2;
  std::vector<Experiment> list;
  for (Experiment& experiment : all_experiments()) {
    if (!wanted(flags, report_of(experiment))) continue;
    const bool is_it = flags.only == experiment.id;
    if (!flags.only.empty() && !is_it) continue;
    const bool reported = std::isfinite(experiment.reported.accuracy);
    if (quick && !reported && !is_it) continue;
    if (quick) experiment.epochs = std::min(experiment.epochs, kQuickEpochs);
    if (flags.epochs > 0) experiment.epochs = flags.epochs;
    list.push_back(std::move(experiment));
  }
  return list;
}
// endregion

// region what-fits
Experiment that_fits(Experiment experiment, const ReportFlags& flags,
                     const std::string& place, const Dataset& pictures) {
  constexpr double kMostFlop = 5e12;  // a minute of two cores, more or less
  if (place == "gpu" || flags.full || flags.epochs > 0) return experiment;
  const double fits = kMostFlop / effort_of(experiment, pictures).epoch_flop();
  const auto most = std::max<std::int64_t>(1, static_cast<std::int64_t>(fits));
  experiment.epochs = std::min(experiment.epochs, most);
  return experiment;
}

}  // namespace cnn
// endregion
