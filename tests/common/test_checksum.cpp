#include <gtest/gtest.h>

#include <span>
#include <string_view>

#include "common/checksum.hpp"

namespace cnn {
namespace {

std::uint32_t checksum(std::string_view text, std::uint32_t before = 0) {
  return crc32_of(std::as_bytes(std::span(text)), before);
}

TEST(Checksum, IsTheCrcOfGzip) {
  // The check value that every description of CRC-32 gives.
  EXPECT_EQ(checksum("123456789"), 0xcbf43926U);
  EXPECT_EQ(checksum(""), 0U);
}

TEST(Checksum, GoesOnFromWhatWasBefore) {
  EXPECT_EQ(checksum("6789", checksum("12345")), checksum("123456789"));
  EXPECT_NE(checksum("12345", checksum("6789")), checksum("123456789"));
}

}  // namespace
}  // namespace cnn
