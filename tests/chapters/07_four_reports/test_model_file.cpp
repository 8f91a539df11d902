#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "chapters/04_cpu_cnn/weights_file.hpp"
#include "chapters/07_four_reports/classifier.hpp"
#include "chapters/07_four_reports/model_file.hpp"
#include "common/errors.hpp"
#include "tests/chapters/07_four_reports/toy_model.hpp"
#include "tests/common/temporary_folder.hpp"

namespace cnn {
namespace {

constexpr auto kLayers = "2C3p1-BN-R-P2-5-BN-D0.5-3";

Model small_model() {
  return test::random_model(kLayers, {1, 2, 6, 8}, 3);
}

std::string refusal(const std::filesystem::path& path) {
  try {
    load_model(path);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// What load_model says to a file that was a model before `change`.
std::string refusal_after(const std::function<void(Safetensors&)>& change) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  save_model(path, small_model());
  Safetensors contents = read_safetensors(path);
  change(contents);
  write_safetensors(path, contents);
  const std::string said = refusal(path);
  EXPECT_TRUE(said.empty() || said.starts_with(path.string() + ": ")) << said;
  return said;
}

std::string refusal_of(const std::string& key, const std::string& value) {
  return refusal_after(
      [&](Safetensors& contents) { contents.metadata[key] = value; });
}

TEST(ModelFile, ComesBackAsItWas) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "new" / "model.safetensors";
  Model model = small_model();
  model.class_names = {"élan", "\"quoted\"", "plain"};
  model.ground = Ground::kLight;
  model.scaling.scale = {1.0F / 255, std::nextafter(1.0F, 2.0F)};
  save_model(path, model);
  const Model loaded = load_model(path);
  EXPECT_EQ(loaded.layers, kLayers);
  EXPECT_EQ(loaded.picture, model.picture);
  EXPECT_EQ(loaded.scaling.scale, model.scaling.scale);
  EXPECT_EQ(loaded.scaling.offset, model.scaling.offset);
  EXPECT_EQ(loaded.ground, model.ground);
  EXPECT_EQ(loaded.class_names, model.class_names);
  EXPECT_EQ(loaded.recipe, model.recipe);
  ASSERT_EQ(loaded.tensors.size(), 14U);
  for (std::size_t i = 0; i < loaded.tensors.size(); ++i) {
    EXPECT_EQ(loaded.tensors[i].name, model.tensors[i].name);
    EXPECT_EQ(loaded.tensors[i].shape, model.tensors[i].shape);
    EXPECT_EQ(loaded.tensors[i].values, model.tensors[i].values);
  }
}

TEST(ModelFile, IsAlsoAFileOfWeights) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  const Model model = small_model();
  save_model(path, model);
  const auto backend = make_cpu_backend(1);
  Network network(layers_of(model), {4, 2, 6, 8}, *backend, 77);
  load_weights(path, network);
  const auto wanted = network_of(model, *backend, 4);
  EXPECT_EQ(download_weights(network).parameters,
            download_weights(*wanted).parameters);
  EXPECT_EQ(download_weights(network).buffers,
            download_weights(*wanted).buffers);
}

TEST(ModelFile, RefusesWhatIsNoModel) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "file";
  EXPECT_NE(refusal(path).find("no such file"), std::string::npos);
  write_text(path, "not a model at all");
  EXPECT_NE(refusal(path).find("safetensors"), std::string::npos);
  const auto backend = make_cpu_backend(1);
  save_weights(path, *network_of(small_model(), *backend, 2));
  EXPECT_NE(refusal(path).find("no \"schema\""), std::string::npos)
      << refusal(path);
}

TEST(ModelFile, RefusesEveryDamage) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  save_model(path, small_model());
  const std::string whole = read_text(path);
  for (std::size_t length = 0; length < whole.size(); length += 97) {
    write_text(path, whole.substr(0, length));
    EXPECT_NE(refusal(path), "") << length;
  }
  // Without its name, nobody would know that there is a checksum.
  const std::string key = "crc32";
  const std::size_t name = whole.find(key);
  for (std::size_t place = 0; place < whole.size(); place += 61) {
    if (place >= name && place < name + key.size()) continue;
    std::string flipped = whole;
    flipped[place] = static_cast<char>(flipped[place] ^ 4);
    write_text(path, flipped);
    EXPECT_NE(refusal(path), "") << place;
  }
}

