#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "chapters/04_cpu_cnn/evaluate.hpp"
#include "chapters/07_four_reports/answers.hpp"
#include "chapters/07_four_reports/model_file.hpp"
#include "chapters/07_four_reports/tool.hpp"
#include "common/errors.hpp"
#include "tests/chapters/07_four_reports/toy_model.hpp"
#include "tests/common/temporary_folder.hpp"

namespace cnn {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A square of 8x8: one grey outside, another in the middle 4x4.
Bytes square(std::uint8_t outside, std::uint8_t inside) {
  Bytes bytes(64, outside);
  for (std::size_t y = 2; y < 6; ++y) {
    for (std::size_t x = 2; x < 6; ++x) bytes[8 * y + x] = inside;
  }
  return bytes;
}

TEST(Ground, IsTheBordersWhenTheMiddleDiffers) {
  EXPECT_EQ(ground_of(square(0, 200), 8, 8), Ground::kDark);
  EXPECT_EQ(ground_of(square(255, 30), 8, 8), Ground::kLight);
  EXPECT_EQ(ground_of(square(200, 150), 8, 8), Ground::kLight);
  EXPECT_EQ(ground_of(square(100, 100), 8, 8), Ground::kMixed);
  EXPECT_EQ(ground_of(square(200, 255), 8, 8), Ground::kMixed);
  EXPECT_EQ(ground_of(square(50, 0), 8, 8), Ground::kMixed);
  EXPECT_EQ(ground_of(Bytes{0, 255}, 1, 2), Ground::kMixed);
}

TEST(Ground, OfADataSetIsThatOfNineInTen) {
  Dataset pictures;
  pictures.channels = 1;
  pictures.height = 8;
  pictures.width = 8;
  const auto add = [&](const Bytes& more, int times) {
    for (int i = 0; i < times; ++i) {
      pictures.pixels.insert(pictures.pixels.end(), more.begin(), more.end());
      ++pictures.count;
    }
  };
  add(square(0, 200), 9);
  EXPECT_EQ(ground_of(pictures), Ground::kDark);
  add(square(255, 0), 1);
  EXPECT_EQ(ground_of(pictures), Ground::kDark);
  add(square(255, 0), 1);
  EXPECT_EQ(ground_of(pictures), Ground::kMixed);
}

TEST(Ground, OfTheDigitsIsDark) {
  EXPECT_EQ(ground_of(load_dataset("mnist").test), Ground::kDark);
}

/// As large as `factor` says, in colour.
Picture enlarged(const Bytes& bytes, std::int64_t factor) {
  const std::int64_t side = 8 * factor;
  Picture picture{side, side, 3, {}};
  for (std::int64_t y = 0; y < side; ++y) {
    for (std::int64_t x = 0; x < side; ++x) {
      const auto at = static_cast<std::size_t>(y / factor * 8 + x / factor);
      picture.pixels.insert(picture.pixels.end(), 3, bytes[at]);
    }
  }
  return picture;
}

Bytes negative(Bytes bytes) {
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(~byte);
  return bytes;
}

TEST(Prepare, UndoesSizeAndColour) {
  const Model model = test::random_model("3", {1, 1, 8, 8}, 3);
  const Bytes bytes = square(20, 220);
  const Prepared prepared = prepare(enlarged(bytes, 5), model);
  EXPECT_EQ(prepared.pixels, bytes);
  EXPECT_FALSE(prepared.inverted);
}

TEST(Prepare, InvertsWhereTheModelLearntFromTheOpposite) {
  Model model = test::random_model("3", {1, 1, 8, 8}, 3);
  const Bytes chalk = square(20, 220);
  const Bytes ink = negative(chalk);
  const auto inverted = [&](Ground ground, const Bytes& bytes,
                            std::optional<bool> wish = {}) {
    model.ground = ground;
    const Prepared prepared = prepare({8, 8, 1, bytes}, model, wish);
    EXPECT_EQ(prepared.pixels, prepared.inverted ? negative(bytes) : bytes);
    return prepared.inverted;
  };
  EXPECT_TRUE(inverted(Ground::kDark, ink));
  EXPECT_FALSE(inverted(Ground::kDark, chalk));
  EXPECT_TRUE(inverted(Ground::kLight, chalk));
  EXPECT_FALSE(inverted(Ground::kLight, ink));
  EXPECT_FALSE(inverted(Ground::kMixed, ink));
  EXPECT_FALSE(inverted(Ground::kMixed, chalk));
  EXPECT_FALSE(inverted(Ground::kDark, ink, false));
  EXPECT_TRUE(inverted(Ground::kDark, chalk, true));
}

TEST(Prepare, RefusesAModelForColours) {
  const Model model = test::random_model("3", {1, 3, 8, 8}, 3);
  EXPECT_THROW(prepare({8, 8, 1, square(0, 1)}, model), InputError);
}

TEST(Probabilities, AddUpToOneHoweverLargeTheLogits) {
  const std::vector<float> logits{1e30F, -1e30F, 1e30F, 0};
  EXPECT_EQ(probabilities(logits), (std::vector<double>{0.5, 0, 0.5, 0}));
  const std::vector<float> others{1, 2, 3};
  const auto shares = probabilities(others);
  EXPECT_NEAR(shares[2] / shares[1], std::exp(1.0), 1e-12);
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), 1, 1e-12);
}

/// The trained network, as it was before it went through a file.
class Bars : public ::testing::Test {
 protected:
  static const Model& model() {
    static const Model trained = test::model_of_bars();
    return trained;
  }
};

