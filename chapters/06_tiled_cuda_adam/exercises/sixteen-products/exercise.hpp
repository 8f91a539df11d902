#pragma once

#include <array>

namespace cnn {

/// A number that counts multiplications. Halving is free: it changes nothing
/// but the exponent.
class Number {
 public:
  constexpr Number(float value = 0) : value_(value) {}
  constexpr float value() const { return value_; }

  friend constexpr Number operator+(Number a, Number b) {
    return a.value_ + b.value_;
  }
  friend constexpr Number operator-(Number a, Number b) {
    return a.value_ - b.value_;
  }
  friend Number operator*(Number a, Number b) {
    ++multiplications;
    return a.value_ * b.value_;
  }
  constexpr Number half() const { return value_ / 2; }

  inline static int multiplications = 0;

 private:
  float value_;
};

/// Rows of a square.
template <std::size_t kSize>
using Square = std::array<std::array<Number, kSize>, kSize>;

/// The 2 x 2 results of a 3 x 3 filter on a 4 x 4 input:
/// result[y][x] = sum over i, j of input[y + i][x + j] filter[i][j].
Square<2> filtered(const Square<4>& input, const Square<3>& filter);

}  // namespace cnn
