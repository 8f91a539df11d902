/// @file
/// What an ONNX file means, in float64: each operator by its definition, with a
/// bound for what float32 may make of it.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace cnn::test {

/// A number, and how far a float32 computation may be from it: inherited from
/// the inputs, and added by roundings in any order, however operators are
/// fused.
struct Bounded {
  double value = 0;
  double error = 0;
};

/// An array of such numbers.
struct BoundedArray {
  std::vector<std::int64_t> shape;
  std::vector<Bounded> numbers;
};

/// Runs the graph on `count` pictures. Knows the operators that we write, and
/// throws std::invalid_argument at any other, as at names that nobody defines.
/// @returns all that nodes have written, by name
std::map<std::string, BoundedArray> run_onnx(
    const onnx::ModelProto& model, std::span<const std::uint8_t> pixels,
    std::int64_t count);

}  // namespace cnn::test