TEST_F(Bars, AreToldApartAfterALoad) {
  const TemporaryFolder folder;
  save_model(folder.path() / "model", model());
  Classifier classifier(load_model(folder.path() / "model"));
  const Dataset test = make_bars(60, 2);
  const std::vector<float> logits = classifier.logits(test.pixels);

  const auto backend = make_cpu_backend(1);
  const auto network = network_of(model(), *backend, 15);
  const DeviceDataset dataset(*backend, test, model().scaling);
  const auto wanted = predict(*network, dataset, test.labels);
  std::int64_t right = 0;
  for (std::size_t n = 0; n < 60; ++n) {
    const auto row = std::span(logits).subspan(3 * n, 3);
    const auto best = std::ranges::max_element(row) - row.begin();
    EXPECT_EQ(best, wanted[n].said);
    EXPECT_NEAR(probabilities(row)[static_cast<std::size_t>(best)],
                wanted[n].confidence, 1e-12);
    right += best == test.labels[n] ? 1 : 0;
  }
  EXPECT_GT(right, 54);
}

TEST_F(Bars, GetTheSameAnswerAloneAsAmongOthers) {
  Classifier classifier(model());
  const Dataset test = make_bars(11, 3);  // no multiple of a batch
  const std::vector<float> together = classifier.logits(test.pixels);
  ASSERT_EQ(together.size(), 33U);
  for (std::int64_t n = 0; n < test.count; ++n) {
    const auto alone = classifier.logits(test.picture(n));
    const auto row =
        std::span(together).subspan(3 * static_cast<std::size_t>(n), 3);
    EXPECT_TRUE(std::ranges::equal(alone, row)) << n;
  }
}

TEST_F(Bars, AreReadFromFilesAndABrokenOneKeepsNobodyBack) {
  const TemporaryFolder folder;
  const Dataset test = make_bars(3, 4);
  std::vector<std::filesystem::path> files;
  for (std::int64_t n = 0; n < 3; ++n) {
    const auto bytes = test.picture(n);
    files.push_back(folder.path() / (std::to_string(n) + ".png"));
    write_png(files.back(), enlarged({bytes.begin(), bytes.end()}, 6));
  }
  files.insert(files.begin() + 1, folder.path() / "broken.png");
  write_text(files[1], "\x89PNG and nothing behind it");

  Classifier classifier(model());
  const auto answers = answers_for(classifier, files);
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_NE(answers[1].error.find("broken.png"), std::string::npos);
  const std::vector<float> logits = classifier.logits(test.pixels);
  for (const std::size_t n : {0U, 1U, 2U}) {
    const Answer& answer = answers[n == 0 ? 0 : n + 1];
    EXPECT_EQ(answer.error, "");
    EXPECT_EQ(answer.probabilities,
              probabilities(std::span(logits).subspan(3 * n, 3)));
  }

  const auto json = nlohmann::json::parse(to_json(answers, model()));
  EXPECT_EQ(json.at("classes").size(), 3U);
  EXPECT_EQ(json.at("pictures").size(), 4U);
  EXPECT_EQ(json["pictures"][0]["class"], "upright");
  EXPECT_EQ(json["pictures"][2]["class"], "level");
  EXPECT_EQ(json["pictures"][1]["error"], answers[1].error);
  EXPECT_EQ(json["pictures"][3]["probabilities"].size(), 3U);
}

TEST(Answers, OfNoPicturesAreNone) {
  Classifier classifier(test::random_model("3", {1, 1, 8, 8}, 3));
  EXPECT_TRUE(answers_for(classifier, {}).empty());
}

TEST(Answers, AreShownWithTheMostProbableFirst) {
  Model model = test::random_model("3", {1, 1, 8, 8}, 3);
  model.class_names = {"cat", "dog", "a horse"};
  Answer answer;
  answer.file = "a.png";
  answer.picture.pixels = square(0, 255);
  answer.picture.inverted = true;
  answer.probabilities = {0.25, 0.7, 0.05};
  const std::string text = to_text(answer, model);
  EXPECT_TRUE(text.starts_with("a.png: dog\ninverted")) << text;
  EXPECT_NE(text.find("    ████    cat "), std::string::npos) << text;
  EXPECT_LT(text.find(" 70.00 %"), text.find(" 25.00 %"));
  EXPECT_LT(text.find(" 25.00 %"), text.find("  5.00 %"));
}

TEST(FindModel, SaysHowToMakeOne) {
  const TemporaryFolder folder;
  try {
    find_model("", folder.path());
    FAIL();
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what())
                  .find("./course run 7 --only 001/one-cycle --save"),
              std::string::npos);
  }
  const Model model = test::random_model("3", {1, 1, 8, 8}, 3);
  save_model(usual_model(folder.path()), model);
  EXPECT_EQ(find_model("", folder.path()).layers, "3");
  EXPECT_THROW(find_model(folder.path() / "other", folder.path()), InputError);
}

TEST(RunTool, TurnsErrorsIntoExitStatuses) {
  EXPECT_EQ(run_tool([] { return 0; }), 0);
  EXPECT_EQ(run_tool([] { return 2; }), 2);
  EXPECT_EQ(run_tool([]() -> int { throw InputError("bad"); }), 2);
  EXPECT_EQ(run_tool([]() -> int { throw SkipError("no"); }), 77);
  EXPECT_EQ(run_tool([]() -> int { throw std::bad_alloc(); }), 2);
  EXPECT_EQ(run_tool([]() -> int { throw std::logic_error("oh"); }), 1);
}

}  // namespace
}  // namespace cnn
