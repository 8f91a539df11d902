// PyTorch as a yardstick, asked through made-up interpreters: shell scripts
// that break down in every way a Python can. The real one is asked at the end,
// where there is one.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "common/child_process.hpp"
#include "common/pytorch.hpp"
#include "tests/common/temporary_folder.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPython = "LOOPS_TO_WARPS_PYTHON";

/// An environment variable, put back at the end.
class Variable {
 public:
  explicit Variable(const char* name) : name_(name) {
    if (const char* value = std::getenv(name)) before_ = value;
  }
  ~Variable() {
    if (before_) {
      set(*before_);
    } else {
      unset();
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

  void set(const std::string& value) { setenv(name_, value.c_str(), 1); }
  void unset() { unsetenv(name_); }
  std::string before() const { return before_.value_or(""); }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

/// Runs each test with an interpreter of its own making.
class FakePython : public testing::Test {
 protected:
  /// `script` is what the interpreter does, in the shell's words.
  fs::path write(const fs::path& path, const std::string& script) {
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(path, fs::perms::owner_all);
    return path;
  }
  void interpreter(const std::string& script) {
    python_.set(write(folder_.path() / "fake", script).string());
  }
  /// What a convolution is told by that interpreter.
  std::optional<PyTorchConvolutionTimes> ask(double timeout_s = 20) {
    return pytorch_convolution({{2, 3, 7, 5}, {4, 3, 3, 3}}, why_not_,
                               TimingPlan::quick(), timeout_s);
  }
  void expect_sentence(const std::string& part) {
    EXPECT_NE(why_not_.find(part), std::string::npos) << why_not_;
  }

  TemporaryFolder folder_;
  Variable python_{kPython};
  Variable path_{"PATH"};
  std::string why_not_;
};

TEST_F(FakePython, ThatDoesNotExistIsASentence) {
  python_.set((folder_.path() / "nobody").string());
  EXPECT_FALSE(ask());
  expect_sentence("nobody cannot be started: No such file");
}

TEST_F(FakePython, WithoutPyTorchIsASentence) {
  interpreter(R"(echo '{"absent": "No module named torch"}')");
  EXPECT_FALSE(ask());
  expect_sentence("fake has no PyTorch: No module named torch");
}

TEST_F(FakePython, ThatCrashesIsASentenceWithItsLastWords) {
  interpreter("echo Traceback >&2; echo 'ValueError: no luck' >&2; exit 3");
  EXPECT_FALSE(ask());
  expect_sentence("fake ended with status 3: ValueError: no luck");
}

TEST_F(FakePython, ThatIsKilledIsASentence) {
  interpreter("kill -9 $$");
  EXPECT_FALSE(ask());
  expect_sentence("fake was ended by signal 9 (Killed)");
}

TEST_F(FakePython, ThatTalksNonsenseIsASentence) {
  for (const char* nonsense : {"echo hello", "echo 17", "echo '{\"runs\":'"}) {
    interpreter(nonsense);
    EXPECT_FALSE(ask());
    expect_sentence("instead of a JSON object");
  }
  interpreter("true");
  EXPECT_FALSE(ask());
  expect_sentence("\"(nothing)\" instead of");
}

TEST_F(FakePython, WhoseAnswerLacksSomethingIsASentence) {
  for (const char* answer :
       {R"({})", R"({"description": "x", "runs": []})",
        R"({"description": "x", "runs": 3})",
        R"({"description": "x", "runs": [{"what": "forward"}]})",
        R"({"description": "x", "runs": [
            {"what": "forward", "variant": "a", "seconds": []}]})",
        R"({"description": "x", "runs": [
            {"what": "forward", "variant": "a", "seconds": ["1"]}]})"}) {
    interpreter("cat <<'END'\n" + std::string(answer) + "\nEND");
    why_not_.clear();
    EXPECT_FALSE(ask());
    expect_sentence("PyTorch's answer cannot be used: ");
  }
}

