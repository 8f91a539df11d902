#include "common/pytorch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "common/pytorch_process.hpp"

namespace cnn {

using nlohmann::json;

namespace {

constexpr double kDescribeTimeout = 60;
constexpr std::string_view kWarm =
    "warm: the same arrays in every repetition, after an untimed run";
constexpr std::string_view kTraining =
    "training: every step gathers other pictures of a set in memory";

// --- the answer's parts ------------------------------------------------------

json plan_json(const TimingPlan& plan) {
  return {{"warm_up_s", plan.warm_up_s},
          {"repetitions", plan.repetitions},
          {"settled_s", plan.settled_s},
          {"enough_s", plan.enough_s}};
}

json shape_json(const Shape& shape) {
  return {shape.batch, shape.channels, shape.height, shape.width};
}

/// What was done by each variant. Throws json::exception, or
/// std::invalid_argument without samples, when the answer is not what the
/// script writes.
std::vector<PyTorchVariant> variants_of(const json& runs, std::string_view what,
                                        std::string_view cache_state) {
  std::vector<PyTorchVariant> variants;
  for (const json& run : runs) {
    if (run.at("what").get<std::string>() != what) continue;
    const auto seconds = run.at("seconds").get<std::vector<double>>();
    variants.push_back({run.at("variant").get<std::string>(),
                        summarise(seconds, std::string(cache_state))});
  }
  if (variants.empty()) throw std::invalid_argument("no times are given");
  return variants;
}

PyTorchVariant fastest(const std::vector<PyTorchVariant>& variants) {
  return *std::min_element(variants.begin(), variants.end(),
                           [](const auto& a, const auto& b) {
                             return a.timing.median_s < b.timing.median_s;
                           });
}

/// The same call, `count` times over.
Timing repeated(Timing timing, std::int64_t count) {
  const auto times = static_cast<double>(count);
  timing.median_s *= times;
  timing.q1_s *= times;
  timing.q3_s *= times;
  timing.minimum_s *= times;
  return timing;
}

const char* name_of(ReportNetwork network) {
  switch (network) {
    case ReportNetwork::k001:
      return "001";
    case ReportNetwork::k002:
      return "002";
    case ReportNetwork::k003:
      break;
  }
  return "003";
}

json training_json(const PyTorchTraining& training, const TimingPlan& plan) {
  const bool adam = training.optimiser == PyTorchTraining::Optimiser::kAdam;
  return {{"task", "epoch"},
          {"network", name_of(training.network)},
          {"batch", training.batch},
          {"pictures", training.pictures},
          {"threads", training.threads},
          {"device", training.gpu ? "cuda" : "cpu"},
          {"optimiser", adam ? "adam" : "sgd"},
          {"rate", training.rate},
          {"momentum", training.momentum},
          {"weight_decay", training.weight_decay},
          {"graph", training.graph},
          {"compile", training.compile},
          {"plan", plan_json(plan)}};
}

PyTorchEpoch epoch_of(const PyTorchTraining& training, const json& runs,
                      const json& answer) {
  PyTorchEpoch epoch;
  epoch.variants = variants_of(runs, "step", kTraining);
  const PyTorchVariant best = fastest(epoch.variants);
  epoch.variant = best.name;
  epoch.step = best.timing;
  epoch.steps = training.pictures / training.batch;
  epoch.epoch = repeated(epoch.step, epoch.steps);
  epoch.description = answer.at("description").get<std::string>();
  return epoch;
}

/// Asks, and has `read` take the answer apart. Whatever goes wrong on the way
/// becomes a sentence.
template <typename Read>
auto answered(const json& request, double timeout_s, std::string& why_not,
              Read read) -> std::optional<decltype(read(request))> {
  try {
    const std::optional<json> answer = ask_pytorch(request, timeout_s, why_not);
    if (!answer) return std::nullopt;
    return read(*answer);
  } catch (const std::exception& error) {
    why_not = fmt::format("PyTorch's answer cannot be used: {}", error.what());
    return std::nullopt;
  }
}

}  // namespace

// --- the interface ---------------------------------------------------------

TimingPlan pytorch_step_plan() {
  TimingPlan plan;
  plan.warm_up_s = 1;
  plan.repetitions = 50;
  plan.settled_s = 4;
  plan.enough_s = 10;
  return plan;
}

std::optional<PyTorchEpoch> pytorch_epoch(const PyTorchTraining& training,
                                          std::string& why_not,
                                          const TimingPlan& plan,
                                          double timeout_s) {
  const json request = training_json(training, plan);
  return answered(request, timeout_s, why_not, [&](const json& answer) {
    return epoch_of(training, answer.at("runs"), answer);
  });
}

std::optional<std::vector<PyTorchEpoch>> pytorch_epochs(
    std::span<const PyTorchTraining> trainings, std::string& why_not,
    const TimingPlan& plan, double timeout_s) {
  json requests = json::array();
  for (const PyTorchTraining& training : trainings) {
    requests.push_back(training_json(training, plan));
  }
  const json request = {{"task", "epochs"},
                        {"threads", requests.at(0).at("threads")},
                        {"device", requests.at(0).at("device")},
                        {"trainings", requests}};
  return answered(request, timeout_s, why_not, [&](const json& answer) {
    std::vector<PyTorchEpoch> epochs;
    for (const PyTorchTraining& training : trainings) {
      epochs.push_back(
          epoch_of(training, answer.at("runs").at(epochs.size()), answer));
    }
    return epochs;
  });
}

std::optional<PyTorchConvolutionTimes> pytorch_convolution(
    const PyTorchConvolution& convolution, std::string& why_not,
    const TimingPlan& plan, double timeout_s) {
  const json request = {{"task", "convolution"},
                        {"input", shape_json(convolution.input)},
                        {"filter", shape_json(convolution.filter)},
                        {"stride", convolution.stride},
                        {"padding", convolution.padding},
                        {"threads", convolution.threads},
                        {"plan", plan_json(plan)}};
  return answered(request, timeout_s, why_not, [](const json& answer) {
    const auto best = [&](const char* what) {
      return fastest(variants_of(answer.at("runs"), what, kWarm));
    };
    return PyTorchConvolutionTimes{best("forward"), best("input gradient"),
                                   best("filter gradient"),
                                   answer.at("description").get<std::string>()};
  });
}

std::optional<std::string> pytorch_description(std::string& why_not) {
  const json request = {{"task", "describe"}, {"threads", 1}};
  return answered(request, kDescribeTimeout, why_not, [](const json& answer) {
    return answer.at("description").get<std::string>();
  });
}

}  // namespace cnn
