#include "exercise.hpp"

namespace cnn {
namespace {

template <std::size_t kSize>
using Row = std::array<Number, kSize>;

Row<4> transformed(const Row<4>& d) {
  return {d[0] - d[2], d[1] + d[2], d[2] - d[1], d[1] - d[3]};
}

Row<4> transformed(const Row<3>& g) {
  const Number ends = g[0] + g[2];
  return {g[0], (ends + g[1]).half(), (ends - g[1]).half(), g[2]};
}

Row<2> summed(const Row<4>& m) {
  return {m[0] + m[1] + m[2], m[1] - m[2] - m[3]};
}

// Does it to all rows; what becomes of row i is column i of the result. Twice
// is once for the rows and once for the columns.
template <std::size_t kTo, std::size_t kFrom, std::size_t kRows>
std::array<Row<kRows>, kTo> turned(const std::array<Row<kFrom>, kRows>& rows,
                                   Row<kTo> (*function)(const Row<kFrom>&)) {
  std::array<Row<kRows>, kTo> result{};
  for (std::size_t row = 0; row < kRows; ++row) {
    const Row<kTo> numbers = function(rows[row]);
    for (std::size_t i = 0; i < kTo; ++i) result[i][row] = numbers[i];
  }
  return result;
}

template <std::size_t kTo, std::size_t kFrom>
Square<kTo> transformed(const Square<kFrom>& square,
                        Row<kTo> (*function)(const Row<kFrom>&)) {
  return turned(turned(square, function), function);
}

}  // namespace

Square<2> filtered(const Square<4>& input, const Square<3>& filter) {
  Square<2> result{};
  // your code here
  const Square<4> of_input = transformed<4, 4>(input, transformed);
  const Square<4> of_filter = transformed<4, 3>(filter, transformed);
  Square<4> products{};
  for (std::size_t i = 0; i < 16; ++i) {
    products[i / 4][i % 4] = of_input[i / 4][i % 4] * of_filter[i / 4][i % 4];
  }
  result = transformed<2, 4>(products, summed);
  return result;
}

}  // namespace cnn
