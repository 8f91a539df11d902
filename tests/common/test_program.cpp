#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <new>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/errors.hpp"
#include "common/program.hpp"
#include "tests/common/temporary_folder.hpp"

namespace cnn {
namespace {

using Json = nlohmann::json;

/// What a run left: its status, what it said, and its JSON (null: none).
struct Outcome {
  int status = -1;
  std::string output;
  std::string errors;
  Json json;
};

Outcome run(Story story, std::vector<std::string> flags = {}) {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "out").string();
  flags.insert(flags.begin(), {"99_test", "--quick", "--no-gpu", "--out", out});
  std::vector<const char*> arguments;
  for (const std::string& flag : flags) arguments.push_back(flag.c_str());

  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Outcome outcome;
  outcome.status =
      run_program(static_cast<int>(arguments.size()), arguments.data(),
                  {"99", "99_test", "Test", "nothing of interest"}, story);
  outcome.output = testing::internal::GetCapturedStdout();
  outcome.errors = testing::internal::GetCapturedStderr();
  const std::string text = read_text(folder.path() / "out" / "99.json");
  if (!text.empty()) outcome.json = Json::parse(text);
  return outcome;
}

Comparison comparison_of(float actual, double expected) {
  const double magnitude = 1;
  return compare({&actual, 1}, {{&expected, 1}, {&magnitude, 1}}, 1);
}

void time_something(Program& program) {
  static int calls;
  calls = 0;
  program.measure("test/count", "counting", {1, 4}, [] { keep(&++calls); });
}

TEST(RunProgram, Returns0WhenAllHeld) {
  const Outcome outcome = run([](Program& program) {
    program.use_dataset("MNIST", "a test", 10, 5);
    program.section("check");
    program.check("test/right", "right", "float64", comparison_of(1, 1));
    program.section("time");
    time_something(program);
    program.ladder({"test/count"});
    program.results().set_value("answer", 42);
  });
  EXPECT_EQ(outcome.status, 0) << outcome.errors;
  EXPECT_EQ(outcome.errors, "");
  EXPECT_EQ(outcome.json["checks"][0]["passed"], true);
  EXPECT_EQ(outcome.json["measurements"][0]["id"], "test/count");
  EXPECT_GE(outcome.json["measurements"][0]["repetitions"], 3);
  EXPECT_EQ(outcome.json["ladder"][0], "test/count");
  EXPECT_EQ(outcome.json["values"]["answer"], 42);
  EXPECT_EQ(outcome.json["dataset"]["train"], 10);
  EXPECT_EQ(outcome.json["mode"], "quick");
  EXPECT_GT(outcome.json["peaks"]["cpu_1_flops"], 0);
  for (const char* word : {"machine", "compiler", "GPU", "seed", "MNIST", "ok",
                           "counting", "results"}) {
    EXPECT_NE(outcome.output.find(word), std::string::npos) << word;
  }
  EXPECT_EQ(outcome.output.find('\x1b'), std::string::npos)
      << "escape codes in a pipe";
}

TEST(RunProgram, Returns1WhenACheckFailedAndRecordsIt) {
  const Outcome outcome = run([](Program& program) {
    program.check("test/wrong", "wrong", "float64", comparison_of(2, 1));
  });
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.json["checks"][0]["passed"], false);
  EXPECT_NE(outcome.output.find("WRONG"), std::string::npos);
}

TEST(RunProgram, NeverTimesAWrongKernel) {
  const Outcome outcome = run([](Program& program) {
    constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
    program.check("test/nan", "NaN", "float64", comparison_of(kNan, 1));
    time_something(program);
  });
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.errors.find("a wrong kernel is never timed"),
            std::string::npos)
      << outcome.errors;
  EXPECT_EQ(outcome.json["measurements"], Json::array());
  EXPECT_EQ(outcome.json["checks"][0]["passed"], false);
}

TEST(Program, RefusesToTimeAfterAFailedCheck) {
  testing::internal::CaptureStdout();
  Program program({"99", "99_test", "", ""}, Options{}, "99_test");
  program.check("test/none", "nothing compared", "float64", Comparison{});
  bool ran = false;
  EXPECT_THROW(program.measure("test/a", "a", {}, [&] { ran = true; }),
               std::logic_error);
  EXPECT_FALSE(ran);
  EXPECT_THROW(program.add_measurement("test/b", "b", {}, Timing{}),
               std::logic_error);
  testing::internal::GetCapturedStdout();
}

TEST(RunProgram, Returns2ForBadInput) {
  const Outcome outcome = run([](Program&) {
    throw InputError("train.idx: found 3 pictures, expected 4");
  });
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.errors, "error: train.idx: found 3 pictures, expected 4\n");
  EXPECT_TRUE(outcome.json.is_null());
}

TEST(RunProgram, Returns2ForBadUsage) {
  const auto nothing = [](Program&) {};
  for (const std::vector<std::string>& flags :
       {std::vector<std::string>{"--fast"}, {"--seed", "one"}}) {
    const Outcome outcome = run(nothing, flags);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.output, "");
    EXPECT_NE(outcome.errors.find(flags[0]), std::string::npos);
  }
}

TEST(RunProgram, Returns2WithASentenceWhenMemoryIsShort) {
  const Outcome outcome = run([](Program&) { throw std::bad_alloc(); });
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.errors.find("not enough memory"), std::string::npos);
}

TEST(RunProgram, Returns2WhenResultsCannotBeWritten) {
  const Outcome outcome =
      run([](Program&) {}, {"--json", "/dev/null/results.json"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_NE(outcome.errors.find("/dev/null/results.json"), std::string::npos);
}

TEST(RunProgram, Returns77WhenThisMachineCannot) {
  const Outcome outcome =
      run([](Program&) { throw SkipError("there is no GPU here"); });
  EXPECT_EQ(outcome.status, 77);
  EXPECT_EQ(outcome.errors, "skipped: there is no GPU here\n");
}

TEST(RunProgram, Returns1WhenTheProgramBroke) {
  const Outcome outcome =
      run([](Program&) { throw std::runtime_error("unforeseen"); });
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.errors, "error: unforeseen\n");
  const Outcome logic =
      run([](Program&) { throw std::logic_error("our mistake"); });
  EXPECT_EQ(logic.status, 1);
  EXPECT_TRUE(logic.json.is_null());
}

TEST(RunProgram, Returns0ForHelp) {
  const Outcome outcome =
      run([](Program&) { throw std::logic_error("not run"); }, {"--help"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_NE(outcome.output.find("--quick"), std::string::npos);
}

TEST(Program, PutsPicturesAndResultsWhereTold) {
  const TemporaryFolder folder;
  Options options;
  options.out = folder.path() / "out";
  options.threads = 3;
  const Program program({"07", "07_test", "", ""}, options, "07_test");
  EXPECT_EQ(program.threads(), 3);
  EXPECT_EQ(program.json_path(), options.out / "07.json");
  const auto picture = program.picture_path("edges.png");
  EXPECT_EQ(picture, options.out / "07" / "edges.png");
  EXPECT_TRUE(std::filesystem::is_directory(picture.parent_path()));

  write_text(folder.path() / "file", "");
  options.out = folder.path() / "file";
  const Program blocked({"07", "07_test", "", ""}, options, "07_test");
  EXPECT_THROW((void)blocked.picture_path("edges.png"), InputError);
}

}  // namespace
}  // namespace cnn
