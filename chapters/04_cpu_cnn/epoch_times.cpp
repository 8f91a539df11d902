// region quiet: includes
#include "chapters/04_cpu_cnn/epoch_times.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/device_dataset.hpp"
#include "chapters/04_cpu_cnn/optimiser.hpp"
#include "chapters/04_cpu_cnn/profile.hpp"
#include "common/pytorch.hpp"
#include "common/random.hpp"
#include "common/report.hpp"

namespace cnn {
// endregion

// region bench
namespace {

constexpr float kTimingRate = 1e-3F;  // harmless, however long it goes on

/// A network in training, a step at a time, with no look at the loss.
class Bench {
 public:
  Bench(const ReportedNetwork& reported, const Dataset& pictures,
        std::unique_ptr<Backend> backend)
      : backend_(std::move(backend)),
        pictures_(*backend_, pictures, to_unit_interval(pictures.channels)),
        network_(reported.model,
                 {reported.batch, pictures.channels, pictures.height,
                  pictures.width},
                 *backend_, 1),
        optimiser_(make_sgd(network_)),
        indices_(static_cast<std::size_t>(reported.batch)) {}

  /// Pictures from all over the data set, as shuffling brings them.
  void step() {
    const Random random(1);
    for (std::int64_t& index : indices_) {
      index = static_cast<std::int64_t>(random.below(
          drawn_++, static_cast<std::uint64_t>(pictures_.count())));
    }
    pictures_.gather(indices_, network_);
    network_.forward(true, static_cast<std::uint64_t>(step_));
    network_.loss(true);
    network_.backward();
    optimiser_->step(kTimingRate, step_++);
    backend_->synchronise();
  }

  Work work() const { return {.flop = step_flop(network_), .bytes = 0}; }

 private:
  std::unique_ptr<Backend> backend_;
  DeviceDataset pictures_;
  Network network_;
  std::unique_ptr<Optimiser> optimiser_;
  std::vector<std::int64_t> indices_;
  std::uint64_t drawn_ = 0;
  std::int64_t step_ = 0;
};
// endregion

// region time-pytorch
/// The same step by PyTorch; nothing where there is none. Says so once.
void time_pytorch(Program& program, const ReportedNetwork& reported,
                  int threads, const std::string& id, const std::string& key,
                  const MeasureOptions& options, const Work& work) {
  const std::string label = "yardstick: PyTorch";
  if (program.options().quick) return;
  std::string why_not;
  const auto pytorch = pytorch_epoch(
      {.network = reported.which, .batch = reported.batch, .threads = threads},
      why_not);
  if (!pytorch) {
    program.absent(label, why_not);
    return;
  }
  program.add_measurement(id + "/pytorch", label, work, pytorch->step, options);
  Results& results = program.results();
  results.set_value("yardstick.pytorch", pytorch->description);
  results.set_value(key + "pytorch_seconds", pytorch->epoch.median_s);
  results.set_value(key + "pytorch_variant", pytorch->variant);
}
// endregion

// region time-one-network
void time_network(Program& program, const ReportedNetwork& reported,
                  const Dataset& pictures, int threads) {
  const std::string which =
      fmt::format("{}/threads-{}", reported.number, threads);
  const std::string key =
      fmt::format("epoch.{}.threads-{}.", reported.number, threads);
  const MeasureOptions options{
      .group = fmt::format("{}, {} pictures, {} thread{}", reported.number,
                           reported.batch, threads, threads > 1 ? "s" : ""),
      .threads = threads};
  Bench bench(reported, pictures, make_cpu_backend(threads));
  const Measurement& step = program.measure(
      "step/" + which, "one training step", bench.work(), [&] { bench.step(); },
      options);
  const double steps =
      std::floor(kEpochPictures / static_cast<double>(reported.batch));
  program.results().set_value(key + "seconds", step.timing.median_s * steps);
  time_pytorch(program, reported, threads, "step/" + which, key, options,
               bench.work());
}

}  // namespace
// endregion

// region time-epochs
void time_epochs(Program& program, const Dataset& pictures) {
  std::vector<int> thread_counts{program.threads()};
  if (program.threads() > 2) thread_counts.insert(thread_counts.begin(), 2);
  const auto networks = reported_networks(std::ssize(pictures.class_names));
  fmt::print(
      "work is counted as the plain computation has it; on the way back "
      "through a max\npool only the winners' quarter is computed, so that a "
      "step may pass the peak\n");
  for (const ReportedNetwork& reported : networks) {
    for (const int threads : thread_counts) {
      time_network(program, reported, pictures, threads);
    }
  }
  fmt::print("an epoch of 60,000 pictures then takes:\n");
  for (const ReportedNetwork& reported : networks) {
    for (const int threads : thread_counts) {
      const auto& values = program.results().values();
      const std::string key =
          fmt::format("epoch.{}.threads-{}.", reported.number, threads);
      const auto text = [&](const std::string& name) {
        const auto found = values.find(key + name);
        return found == values.end()
                   ? std::string("-")
                   : format_seconds(std::get<double>(found->second));
      };
      fmt::print("  {}, {} thread{}: {:>8}, PyTorch {:>8}\n", reported.number,
                 threads, threads > 1 ? "s" : " ", text("seconds"),
                 text("pytorch_seconds"));
    }
  }
}
// endregion

// region step-ladder
void climb_step_ladder(Program& program, const Dataset& pictures) {
  struct Rung {
    ConvolutionMethod method;
    std::string id;
    std::string label;
  };
  const std::array<Rung, 4> rungs{
      {{ConvolutionMethod::kLoops, "loops", "01 seven loops"},
       {ConvolutionMethod::kIm2col, "im2col", "02 im2col"},
       {ConvolutionMethod::kImplicitGemm, "implicit", "03 implicit product"},
       {ConvolutionMethod::kDirect, "direct", "03 direct, fused"}}};
  ReportedNetwork reported =
      reported_network("001", std::ssize(pictures.class_names));
  if (program.options().quick) reported.batch = 16;
  fmt::print("one training step of report 001's network, {} pictures, {}\n",
             reported.batch,
             program.threads() == 1
                 ? "1 thread"
                 : fmt::format("{} threads", program.threads()));
  std::vector<std::string> ids;
  for (const Rung& rung : rungs) {
    Bench bench(reported, pictures,
                make_cpu_backend(program.threads(), rung.method));
    program.measure("ladder/" + rung.id, rung.label, bench.work(),
                    [&] { bench.step(); },
                    {.group = "ladder", .threads = program.threads()});
    ids.push_back("ladder/" + rung.id);
  }
  program.ladder(ids);
}

}  // namespace cnn
// endregion
