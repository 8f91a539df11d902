#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <regex>
#include <stdexcept>
#include <string>

#include "common/results.hpp"

namespace cnn {
namespace {

using Json = nlohmann::json;

/// The schema "loops-to-warps/results/1" as an example: every field that must
/// be there, with a value of the type it must have. A number may be null, and
/// "number?" marks fields that are numbers or null.
const char* const kSchema = R"({
  "schema": "", "chapter": "", "mode": "",
  "provenance": {"date": "", "commit": "", "modified": false, "compiler": "",
    "flags": "", "march": "", "command": "", "seed": 0},
  "machine": {"name": "",
    "cpu": {"model": "", "cores": 0, "threads_used": 0, "isa": "",
      "caches": [{"level": 0, "bytes": 0}]},
    "memory_bytes": 0, "system": "",
    "gpu": {"name": "", "compute_capability": "", "memory_bytes": 0,
      "driver": "", "runtime": "", "multiprocessors": 0},
    "gpu_absent_because": ""},
  "peaks": {"cpu_1_flops": "number?", "cpu_1_bytes_per_s": "number?",
    "cpu_1_copy_bytes_per_s": "number?", "cpu_1_l1_bytes_per_s": "number?",
    "cpu_1_l2_bytes_per_s": "number?", "cpu_all_flops": "number?",
    "cpu_all_bytes_per_s": "number?", "cpu_all_copy_bytes_per_s": "number?",
    "cpu_all_threads": 0, "gpu_fp32_flops": "number?",
    "gpu_bytes_per_s": "number?"},
  "dataset": {"name": "", "source": "", "train": 0, "test": 0},
  "checks": [{"id": "", "label": "", "against": "", "elements": 0,
    "failures": 0, "largest_error": "number?", "largest_ratio": "number?",
    "passed": false}],
  "measurements": [{"id": "", "label": "", "group": "", "device": "",
    "threads": 0, "median_s": "number?", "q1_s": "number?", "q3_s": "number?",
    "minimum_s": "number?", "repetitions": 0, "cache_state": "",
    "flop": "number?", "bytes": "number?"}],
  "ladder": [""]
})";

/// Fails unless `found` has exactly the fields of `expected`, of those types.
void expect_like(const Json& found, const Json& expected,
                 const std::string& where) {
  if (expected == "number?") {
    EXPECT_TRUE(found.is_number() || found.is_null()) << where;
  } else if (expected.is_object()) {
    ASSERT_TRUE(found.is_object()) << where;
    for (const auto& [key, value] : expected.items()) {
      ASSERT_TRUE(found.contains(key)) << where << "." << key;
      expect_like(found[key], value, where + "." + key);
    }
    EXPECT_EQ(found.size(), expected.size()) << where;
  } else if (expected.is_array()) {
    ASSERT_TRUE(found.is_array()) << where;
    for (const Json& item : found) expect_like(item, expected[0], where + "[]");
  } else if (expected.is_number()) {
    EXPECT_TRUE(found.is_number_integer()) << where;
  } else {
    EXPECT_EQ(found.type(), expected.type()) << where;
  }
}

Measurement some_measurement(const std::string& id) {
  Measurement measurement;
  measurement.id = id;
  measurement.label = "seven loops";
  measurement.group = "loop order";
  measurement.timing = {2e-3, 1e-3, 3e-3, 1e-3, 10, "warm"};
  measurement.work = {4e6, 8e6};
  return measurement;
}

RunDescription some_run() {
  RunDescription run;
  run.info = {"01", "01_test", "Test", "for a test"};
  run.options.quick = true;
  run.options.seed = UINT64_MAX;
  run.command = "01_test --quick";
  run.threads = 2;
  run.machine.name = "A processor, 2 cores";
  run.machine.caches = {{1, 32768}, {2, 1048576}};
  run.machine.gpu = Gpu{"A GPU", "9.0", 1 << 30, "580", "13.0", 132};
  run.peaks.cpu_1_flops = 1e11;
  run.dataset = {"MNIST", "somewhere", 1000, 500};
  return run;
}

Results some_results() {
  Results results;
  Comparison comparison;
  comparison.elements = 10;
  comparison.largest_error = 1e-7;
  results.add_check({"forward/rows", "rows", "float64", comparison});
  comparison.failures = 1;
  comparison.largest_error = std::nan("");
  comparison.largest_ratio = std::numeric_limits<double>::infinity();
  results.add_check({"forward/nan", "NaN", "float64", comparison});
  results.add_measurement(some_measurement("orders/a"));
  results.add_measurement(some_measurement("orders/b-2_x.y"));
  results.set_ladder({"orders/b-2_x.y", "orders/a"});
  results.set_value("whole", 3);
  results.set_value("real", 0.5);
  results.set_value("infinite", std::numeric_limits<double>::infinity());
  results.set_value("text", "im2col");
  results.set_value("list", std::vector<double>{1, std::nan(""), 3});
  return results;
}

