#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/errors.hpp"
#include "common/options.hpp"

namespace cnn {
namespace {

std::optional<Options> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "build/bin/99_test");
  return parse_options(static_cast<int>(arguments.size()), arguments.data(),
                       {"99", "99_test", "Test", "nothing of interest"});
}

/// The sentence of the InputError that these arguments cause.
std::string complaint(const std::vector<const char*>& arguments) {
  try {
    parse(arguments);
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

TEST(Options, HaveDefaults) {
  const auto options = parse({});
  ASSERT_TRUE(options);
  EXPECT_FALSE(options->quick);
  EXPECT_EQ(options->data, "mnist");
  EXPECT_EQ(options->seed, 1U);
  EXPECT_EQ(options->threads, 0);
  EXPECT_EQ(options->out, "out");
  EXPECT_TRUE(options->json.empty());
  EXPECT_FALSE(options->no_gpu);
}

TEST(Options, AreRead) {
  const auto options = parse({"--quick", "--data", "my/pictures", "--seed",
                              "18446744073709551615", "--threads=3", "--out",
                              "elsewhere", "--json", "x.json", "--no-gpu"});
  ASSERT_TRUE(options);
  EXPECT_TRUE(options->quick);
  EXPECT_EQ(options->data, "my/pictures");
  EXPECT_EQ(options->seed, UINT64_MAX);
  EXPECT_EQ(options->threads, 3);
  EXPECT_EQ(options->out, "elsewhere");
  EXPECT_EQ(options->json, "x.json");
  EXPECT_TRUE(options->no_gpu);
}

TEST(Options, HelpListsEveryFlagWithin80Columns) {
  testing::internal::CaptureStdout();
  const auto options = parse({"--help"});
  const std::string help = testing::internal::GetCapturedStdout();
  EXPECT_FALSE(options);
  for (const char* flag : {"--quick", "--data", "--seed", "--threads", "--out",
                           "--json", "--no-gpu", "--help"}) {
    EXPECT_NE(help.find(flag), std::string::npos) << flag;
  }
  std::size_t line = 0;
  for (const char letter : help) {
    line = letter == '\n' ? 0 : line + 1;
    ASSERT_LE(line, 80U) << help;
  }
}

TEST(Options, BadNumbersSayWhatWasFoundAndExpected) {
  for (const char* seed :
       {"abc", "-1", "1.5", "1e3", "12x", " 1", "", "18446744073709551616"}) {
    const std::string sentence = complaint({"--seed", seed});
    EXPECT_NE(sentence.find("--seed"), std::string::npos) << sentence;
    EXPECT_NE(sentence.find("expected a"), std::string::npos) << sentence;
  }
  for (const char* threads : {"0", "-2", "two", "1025", "99999999999"}) {
    const std::string sentence = complaint({"--threads", threads});
    EXPECT_NE(sentence.find(std::string("found '") + threads +
                            "', expected a "
                            "whole number from 1 to 1024"),
              std::string::npos)
        << sentence;
  }
}

TEST(Options, UnknownAndIncompleteFlagsAreNamed) {
  EXPECT_NE(complaint({"--fast"}).find("'--fast' is no flag of 99_test"),
            std::string::npos);
  EXPECT_NE(complaint({"extra"}).find("'extra'"), std::string::npos);
  EXPECT_NE(complaint({"--seed"}).find("--seed: found nothing"),
            std::string::npos)
      << complaint({"--seed"});
  EXPECT_NE(complaint({"--data", ""}).find("--data"), std::string::npos);
  EXPECT_NE(complaint({"--out", ""}).find("--out"), std::string::npos);
}

}  // namespace
}  // namespace cnn
