// region quiet: includes
#include "chapters/04_cpu_cnn/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "chapters/04_cpu_cnn/weights_file.hpp"
#include "common/data/input.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region state-as-json
namespace {

using Json = nlohmann::json;
constexpr const char* kFormat = "loops-to-warps/checkpoint/1";

/// JSON has no NaN: an absent validation becomes null.
std::string state_to_text(const TrainingState& state) {
  Json history = Json::array();
  for (const EpochRecord& epoch : state.history) {
    history.push_back({epoch.epoch, epoch.train.loss, epoch.train.accuracy,
                       epoch.validation.loss, epoch.validation.accuracy,
                       epoch.rate, epoch.seconds});
  }
  return Json{{"step", state.step},
              {"stopped", state.stopped},
              {"epoch_loss", state.epoch_loss},
              {"epoch_right", state.epoch_right},
              {"epoch_seconds", state.epoch_seconds},
              {"best_loss", state.best_loss},
              {"best_epoch", state.best_epoch},
              {"history", history}}
      .dump();
}

double number_or_nan(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN()
                        : json.get<double>();
}

/// Throws what nlohmann's library throws where something is missing.
TrainingState state_from_text(const std::string& text) {
  const Json json = Json::parse(text);
  TrainingState state;
  json.at("step").get_to(state.step);
  json.at("stopped").get_to(state.stopped);
  json.at("epoch_loss").get_to(state.epoch_loss);
  json.at("epoch_right").get_to(state.epoch_right);
  json.at("epoch_seconds").get_to(state.epoch_seconds);
  state.best_loss = number_or_nan(json.at("best_loss"));
  json.at("best_epoch").get_to(state.best_epoch);
  for (const Json& epoch : json.at("history")) {
    state.history.push_back(
        {.epoch = epoch.at(0).get<std::int64_t>(),
         .train = {number_or_nan(epoch.at(1)), number_or_nan(epoch.at(2))},
         .validation = {number_or_nan(epoch.at(3)), number_or_nan(epoch.at(4))},
         .rate = epoch.at(5).get<double>(),
         .seconds = epoch.at(6).get<double>()});
  }
  return state;
}
// endregion

// region checkpoint-arenas
/// Every array of a training that a checkpoint holds as tensors.
struct CheckpointArena {
  std::string prefix;
  std::span<const Parameter> layout;
  std::vector<float> values;
};

std::vector<CheckpointArena> arenas_of(const Trainer& trainer, bool best) {
  const Network& network = trainer.network();
  const auto parameters = network.parameters();
  const auto room = static_cast<std::size_t>(network.parameter_count());
  Weights now = download_weights(network);
  std::vector<CheckpointArena> arenas;
  arenas.push_back({"", parameters, std::move(now.parameters)});
  arenas.push_back({"", network.buffers(), std::move(now.buffers)});
  for (const OptimiserState& state : trainer.optimiser().state()) {
    arenas.push_back({"optimiser." + state.name + ".", parameters,
                      std::vector<float>(room)});
    network.backend().download(state.array, arenas.back().values);
  }
  if (best) {
    Weights weights = trainer.state().best;
    weights.parameters.resize(room);
    weights.buffers.resize(static_cast<std::size_t>(network.buffer_count()));
    arenas.push_back({"best.", parameters, std::move(weights.parameters)});
    arenas.push_back({"best.", network.buffers(), std::move(weights.buffers)});
  }
  return arenas;
}

}  // namespace
// endregion

// region make-checkpoint
Safetensors make_checkpoint(const Trainer& trainer) {
  Safetensors contents;
  contents.metadata = {{"format", kFormat},
                       {"network", describe_layers(trainer.network())},
                       {"recipe", trainer.recipe()},
                       {"training", state_to_text(trainer.state())}};
  const bool best = trainer.state().best_epoch > 0;
  for (const CheckpointArena& arena : arenas_of(trainer, best)) {
    std::ranges::move(to_tensors(arena.layout, arena.values, arena.prefix),
                      std::back_inserter(contents.tensors));
  }
  return contents;
}

void save_checkpoint(const std::filesystem::path& path,
                     const Trainer& trainer) {
  write_safetensors(path, make_checkpoint(trainer));
}
// endregion

// region read-state
namespace {

/// Is this our checkpoint, of this network and this training?
void expect_metadata(const Safetensors& contents, const Trainer& trainer,
                     const std::string& file) {
  const auto expect = [&](const char* key, const std::string& expected) {
    const auto found = contents.metadata.find(key);
    if (found == contents.metadata.end() || found->second != expected) {
      throw bad_input(file, key,
                      found == contents.metadata.end() ? "none" : found->second,
                      expected);
    }
  };
  expect("format", kFormat);
  expect("network", describe_layers(trainer.network()));
  expect("recipe", trainer.recipe());
}

TrainingState read_state(const Safetensors& contents, const Trainer& trainer,
                         const std::string& file) {
  const auto found = contents.metadata.find("training");
  TrainingState state;
  bool valid = found != contents.metadata.end();
  try {
    if (valid) state = state_from_text(found->second);
  } catch (const Json::exception&) {
    valid = false;
  }
  const std::int64_t epochs = state.step / trainer.steps_per_epoch();
  if (!valid || state.step < 0 || state.step > trainer.steps() ||
      std::ssize(state.history) != epochs || state.best_epoch < 0 ||
      state.best_epoch > epochs) {
    throw bad_input(file, "training", "no state of a training",
                    fmt::format("one within {} steps", trainer.steps()));
  }
  return state;
}

}  // namespace
// endregion

// region load-checkpoint
void load_checkpoint(const std::filesystem::path& path, Trainer& trainer) {
  const std::string file = path.string();
  const Safetensors contents = read_safetensors(path);
  expect_metadata(contents, trainer, file);
  TrainingState state = read_state(contents, trainer, file);

  const bool best = state.best_epoch > 0;
  auto arenas = arenas_of(trainer, best);
  std::vector<std::string> names;
  for (CheckpointArena& arena : arenas) {
    from_tensors(arena.layout, contents, file, arena.values, arena.prefix);
    for (const Parameter& parameter : arena.layout) {
      names.push_back(arena.prefix + parameter.name);
    }
  }
  expect_no_more_tensors(contents, file, names);

  // All is well: from here on nothing can be refused any more.
  Network& network = trainer.network();
  upload_weights({std::move(arenas[0].values), std::move(arenas[1].values)},
                 network);
  std::size_t next = 2;
  for (const OptimiserState& kept : trainer.optimiser().state()) {
    network.backend().upload(arenas[next++].values, kept.array);
  }
  if (best) {
    state.best = {std::move(arenas[next].values),
                  std::move(arenas[next + 1].values)};
  }
  trainer.restore(std::move(state));
}

}  // namespace cnn
// endregion
