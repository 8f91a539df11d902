// The document that a program leaves behind, field by field.
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>
#include <string>

#include "common/build_info.hpp"
#include "common/results.hpp"

namespace cnn {

namespace {

using Json = nlohmann::ordered_json;  // fields stay in the order written here

/// JSON has no NaN and no infinity.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm fields{};
  gmtime_r(&now, &fields);
  char text[sizeof("2026-01-01T00:00:00Z")];
  const std::size_t length =
      std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &fields);
  return {text, length};
}

Json provenance(const RunDescription& run) {
  const BuildInfo& build = build_info();
  return {{"date", utc_now()},          {"commit", build.commit},
          {"modified", build.modified}, {"compiler", build.compiler},
          {"flags", build.flags},       {"march", build.march},
          {"command", run.command},     {"seed", run.options.seed}};
}

Json machine(const RunDescription& run) {
  const Machine& here = run.machine;
  Json caches = Json::array();
  for (const Cache& cache : here.caches) {
    caches.push_back({{"level", cache.level}, {"bytes", cache.bytes}});
  }
  Json gpu = nullptr;
  if (here.gpu) {
    gpu = {{"name", here.gpu->name},
           {"compute_capability", here.gpu->compute_capability},
           {"memory_bytes", here.gpu->memory_bytes},
           {"driver", here.gpu->driver},
           {"runtime", here.gpu->runtime},
           {"multiprocessors", here.gpu->multiprocessors}};
  }
  return {{"name", here.name},
          {"cpu",
           {{"model", here.cpu_model},
            {"cores", here.cores},
            {"threads_used", run.threads},
            {"isa", here.isa},
            {"caches", std::move(caches)}}},
          {"memory_bytes", here.memory_bytes},
          {"system", here.system},
          {"gpu", std::move(gpu)},
          {"gpu_absent_because", here.gpu_absent_because}};
}

Json peaks(const Peaks& measured) {
  return {
      {"cpu_1_flops", number(measured.cpu_1_flops)},
      {"cpu_1_bytes_per_s", number(measured.cpu_1_bytes_per_s)},
      {"cpu_1_copy_bytes_per_s", number(measured.cpu_1_copy_bytes_per_s)},
      {"cpu_1_l1_bytes_per_s", number(measured.cpu_1_l1_bytes_per_s)},
      {"cpu_1_l2_bytes_per_s", number(measured.cpu_1_l2_bytes_per_s)},
      {"cpu_all_flops", number(measured.cpu_all_flops)},
      {"cpu_all_bytes_per_s", number(measured.cpu_all_bytes_per_s)},
      {"cpu_all_copy_bytes_per_s", number(measured.cpu_all_copy_bytes_per_s)},
      {"cpu_all_threads", measured.cpu_all_threads},
      {"gpu_fp32_flops", number(measured.gpu_fp32_flops)},
      {"gpu_bytes_per_s", number(measured.gpu_bytes_per_s)}};
}

Json check(const Check& check) {
  const Comparison& comparison = check.comparison;
  return {{"id", check.id},
          {"label", check.label},
          {"against", check.against},
          {"elements", comparison.elements},
          {"failures", comparison.failures},
          {"largest_error", number(comparison.largest_error)},
          {"largest_ratio", number(comparison.largest_ratio)},
          {"passed", comparison.passed()}};
}

Json measurement(const Measurement& measurement) {
  const Timing& timing = measurement.timing;
  return {{"id", measurement.id},
          {"label", measurement.label},
          {"group", measurement.group},
          {"device", measurement.device},
          {"threads", measurement.threads},
          {"median_s", number(timing.median_s)},
          {"q1_s", number(timing.q1_s)},
          {"q3_s", number(timing.q3_s)},
          {"minimum_s", number(timing.minimum_s)},
          {"repetitions", timing.repetitions},
          {"cache_state", timing.cache_state},
          {"flop", number(measurement.work.flop)},
          {"bytes", number(measurement.work.bytes)}};
}

Json value(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return number(*real);
  if (const auto* list = std::get_if<std::vector<double>>(&value)) {
    Json numbers = Json::array();
    for (const double element : *list) numbers.push_back(number(element));
    return numbers;
  }
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return std::get<std::int64_t>(value);
}

}  // namespace

std::string to_json(const Results& results, const RunDescription& run) {
  Json checks = Json::array();
  for (const Check& each : results.checks()) checks.push_back(check(each));
  Json measurements = Json::array();
  for (const Measurement& each : results.measurements()) {
    measurements.push_back(measurement(each));
  }
  Json values = Json::object();
  for (const auto& [name, each] : results.values()) values[name] = value(each);

  const Json document = {{"schema", "loops-to-warps/results/1"},
                         {"chapter", run.info.name},
                         {"mode", run.options.quick ? "quick" : "full"},
                         {"provenance", provenance(run)},
                         {"machine", machine(run)},
                         {"peaks", peaks(run.peaks)},
                         {"dataset",
                          {{"name", run.dataset.name},
                           {"source", run.dataset.source},
                           {"train", run.dataset.train},
                           {"test", run.dataset.test}}},
                         {"checks", std::move(checks)},
                         {"measurements", std::move(measurements)},
                         {"ladder", results.ladder()},
                         {"values", std::move(values)}};
  // A label that is not UTF-8 must not cost the reader all other results.
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cnn