TEST(ModelFile, RefusesMetadataThatMakeNoSense) {
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, std::string>>{
           {"schema", "loops-to-warps/model/2"},
           {"layers", ""},
           {"layers", "2C3p1-Q-3"},
           {"layers", std::string(2000, '-')},
           {"picture", ""},
           {"picture", "8"},
           {"picture", "[2,6]"},
           {"picture", "[2,6,8,1]"},
           {"picture", "[2,0,8]"},
           {"picture", "[2,-6,-8]"},
           {"picture", "[2,6.5,8]"},
           {"picture", "[16384,16384,16384]"},
           {"picture", "[18446744073709551615,6,8]"},
           {"scale", "[]"},
           {"scale", "[1]"},
           {"scale", "[1,2,3]"},
           {"scale", "[1,\"2\"]"},
           {"offset", "[1,1e300]"},
           {"offset", "[1,1e999]"},
           {"ground", "grey"},
           {"classes", "[]"},
           {"classes", "[\"a\",\"b\"]"},
           {"classes", "[\"a\",\"b\",3]"},
           {"classes", "[\"a\",\"b\",\"\"]"},
           {"classes", "[\"a\",\"b\",\"\\u001b[2J\"]"},
           {"classes", "{\"a\":\"a\",\"b\":\"b\",\"c\":\"c\"}"}}) {
    const std::string said = refusal_of(key, value);
    EXPECT_NE(said.find(key == "layers" ? "" : key), std::string::npos)
        << key << ": " << said;
    EXPECT_NE(said, "") << key << ": " << value;
  }
  for (const char* key : {"schema", "layers", "picture", "scale", "offset",
                          "ground", "classes", "recipe"}) {
    const std::string said = refusal_after(
        [&](Safetensors& contents) { contents.metadata.erase(key); });
    EXPECT_NE(said.find(std::string("no \"") + key + '"'), std::string::npos)
        << said;
  }
}

TEST(ModelFile, RefusesLayersThatDoNotFitTheRest) {
  // Another width of the hidden layer, another end, another kind of layer.
  EXPECT_NE(refusal_of("layers", "2C3p1-BN-R-P2-7-BN-D0.5-3").find("tensor"),
            std::string::npos);
  EXPECT_NE(refusal_of("layers", "2C3p1-BN-R-P2-5-BN-D0.5-4").find("classes"),
            std::string::npos);
  EXPECT_NE(refusal_of("layers", "2C3p1-BN-R-P2").find("classes"),
            std::string::npos);
  EXPECT_NE(refusal_of("layers", "2C3p1-R-R-P2-5-BN-D0.5-3")
                .find("more than this network has"),
            std::string::npos);
  EXPECT_NE(refusal_of("layers", "2C9-3").find("does not fit"),
            std::string::npos);
  EXPECT_NE(refusal_of("picture", "[2,8,8]").find("tensor"), std::string::npos);
  // Nothing is allocated for what no memory could hold.
  EXPECT_NE(refusal_of("layers", "65536C1p1024-65536C1p1024-3").find("memory"),
            std::string::npos);
}

TEST(ModelFile, RefusesTensorsThatDoNotFit) {
  EXPECT_NE(refusal_after([](Safetensors& contents) {
              contents.tensors.pop_back();
            }).find("found none"),
            std::string::npos);
  EXPECT_NE(refusal_after([](Safetensors& contents) {
              contents.tensors.push_back({"9.weight", {1}, {0}});
            }).find("more than this network has"),
            std::string::npos);
  EXPECT_NE(refusal_after([](Safetensors& contents) {
              std::swap(contents.tensors[0].shape[0],
                        contents.tensors[0].shape[2]);
            }).find("shape"),
            std::string::npos);
  for (const float value : {std::numeric_limits<float>::quiet_NaN(),
                            -std::numeric_limits<float>::infinity()}) {
    EXPECT_NE(refusal_after([&](Safetensors& contents) {
                contents.tensors.back().values.back() = value;
              }).find("finite"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace cnn
