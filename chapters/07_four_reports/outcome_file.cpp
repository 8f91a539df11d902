// region quiet: includes
#include "chapters/07_four_reports/outcome_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "common/atomic_file.hpp"
#include "common/data/input.hpp"
#include "common/errors.hpp"
// endregion

// region outcome-to-json
namespace cnn {
namespace {

using Json = nlohmann::json;

/// NaN is no number in JSON: null.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

double number_from(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN()
                        : json.get<double>();
}

Json to_json(const Score& score) {
  return {{"loss", number(score.loss)}, {"accuracy", number(score.accuracy)}};
}

Score score_from(const Json& json) {
  return {number_from(json.at("loss")), number_from(json.at("accuracy"))};
}

Json to_json(const EpochRecord& epoch) {
  return {{"epoch", epoch.epoch},
          {"train", to_json(epoch.train)},
          {"validation", to_json(epoch.validation)},
          {"rate", epoch.rate},
          {"seconds", epoch.seconds}};
}

EpochRecord epoch_from(const Json& json) {
  return {.epoch = json.at("epoch"),
          .train = score_from(json.at("train")),
          .validation = score_from(json.at("validation")),
          .rate = json.at("rate"),
          .seconds = json.at("seconds")};
}
// endregion

// region outcome-parts
Json to_json(const Outcome& outcome) {
  Json history = Json::array();
  for (const EpochRecord& epoch : outcome.history) {
    history.push_back(to_json(epoch));
  }
  return {{"schema", "loops-to-warps/outcome/2"},
          {"id", outcome.id},
          {"place", outcome.place},
          {"recipe", outcome.recipe},
          {"seed", outcome.seed},
          {"history", history},
          {"test", to_json(outcome.test)},
          {"seconds", outcome.seconds},
          {"confusion", outcome.confusion},
          {"bytes", outcome.bytes}};
}

Outcome outcome_from(const Json& json) {
  Outcome outcome{.id = json.at("id"),
                  .place = json.at("place"),
                  .recipe = json.at("recipe"),
                  .seed = json.at("seed"),
                  .history = {},
                  .test = score_from(json.at("test")),
                  .seconds = json.at("seconds"),
                  .confusion = json.at("confusion"),
                  .bytes = json.at("bytes")};
  for (const Json& epoch : json.at("history")) {
    outcome.history.push_back(epoch_from(epoch));
  }
  return outcome;
}

}  // namespace
// endregion

// region outcome-files
std::string file_name(std::string id) {
  std::replace(id.begin(), id.end(), '/', '-');
  return id;
}

std::filesystem::path outcome_path(const std::filesystem::path& folder,
                                   const Experiment& experiment,
                                   const std::string& place,
                                   std::uint64_t seed) {
  return folder / place /
         fmt::format("{}-{}-epochs-seed-{}.json", file_name(experiment.id),
                     experiment.epochs, seed);
}

void save_outcome(const std::filesystem::path& path, const Outcome& outcome) {
  write_atomically(path, to_json(outcome).dump(1) + "\n");
}

std::optional<Outcome> find_outcome(const std::filesystem::path& path,
                                    const std::string& recipe) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  const auto bytes = read_file(path);
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  try {
    Outcome outcome = outcome_from(Json::parse(text, text + bytes.size()));
    if (outcome.recipe != recipe) return std::nullopt;
    return outcome;
  } catch (const Json::exception& error) {
    throw InputError(fmt::format(
        "{}: found no outcome of an experiment ({}), expected what an earlier "
        "run wrote; delete the file to run the experiment again",
        path.string(), error.what()));
  }
}

}  // namespace cnn
// endregion
