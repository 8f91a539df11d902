#include <gtest/gtest.h>
#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "chapters/07_four_reports/classifier.hpp"
#include "chapters/07_four_reports/onnx_file.hpp"
#include "tests/chapters/07_four_reports/onnx_networks.hpp"
#include "tests/chapters/07_four_reports/onnx_reference.hpp"
#include "tests/chapters/07_four_reports/toy_model.hpp"
#include "tests/common/temporary_folder.hpp"

namespace cnn {
namespace {

onnx::ModelProto parse(const std::string& bytes) {
  onnx::ModelProto file;
  EXPECT_TRUE(file.ParseFromString(bytes));
  return file;
}

Model model_for(const test::ExportedNetwork& network) {
  return test::random_model(network.layers, network.picture, network.classes);
}

/// Logits of ours that are further from the file's than rounding can explain;
/// all of them when the file cannot be run.
std::int64_t outside(const onnx::ModelProto& file, const Model& model) {
  constexpr std::int64_t kPictures = 5;
  const auto pixels = test::random_pictures(model.picture, kPictures);
  Classifier classifier(model);
  const std::vector<float> logits = classifier.logits(pixels);
  const auto arrays = test::run_onnx(file, pixels, kPictures);
  const auto& numbers = arrays.at("logits").numbers;
  EXPECT_EQ(numbers.size(), logits.size());
  std::int64_t failures = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double error = std::abs(logits[i] - numbers[i].value);
    failures += error <= numbers[i].error ? 0 : 1;
  }
  return failures;
}

TEST(Onnx, FilesMeanWhatTheNetworkComputes) {
  for (const auto& network : test::exported_networks(false)) {
    const Model model = model_for(network);
    EXPECT_EQ(outside(parse(encode_onnx(model)), model), 0) << network.layers;
  }
}

TEST(Onnx, ProbabilitiesAreTheSoftmaxOfLogits) {
  const Model model = test::random_model("3", {1, 1, 2, 2}, 3);
  const auto pixels = test::random_pictures(model.picture, 1);
  const auto arrays = test::run_onnx(parse(encode_onnx(model)), pixels, 1);
  std::vector<float> logits;
  for (const auto& number : arrays.at("logits").numbers) {
    logits.push_back(static_cast<float>(number.value));
  }
  const std::vector<double> wanted = probabilities(logits);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(arrays.at("probabilities").numbers[i].value, wanted[i], 1e-6);
  }
}

TEST(Onnx, TheFormatsOwnCheckerAndItsShapesAgree) {
  for (const auto& network : test::exported_networks(true)) {
    onnx::ModelProto file = parse(encode_onnx(model_for(network)));
    EXPECT_NO_THROW(onnx::checker::check_model(file)) << network.layers;
    // What the operators say must not contradict what we say of the outputs.
    const onnx::ShapeInferenceOptions strict(true, 1, false);
    EXPECT_NO_THROW(onnx::shape_inference::InferShapes(
        file, onnx::OpSchemaRegistry::Instance(), strict))
        << network.layers;
    for (const auto& output : file.graph().output()) {
      const auto& shape = output.type().tensor_type().shape();
      ASSERT_EQ(shape.dim_size(), 2) << network.layers;
      EXPECT_EQ(shape.dim(0).dim_param(), "batch");
      EXPECT_EQ(shape.dim(1).dim_value(), network.classes);
    }
  }
}

TEST(Onnx, WeightsAreThereToTheBit) {
  const Model model = model_for(test::exported_networks(false)[2]);
  const onnx::ModelProto file = parse(encode_onnx(model));
  for (const NamedTensor& tensor : model.tensors) {
    const auto& all = file.graph().initializer();
    const auto found = std::find_if(
        all.begin(), all.end(),
        [&](const auto& each) { return each.name() == tensor.name; });
    ASSERT_NE(found, all.end()) << tensor.name;
    EXPECT_TRUE(std::ranges::equal(found->dims(), tensor.shape));
    const std::string& raw = found->raw_data();
    ASSERT_EQ(raw.size(), tensor.values.size() * sizeof(float));
    EXPECT_EQ(std::memcmp(raw.data(), tensor.values.data(), raw.size()), 0);
  }
}

TEST(Onnx, FilesSayWhatTheyAre) {
  const TemporaryFolder folder;
  Model model = model_for(test::exported_networks(false)[2]);
  model.class_names[1] = "\"two\"";
  write_onnx(folder.path() / "a.onnx", model);
  const onnx::ModelProto file = parse(read_text(folder.path() / "a.onnx"));
  EXPECT_EQ(file.ir_version(), kOnnxIrVersion);
  ASSERT_EQ(file.opset_import_size(), 1);
  EXPECT_EQ(file.opset_import(0).version(), kOnnxOpset);
  std::map<std::string, std::string> metadata;
  for (const auto& entry : file.metadata_props()) {
    metadata[entry.key()] = entry.value();
  }
  EXPECT_EQ(metadata["layers"], model.layers);
  EXPECT_EQ(metadata["recipe"], model.recipe);
  EXPECT_EQ(nlohmann::json::parse(metadata["classes"]),
            nlohmann::json(model.class_names));
  for (const auto& node : file.graph().node()) {
    EXPECT_NE(node.op_type(), "Dropout");
  }
}

// If these went unnoticed, the tests above would prove nothing.
TEST(Onnx, BrokenFilesAreFound) {
  const Model model =
      test::random_model("4C3s2p1-BN-R-P2-6-R-D0.5-5", {1, 2, 11, 9}, 5);
  const onnx::ModelProto right = parse(encode_onnx(model));
  ASSERT_EQ(outside(right, model), 0);
  const auto node = [](onnx::ModelProto& file, const std::string& type) {
    auto& all = *file.mutable_graph()->mutable_node();
    return std::find_if(all.begin(), all.end(), [&](const auto& each) {
      return each.op_type() == type;
    });
  };
  const auto constant = [](onnx::ModelProto& file, const std::string& name) {
    auto& all = *file.mutable_graph()->mutable_initializer();
    return std::find_if(all.begin(), all.end(),
                        [&](const auto& each) { return each.name() == name; });
  };
  const auto found = [&](const std::function<void(onnx::ModelProto&)>& change) {
    onnx::ModelProto file = right;
    change(file);
    return outside(file, model) > 0;
  };
  EXPECT_TRUE(found(
      [&](auto& file) { node(file, "MaxPool")->set_op_type("AveragePool"); }));
  EXPECT_TRUE(
      found([&](auto& file) { node(file, "Relu")->set_op_type("Cast"); }));
  EXPECT_TRUE(found([&](auto& file) {
    node(file, "BatchNormalization")->mutable_attribute(0)->set_f(1e-3F);
  }));
  EXPECT_TRUE(found([&](auto& file) {
    node(file, "BatchNormalization")->mutable_input()->SwapElements(1, 4);
  }));
  EXPECT_TRUE(found([&](auto& file) {
    std::swap(*constant(file, "scale")->mutable_raw_data(),
              *constant(file, "offset")->mutable_raw_data());
  }));
  EXPECT_TRUE(found([&](auto& file) {
    std::ranges::reverse(*constant(file, "0.weight")->mutable_raw_data());
  }));
  EXPECT_TRUE(found([&](auto& file) {
    *constant(file, "5.bias")->mutable_raw_data() = std::string(24, '\0');
  }));
}

}  // namespace
}  // namespace cnn
