// region quiet: includes
#include "chapters/07_four_reports/notation.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <system_error>

#include "common/errors.hpp"

namespace cnn {
namespace {
// endregion

// region notation-piece
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
/// The layer that a piece stands for; null when it stands for none.
/// @param features whether what comes in is features already, not pictures
std::shared_ptr<const Layer> layer_from(Piece piece, Initialiser weight,
                                        bool features) {
  std::shared_ptr<const Layer> layer;
  if (piece.take("BN")) {
    layer = features ? batch_norm1d() : batch_norm2d();
  } else if (piece.take("R")) {
    layer = relu();
  } else if (piece.take("D")) {
    const double probability = piece.number<double>().value_or(-1);
    if (probability < 0 || probability >= 1) return nullptr;
    layer = dropout(static_cast<float>(probability));
  } else if (piece.rest.starts_with("P") || piece.rest.starts_with("A")) {
    const bool largest = piece.take("P");
    const std::int64_t size = largest ? piece.number<std::int64_t>().value_or(0)
                                      : piece.number_after("A", 0);
    if (size < 1) return nullptr;
    layer = largest ? max_pool2d(size) : average_pool2d(size);
  } else {
    const std::int64_t outputs = piece.number<std::int64_t>().value_or(0);
    if (outputs < 1) return nullptr;
    if (piece.take("C")) {
      const std::int64_t kernel = piece.number<std::int64_t>().value_or(0);
      const std::int64_t stride = piece.number_after("s", 1);
      const std::int64_t padding = piece.number_after("p", 0);
      if (kernel < 1 || stride < 1 || padding < 0) return nullptr;
      layer = conv2d(outputs, kernel, stride, padding, weight);
    } else {
      layer = dense(outputs, weight);
    }
  }
  return piece.rest.empty() ? layer : nullptr;
}
// endregion

// region notation-network
/// A dense layer's piece: nothing but digits.
bool is_dense(std::string_view piece) {
  return !piece.empty() &&
         piece.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Sequential network_from(std::string_view line, Initialiser weight) {
  Sequential model;
  bool features = false;
  std::size_t begin = 0;
  while (begin <= line.size()) {
    const std::size_t end = std::min(line.find('-', begin), line.size());
    const std::string_view piece = line.substr(begin, end - begin);
    if (is_dense(piece) && !features) {
      model.layers.push_back(flatten());
      features = true;
    }
    auto layer = layer_from({piece}, weight, features);
    if (layer == nullptr) {
      throw InputError(fmt::format(
          "network '{}', piece {} from its left: found '{}', expected such as "
          "8C3p1, P2, A2, BN, R, D0.3 or 128",
          line, begin + 1, piece));
    }
    model.layers.push_back(std::move(layer));
    begin = end + 1;
  }
  return model;
}

std::string with_classes(std::string_view line, std::int64_t classes) {
  const std::size_t last = line.rfind('-') + 1;  // npos + 1 is 0
  if (!is_dense(line.substr(last))) {
    throw InputError(
        fmt::format("network '{}': found '{}' at its end, expected the number "
                    "of classes",
                    line, line.substr(last)));
  }
  return fmt::format("{}{}", line.substr(0, last), classes);
}

}  // namespace cnn
// endregion
