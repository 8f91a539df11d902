// From a folder of pictures to an answer about another picture.
#include <gtest/gtest.h>

#include <string>

#include "chapters/07_four_reports/answers.hpp"
#include "chapters/07_four_reports/model_file.hpp"
#include "chapters/07_four_reports/own_story.hpp"
#include "common/data/picture.hpp"
#include "tests/common/temporary_folder.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;

/// Bright on the left or on the right, the edge anywhere but in the middle.
Picture half_bright(bool left, std::int64_t number) {
  constexpr std::int64_t kSide = 40;
  const std::int64_t edge = 10 + number % 20;
  Picture picture{.width = kSide, .height = kSide, .channels = 1, .pixels = {}};
  for (std::int64_t y = 0; y < kSide; ++y) {
    for (std::int64_t x = 0; x < kSide; ++x) {
      picture.pixels.push_back((x < edge) == left ? 220 : 10);
    }
  }
  return picture;
}

TEST(OwnStory, EndsWithANetworkThatAnswers) {
  const TemporaryFolder folder;
  const fs::path pictures = folder.path() / "halves";
  for (std::int64_t i = 0; i < 30; ++i) {
    const std::string name = std::to_string(i) + ".png";
    write_png(pictures / "left" / name, half_bright(true, i));
    write_png(pictures / "right" / name, half_bright(false, i));
  }
  Options options;
  options.data = pictures.string();
  options.out = folder.path() / "out";
  options.threads = 1;
  options.no_gpu = true;
  Program program({"07", "07_test", "", ""}, options, "07_test");
  ReportFlags flags;
  flags.epochs = 15;
  learn_own_pictures(program, flags);

  const auto& values = program.results().values();
  EXPECT_EQ(std::get<double>(values.at("own.test_accuracy")), 1);
  EXPECT_EQ(std::get<std::vector<double>>(values.at("confusion.counts")),
            (std::vector<double>{5, 0, 0, 5}));
  for (const char* name : {"confusion.png", "worst.png"}) {
    EXPECT_TRUE(fs::exists(options.out / "07" / name)) << name;
  }

  Classifier classifier(load_model(options.out / "07" / "model.safetensors"));
  const fs::path asked = folder.path() / "asked.png";
  write_png(asked, half_bright(false, 7));
  const auto answers = answers_for(classifier, std::span(&asked, 1), false);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].error, "");
  ASSERT_EQ(answers[0].probabilities.size(), 2U);
  EXPECT_GT(answers[0].probabilities[1], 0.5);
}

}  // namespace
}  // namespace cnn
