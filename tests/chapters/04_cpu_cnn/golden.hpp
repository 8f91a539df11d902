/// @file
/// The golden values that golden/make_golden.py has PyTorch make.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "common/tensor.hpp"

namespace cnn::test {

/// An array of a golden file. Outputs have a bound, inputs are exact in float.
struct GoldenArray {
  Shape shape;  ///< NCHW; sizes that the file leaves out are 1
  std::vector<double> value;
  std::vector<double> magnitude;
  std::int64_t terms = 0;

  std::vector<float> floats() const { return {value.begin(), value.end()}; }
};

/// One operation with its inputs, and what comes out.
struct GoldenCase {
  std::string name;
  std::string operation;
  nlohmann::json numbers;  ///< stride, padding, ...
  std::map<std::string, GoldenArray> inputs;
  std::map<std::string, GoldenArray> outputs;

  std::int64_t number(const char* key) const {
    return numbers.at(key).get<std::int64_t>();
  }
  const Shape& shape_of(const char* input) const {
    return inputs.at(input).shape;
  }
};

inline nlohmann::json golden_file(const std::string& name) {
  const auto path = std::filesystem::path(COURSE_SOURCE_DIR) /
                    "tests/chapters/04_cpu_cnn/golden" / name;
  std::ifstream stream(path);
  return nlohmann::json::parse(stream);
}

inline GoldenArray golden_array(const nlohmann::json& json) {
  GoldenArray array;
  std::vector<std::int64_t> sizes = json.at("shape");
  sizes.resize(4, 1);
  array.shape = {sizes[0], sizes[1], sizes[2], sizes[3]};
  json.at("value").get_to(array.value);
  array.magnitude = json.value("magnitude", std::vector<double>());
  array.terms = json.value("terms", std::int64_t{0});
  return array;
}

inline std::vector<GoldenCase> golden_cases() {
  std::vector<GoldenCase> cases;
  const nlohmann::json file = golden_file("layers.json");
  for (const nlohmann::json& json : file.at("cases")) {
    GoldenCase one{json.at("name"), json.at("operation"), json, {}, {}};
    for (const auto& [name, array] : json.at("inputs").items()) {
      one.inputs[name] = golden_array(array);
    }
    for (const auto& [name, array] : json.at("outputs").items()) {
      one.outputs[name] = golden_array(array);
    }
    cases.push_back(std::move(one));
  }
  return cases;
}

}  // namespace cnn::test
