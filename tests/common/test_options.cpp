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

/// What a chapter might want to know.
struct Wishes {
  std::int64_t epochs = 5;
  double rate = 0.1;
  std::string network = "001";
  std::filesystem::path save;
  bool all = false;

  ChapterFlags flags() {
    return ChapterFlags()
        .whole_number("--epochs", "How long (5)", epochs, 1, 1000)
        .number("--rate", "How fast (0.1)", rate, 0, 100)
        .choice("--network", "Which", network, {"001", "003"})
        .file("--save", "Where to", save)
        .yes("--all", "Everything", all);
  }
  std::optional<Options> parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "build/bin/99_test");
    return parse_options(static_cast<int>(arguments.size()), arguments.data(),
                         {"99", "99_test", "Test", "nothing of interest"},
                         flags());
  }
  std::string complaint(const std::vector<const char*>& arguments) {
    try {
      parse(arguments);
    } catch (const InputError& error) {
      return error.what();
    }
    return "none";
  }
};

TEST(ChapterFlags, KeepWhatTheyHaveUnlessGiven) {
  Wishes wishes;
  ASSERT_TRUE(wishes.parse({"--quick"}));
  EXPECT_EQ(wishes.epochs, 5);
  EXPECT_EQ(wishes.rate, 0.1);
  EXPECT_EQ(wishes.network, "001");
  EXPECT_TRUE(wishes.save.empty());
  EXPECT_FALSE(wishes.all);
}

TEST(ChapterFlags, AreReadBesideTheCommonOnes) {
  Wishes wishes;
  const auto options =
      wishes.parse({"--epochs", "7", "--quick", "--rate=2.5e-2", "--network",
                    "003", "--save", "a b", "--all", "--seed", "9"});
  ASSERT_TRUE(options);
  EXPECT_TRUE(options->quick);
  EXPECT_EQ(options->seed, 9U);
  EXPECT_EQ(wishes.epochs, 7);
  EXPECT_EQ(wishes.rate, 0.025);
  EXPECT_EQ(wishes.network, "003");
  EXPECT_EQ(wishes.save, "a b");
  EXPECT_TRUE(wishes.all);
}

TEST(ChapterFlags, RefuseWithTheirOwnSentences) {
  for (const char* epochs : {"0", "1001", "-1", "2.5", "many", ""}) {
    const std::string sentence = Wishes().complaint({"--epochs", epochs});
    EXPECT_NE(sentence.find(std::string("--epochs: found '") + epochs +
                            "', expected a whole number from 1 to 1000"),
              std::string::npos)
        << sentence;
  }
  for (const char* rate : {"nan", "-0.1", "101", "inf", "fast", "1x"}) {
    const std::string sentence = Wishes().complaint({"--rate", rate});
    EXPECT_NE(sentence.find(std::string("--rate: found '") + rate +
                            "', expected a number from 0 to 100"),
              std::string::npos)
        << sentence;
  }
  EXPECT_EQ(Wishes().complaint({"--network", "002"}),
            "--network: found '002', expected 001 or 003");
  EXPECT_NE(Wishes().complaint({"--save", ""}).find("--save: found nothing"),
            std::string::npos);
  EXPECT_NE(Wishes().complaint({"--save"}).find("--save: found nothing"),
            std::string::npos);
  EXPECT_NE(Wishes().complaint({"--alle"}).find("'--alle' is no flag"),
            std::string::npos);
}

TEST(ChapterFlags, AreListedByHelp) {
  testing::internal::CaptureStdout();
  const auto options = Wishes().parse({"--help"});
  const std::string help = testing::internal::GetCapturedStdout();
  EXPECT_FALSE(options);
  for (const char* text : {"--epochs NUMBER", "--network 001|003",
                           "--save FILE", "--all", "How fast (0.1)"}) {
    EXPECT_NE(help.find(text), std::string::npos) << text << "\n" << help;
  }
}

TEST(ChapterFlags, OfManyNamesTellTheNearestAndLeaveTheListToTheirHelp) {
  std::string value = "b0";
  std::vector<std::string> names;
  for (const char letter : {'a', 'b', 'c'}) {
    for (const char digit : {'0', '1', '2'}) {
      names.push_back(std::string("network-") + letter + digit);
    }
  }
  const auto parse_with = [&](std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "build/bin/99_test");
    return parse_options(
        static_cast<int>(arguments.size()), arguments.data(),
        {"99", "99_test", "Test", "nothing of interest"},
        ChapterFlags().choice("--one", "One:\nall of them", value, names));
  };
  testing::internal::CaptureStdout();
  EXPECT_FALSE(parse_with({"--help"}));
  const std::string help = testing::internal::GetCapturedStdout();
  EXPECT_NE(help.find("--one NAME"), std::string::npos) << help;
  EXPECT_EQ(help.find("network-a0"), std::string::npos) << help;
  ASSERT_TRUE(parse_with({"--one", "network-c1"}));
  EXPECT_EQ(value, "network-c1");
  try {
    parse_with({"--one", "netwrk-b1"});
    FAIL() << "a wrong name was taken";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "--one: found 'netwrk-b1', expected a name such as network-b1 "
                 "or network-a1 or network-b0 (--help lists all)");
  }
}

TEST(ChapterFlags, AreUnknownToOthers) {
  EXPECT_NE(complaint({"--epochs", "7"}).find("is no flag"), std::string::npos);
}

}  // namespace
}  // namespace cnn