TEST(ResultsJson, HasEveryFieldOfTheSchema) {
  Json document = Json::parse(to_json(some_results(), some_run()));
  const Json values = document["values"];
  document.erase("values");  // free-form; looked at below
  expect_like(document, Json::parse(kSchema), "results");
  EXPECT_TRUE(values.is_object());
}

TEST(ResultsJson, SaysWhatWasPutIn) {
  const Json document = Json::parse(to_json(some_results(), some_run()));
  EXPECT_EQ(document["schema"], "loops-to-warps/results/1");
  EXPECT_EQ(document["chapter"], "01_test");
  EXPECT_EQ(document["mode"], "quick");
  EXPECT_EQ(document["provenance"]["seed"], UINT64_MAX);
  EXPECT_EQ(document["machine"]["cpu"]["caches"][1]["bytes"], 1048576);
  EXPECT_EQ(document["peaks"]["cpu_1_flops"], 1e11);
  EXPECT_EQ(document["checks"][0]["passed"], true);
  EXPECT_EQ(document["checks"][1]["passed"], false);
  EXPECT_EQ(document["measurements"][0]["median_s"], 2e-3);
  EXPECT_EQ(document["ladder"], Json({"orders/b-2_x.y", "orders/a"}));
  EXPECT_EQ(document["values"]["whole"], 3);
  EXPECT_EQ(document["values"]["text"], "im2col");
  EXPECT_TRUE(
      std::regex_match(document["provenance"]["date"].get<std::string>(),
                       std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")));
  EXPECT_TRUE(
      std::regex_match(document["provenance"]["commit"].get<std::string>(),
                       std::regex("unknown|[0-9a-f]{7,40}")));
}

TEST(ResultsJson, WritesNullForWhatIsNotFinite) {
  const Json document = Json::parse(to_json(some_results(), some_run()));
  EXPECT_TRUE(document["peaks"]["gpu_fp32_flops"].is_null());
  EXPECT_TRUE(document["checks"][1]["largest_error"].is_null());
  EXPECT_TRUE(document["checks"][1]["largest_ratio"].is_null());
  EXPECT_TRUE(document["values"]["infinite"].is_null());
  EXPECT_EQ(document["values"]["list"], Json({1.0, nullptr, 3.0}));
}

TEST(ResultsJson, OfNothingIsStillWhole) {
  RunDescription run;
  run.machine.gpu_absent_because = "there is none";
  const Json document = Json::parse(to_json(Results{}, run));
  EXPECT_EQ(document["mode"], "full");
  EXPECT_TRUE(document["machine"]["gpu"].is_null());
  for (const char* list : {"checks", "measurements", "ladder"}) {
    EXPECT_EQ(document[list], Json::array()) << list;
  }
  EXPECT_EQ(document["values"], Json::object());
}

TEST(ResultsJson, SurvivesTextThatIsNotUtf8) {
  RunDescription run;
  run.command = "01_test --data \xff\xfe";
  EXPECT_TRUE(Json::accept(to_json(Results{}, run)));
}

TEST(Results, RefusesBadAndRepeatedIds) {
  Results results;
  results.add_measurement(some_measurement("a/b"));
  for (const char* id : {"", "A", "a b", "a:b", "a/b", "ä"}) {
    EXPECT_THROW(results.add_measurement(some_measurement(id)),
                 std::invalid_argument)
        << id;
  }
  results.add_check({"a/b", "", "", {}});  // checks have ids of their own
  EXPECT_THROW(results.add_check({"a/b", "", "", {}}), std::invalid_argument);
  EXPECT_THROW(results.set_value("No", 1), std::invalid_argument);
  EXPECT_THROW(results.set_ladder({"a/b", "nowhere"}), std::invalid_argument);
  EXPECT_THROW((void)results.measurement("nowhere"), std::invalid_argument);
  Measurement elsewhere = some_measurement("c");
  elsewhere.device = "abacus";
  EXPECT_THROW(results.add_measurement(elsewhere), std::invalid_argument);
}

TEST(Results, KeepsReferencesValid) {
  Results results;
  const Measurement& first = results.add_measurement(some_measurement("0"));
  for (int i = 1; i < 500; ++i) {
    results.add_measurement(some_measurement(std::to_string(i)));
  }
  EXPECT_EQ(first.id, "0");
  EXPECT_EQ(&first, &results.measurement("0"));
  EXPECT_DOUBLE_EQ(first.gflops(), 2.0);
  EXPECT_DOUBLE_EQ(first.gbs(), 4.0);
}

TEST(Results, HoldOnlyWhenEveryCheckDoes) {
  Results results;
  EXPECT_TRUE(results.all_checks_passed());
  Comparison good;
  good.elements = 1;
  results.add_check({"good", "", "", good});
  EXPECT_TRUE(results.all_checks_passed());
  results.add_check({"empty", "", "", {}});
  EXPECT_FALSE(results.all_checks_passed()) << "nothing compared is no proof";
}

}  // namespace
}  // namespace cnn
