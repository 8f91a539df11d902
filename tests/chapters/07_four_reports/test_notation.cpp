#include <gtest/gtest.h>

#include "chapters/04_cpu_cnn/network.hpp"
#include "chapters/04_cpu_cnn/networks.hpp"
#include "chapters/07_four_reports/notation.hpp"
#include "common/errors.hpp"

namespace cnn {
namespace {

constexpr Initialiser kXavier{Initialiser::Kind::kXavierNormal};
const Shape kPicture{1, 1, 28, 28};

std::vector<std::string> descriptions(const Sequential& model) {
  std::vector<std::string> all;
  for (const LayerSummary& layer : summarise(model, kPicture)) {
    all.push_back(layer.description);
  }
  return all;
}

std::string refusal(std::string_view line) {
  try {
    network_from(line, kXavier);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Notation, WritesDownTheReportsNetworks) {
  EXPECT_EQ(descriptions(network_from("32C3-R-P2-64C3-R-P2-128-R-10", kXavier)),
            descriptions(network_001()));
  EXPECT_EQ(descriptions(network_from(
                "40C3p1-BN-R-P2-60C3p1-BN-R-P2-25-BN-R-50-BN-R-10", kXavier)),
            descriptions(network_002()));
  EXPECT_EQ(descriptions(network_from("8C3p1-R-P2-D0.3-10", kXavier)).size(),
            descriptions(network_003()).size());
}

TEST(Notation, KnowsStrideAndMean) {
  const Sequential model = network_from("4C5s2p2-A2-3", kXavier);
  const auto shapes = output_shapes(model, kPicture);
  EXPECT_EQ(shapes[0], (Shape{1, 4, 14, 14}));
  EXPECT_EQ(shapes[1], (Shape{1, 4, 7, 7}));
  EXPECT_EQ(
      descriptions(model)[1],
      descriptions({{conv2d(4, 5, 2, 2, kXavier), average_pool2d(2)}})[1]);
}

TEST(Notation, HandsOnHowWeightsBegin) {
  const Sequential model = network_from("4C3-7", kXavier);
  for (const int layer : {0, 2}) {
    const auto parameters =
        model.layers[static_cast<std::size_t>(layer)]->parameters(kPicture);
    EXPECT_EQ(parameters[0].initialiser.kind, kXavier.kind) << layer;
  }
}

TEST(Notation, RefusesWhatIsNoLayerAndSaysWhere) {
  for (const char* line : {"", "8C3-", "8C3--R", "8C", "C3", "0", "-10", "P",
                           "P0", "D1", "D-0.1", "D", "R2", "BNR", "8C3x1",
                           "8C3p", "8C0", "8C3s0", "99999999999999999999"}) {
    EXPECT_NE(refusal(line), "") << line;
  }
  EXPECT_EQ(refusal("8C3-Q2-10"),
            "network '8C3-Q2-10', piece 5 from its left: found 'Q2', expected "
            "such as 8C3p1, P2, A2, BN, R, D0.3 or 128");
}

TEST(Notation, TakesAnotherNumberOfClasses) {
  EXPECT_EQ(with_classes("8C3-R-10", 3), "8C3-R-3");
  EXPECT_EQ(with_classes("10", 26), "26");
  EXPECT_THROW(with_classes("8C3-R", 3), InputError);
  EXPECT_THROW(with_classes("", 3), InputError);
}

}  // namespace
}  // namespace cnn