TEST_F(FakePython, ThatTakesTooLongIsStoppedAndWaitedFor) {
  interpreter("exec sleep 60");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(ask(0.2));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  expect_sentence("fake gave no answer within 0.2 s");
  // No child is left, neither running nor as a zombie.
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST_F(FakePython, IsFoundByItsNameInPath) {
  python_.unset();
  write(folder_.path() / "python3", "echo found me >&2; exit 1");
  path_.set(folder_.path().string() + ":" + path_.before());
  EXPECT_FALSE(ask());
  expect_sentence("python3 ended with status 1: found me");
}

TEST_F(FakePython, GetsTheQuestionAndOurScript) {
  interpreter("echo \"$@\" > " + (folder_.path() / "words").string() +
              "; cat > " + (folder_.path() / "question").string());
  EXPECT_FALSE(ask(12));
  std::string words;
  std::getline(std::ifstream(folder_.path() / "words"), words);
  EXPECT_TRUE(words.ends_with("/pytorch_yardstick.py")) << words;
  std::string question;
  std::getline(std::ifstream(folder_.path() / "question"), question);
  for (const char* part :
       {R"("task":"convolution")", R"("input":[2,3,7,5])",
        R"("filter":[4,3,3,3])", R"("threads":1)", R"("timeout_s":12.0)"}) {
    EXPECT_NE(question.find(part), std::string::npos) << question;
  }
}

TEST_F(FakePython, IsToldOfTheOptimiserAndOfGraphs) {
  interpreter("cat > " + (folder_.path() / "question").string());
  PyTorchTraining training;
  training.gpu = true;
  training.optimiser = PyTorchTraining::Optimiser::kAdam;
  training.graph = true;
  EXPECT_FALSE(pytorch_epoch(training, why_not_, TimingPlan::quick(), 20));
  std::string question;
  std::getline(std::ifstream(folder_.path() / "question"), question);
  for (const char* part :
       {R"("device":"cuda")", R"("optimiser":"adam")", R"("graph":true)"}) {
    EXPECT_NE(question.find(part), std::string::npos) << question;
  }
}

TEST_F(FakePython, SamplesBecomeTheFastestVariantsTimes) {
  interpreter(R"(cat <<'END'
{"description": "PyTorch 9", "runs": [
 {"what": "step", "variant": "contiguous", "seconds": [0.5, 0.1, 0.3]},
 {"what": "step", "variant": "channels last", "seconds": [0.2, 0.3, 0.25]}]}
END)");
  PyTorchTraining training;
  training.batch = 64;
  training.pictures = 200;
  const auto epoch = pytorch_epoch(training, why_not_, TimingPlan::quick(), 20);
  ASSERT_TRUE(epoch) << why_not_;
  EXPECT_EQ(epoch->description, "PyTorch 9");
  EXPECT_EQ(epoch->variant, "channels last");
  EXPECT_EQ(epoch->step.median_s, 0.25);
  EXPECT_EQ(epoch->step.repetitions, 3);
  EXPECT_EQ(epoch->steps, 3);
  EXPECT_EQ(epoch->epoch.median_s, 0.75);
  ASSERT_EQ(epoch->variants.size(), 2U);
  EXPECT_EQ(epoch->variants[0].timing.median_s, 0.3);
}

TEST(ChildProcess, NeitherSideWaitsForTheOther) {
  // More than a pipe holds, in both directions, and nobody reads in between.
  const std::string long_text(300'000, 'x');
  const ChildOutcome outcome =
      run_child({"sh", "-c", "cat; echo done >&2"}, long_text, 20);
  EXPECT_EQ(outcome.end, ChildOutcome::End::kExited);
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.output, long_text);
  EXPECT_EQ(outcome.errors, "done\n");
  // And a child that does not read at all.
  EXPECT_EQ(run_child({"true"}, long_text, 20).code, 0);
}

/// The real one.
class PyTorch : public testing::Test {
 protected:
  void SetUp() override {
    const auto description = pytorch_description(why_not_);
    if (!description) GTEST_SKIP() << why_not_;
    EXPECT_TRUE(description->starts_with("PyTorch ")) << *description;
  }
  std::string why_not_;
};

TEST_F(PyTorch, TimesAConvolution) {
  const auto times = pytorch_convolution({{2, 3, 13, 11}, {4, 3, 3, 3}, 2, 1},
                                         why_not_, TimingPlan::quick());
  ASSERT_TRUE(times) << why_not_;
  for (const PyTorchVariant& part :
       {times->forward, times->input_gradient, times->filter_gradient}) {
    EXPECT_GT(part.timing.median_s, 0);
    EXPECT_GE(part.timing.repetitions, 3);
    EXPECT_TRUE(part.name == "contiguous" || part.name == "channels last");
  }
}

TEST_F(PyTorch, TrainsEveryReportsNetwork) {
  for (const ReportNetwork network :
       {ReportNetwork::k001, ReportNetwork::k002, ReportNetwork::k003}) {
    PyTorchTraining training;
    training.network = network;
    training.batch = 5;
    training.pictures = 13;
    training.optimiser = PyTorchTraining::Optimiser::kAdam;
    const auto epoch =
        pytorch_epoch(training, why_not_, TimingPlan::quick(), 60);
    ASSERT_TRUE(epoch) << why_not_;
    EXPECT_GT(epoch->step.median_s, 0);
    EXPECT_EQ(epoch->steps, 2);
    EXPECT_EQ(epoch->variants.size(), 2U);
  }
}

TEST_F(PyTorch, RefusesWhatCannotBe) {
  PyTorchTraining training;
  training.batch = 0;
  EXPECT_FALSE(pytorch_epoch(training, why_not_));
  EXPECT_NE(why_not_.find("ValueError: a batch of 0 out of 60000 pictures"),
            std::string::npos)
      << why_not_;
}

}  // namespace
}  // namespace cnn
