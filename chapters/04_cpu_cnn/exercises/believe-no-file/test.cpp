#include <gtest/gtest.h>

#include <span>
#include <vector>

#include "exercise.hpp"

namespace {

using namespace cnn;
using Bytes = std::vector<std::byte>;

template <typename Number>
void append(Bytes& bytes, Number number) {
  for (const std::byte byte : std::as_bytes(std::span(&number, 1))) {
    bytes.push_back(byte);
  }
}

// A file that says `count`, whatever it holds, with a checksum that fits.
Bytes file_of(const std::vector<float>& weights, std::uint64_t count) {
  Bytes bytes;
  for (const char letter : {'l', 't', 'w', '1'}) {
    bytes.push_back(static_cast<std::byte>(letter));
  }
  append(bytes, count);
  for (const float weight : weights) append(bytes, weight);
  append(bytes, checksum(bytes));
  return bytes;
}

const std::vector<float> kWeights{1, -2.5F, 1e-40F};

TEST(ReadWeights, AGoodFile) {
  EXPECT_EQ(read_weights(file_of(kWeights, 3)), kWeights);
  EXPECT_TRUE(read_weights(file_of({}, 0)).empty());
}

TEST(ReadWeights, EveryTruncation) {
  const Bytes good = file_of(kWeights, 3);
  for (std::size_t length = 0; length < good.size(); ++length) {
    // A copy of just that length, so that a sanitizer sees what is read.
    const Bytes cut(good.begin(),
                    good.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_THROW(read_weights(cut), InputError) << length;
  }
}

TEST(ReadWeights, EveryFlippedBit) {
  const Bytes good = file_of(kWeights, 3);
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    Bytes flipped = good;
    flipped[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
    EXPECT_THROW(read_weights(flipped), InputError) << "bit " << bit;
  }
}

TEST(ReadWeights, OneByteTooMany) {
  Bytes bytes = file_of(kWeights, 3);
  bytes.push_back(std::byte{0});
  EXPECT_THROW(read_weights(bytes), InputError);
}

TEST(ReadWeights, CountsThatLie) {
  for (const std::uint64_t count :
       {std::uint64_t{0}, std::uint64_t{2}, std::uint64_t{4},
        std::uint64_t{1} << 62U, (std::uint64_t{1} << 62U) + 3,
        ~std::uint64_t{0}}) {
    EXPECT_THROW(read_weights(file_of(kWeights, count)), InputError) << count;
  }
}

TEST(ReadWeights, AnotherFormat) {
  Bytes bytes = file_of(kWeights, 3);
  bytes[3] = static_cast<std::byte>('2');
  bytes.resize(bytes.size() - 4);
  append(bytes, checksum(bytes));
  EXPECT_THROW(read_weights(bytes), InputError);
}

}  // namespace
