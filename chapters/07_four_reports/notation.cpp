// region quiet: includes
#include "chapters/07_four_reports/notation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

#include "common/errors.hpp"
// endregion

// region notation-piece
namespace cnn {
namespace {

/// What lies between two hyphens, eaten from the left.
struct Piece {
  std::string_view rest;

  bool take(std::string_view word) {
    if (!rest.starts_with(word)) return false;
    rest.remove_prefix(word.size());
    return true;
  }
  /// A number, if one comes next.
  template <typename Number>
  std::optional<Number> number() {
    Number value{};
    const auto [end, error] =
        std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc{}) return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return value;
  }
  /// The whole number after `word`; `otherwise` when `word` is not there.
  std::int64_t number_after(std::string_view word, std::int64_t otherwise) {
    return take(word) ? number<std::int64_t>().value_or(-1) : otherwise;
  }
};
// endregion

// region notation-layer
/// No report comes near; products of such numbers fit in 63 bits.
constexpr std::int64_t kMostOutputs = 65'536;
constexpr std::int64_t kLargestSize = 1'024;  // of kernels, strides, padding

std::optional<NotedLayer> convolution(Piece& piece, std::int64_t outputs) {
  NotedLayer layer{.kind = NotedLayer::Kind::kConvolution, .outputs = outputs};
  layer.size = piece.number<std::int64_t>().value_or(0);
  layer.stride = piece.number_after("s", 1);
  layer.padding = piece.number_after("p", 0);
  if (layer.size < 1 || layer.stride < 1 || layer.padding < 0 ||
      std::max({layer.size, layer.stride, layer.padding}) > kLargestSize) {
    return std::nullopt;
  }
  return layer;
}

/// The layer that a piece stands for, if it stands for one.
std::optional<NotedLayer> layer_from(Piece& piece) {
  using Kind = NotedLayer::Kind;
  if (piece.take("BN")) return NotedLayer{.kind = Kind::kBatchNorm};
  if (piece.take("R")) return NotedLayer{.kind = Kind::kRelu};
  if (piece.take("D")) {
    const float probability = piece.number<float>().value_or(-1.0F);
    // Written so that NaN, which a number may be called, is refused, too.
    if (!(probability >= 0 && probability < 1)) return std::nullopt;
    return NotedLayer{.kind = Kind::kDropout, .probability = probability};
  }
  const bool largest = piece.take("P");
  const bool pool = largest || piece.take("A");
  const auto number = piece.number<std::int64_t>();
  const std::int64_t most = pool ? kLargestSize : kMostOutputs;
  if (!number || *number < 1 || *number > most) return std::nullopt;
  if (pool) {
    return NotedLayer{.kind = largest ? Kind::kMaxPool : Kind::kAveragePool,
                      .size = *number,
                      .stride = *number};
  }
  if (piece.take("C")) return convolution(piece, *number);
  return NotedLayer{.kind = Kind::kDense, .outputs = *number};
}
// endregion

// region read-notation
[[noreturn]] void refuse(std::string_view line, std::size_t place,
                         std::string_view piece) {
  throw InputError(fmt::format(
      "network '{}', piece {} from its left: found '{}', expected such as "
      "8C3p1, P2, A2, BN, R, D0.3 or 128",
      line, place + 1, piece));
}

}  // namespace

std::vector<NotedLayer> read_notation(std::string_view line) {
  std::vector<NotedLayer> layers;
  bool features = false;
  std::size_t begin = 0;
  while (begin <= line.size()) {
    const std::size_t end = std::min(line.find('-', begin), line.size());
    const std::string_view text = line.substr(begin, end - begin);
    Piece piece{text};
    std::optional<NotedLayer> layer = layer_from(piece);
    if (!layer || !piece.rest.empty()) refuse(line, begin, text);
    if (layer->kind == NotedLayer::Kind::kDense && !features) {
      layers.push_back({.kind = NotedLayer::Kind::kFlatten});
      features = true;
    }
    layer->features = features;
    layers.push_back(*layer);
    begin = end + 1;
  }
  return layers;
}
// endregion

// region notation-network
namespace {

std::shared_ptr<const Layer> make_layer(const NotedLayer& layer,
                                        Initialiser weight) {
  using Kind = NotedLayer::Kind;
  switch (layer.kind) {
    case Kind::kConvolution:
      return conv2d(layer.outputs, layer.size, layer.stride, layer.padding,
                    weight);
    case Kind::kDense:
      return dense(layer.outputs, weight);
    case Kind::kFlatten:
      return flatten();
    case Kind::kBatchNorm:
      return layer.features
                 ? batch_norm1d(NotedLayer::kMomentum, NotedLayer::kEpsilon)
                 : batch_norm2d(NotedLayer::kMomentum, NotedLayer::kEpsilon);
    case Kind::kRelu:
      return relu();
    case Kind::kMaxPool:
      return max_pool2d(layer.size);
    case Kind::kAveragePool:
      return average_pool2d(layer.size);
    case Kind::kDropout:
      return dropout(layer.probability);
  }
  return nullptr;
}

}  // namespace

Sequential network_from(std::string_view line, Initialiser weight) {
  Sequential model;
  for (const NotedLayer& layer : read_notation(line)) {
    model.layers.push_back(make_layer(layer, weight));
  }
  return model;
}
// endregion

// region notation-classes
std::string with_classes(std::string_view line, std::int64_t classes) {
  const std::size_t last = line.rfind('-') + 1;  // npos + 1 is 0
  const std::string_view end = line.substr(last);
  if (end.empty() ||
      end.find_first_not_of("0123456789") != std::string_view::npos) {
    throw InputError(
        fmt::format("network '{}': found '{}' at its end, expected the number "
                    "of classes",
                    line, end));
  }
  return fmt::format("{}{}", line.substr(0, last), classes);
}

}  // namespace cnn
// endregion
