#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "common/report.hpp"

namespace cnn {
namespace {

TEST(Format, SecondsHaveThreeDigitsAndAPrefix) {
  EXPECT_EQ(format_seconds(12.34), "12.3 s");
  EXPECT_EQ(format_seconds(1), "1.00 s");
  EXPECT_EQ(format_seconds(0.9996), "1.00 s");
  EXPECT_EQ(format_seconds(0.00123), "1.23 ms");
  EXPECT_EQ(format_seconds(45.6e-6), "45.6 µs");
  EXPECT_EQ(format_seconds(789e-9), "789 ns");
  EXPECT_EQ(format_seconds(NAN), "-");
}

TEST(Format, BytesAreBinary) {
  EXPECT_EQ(format_bytes(0), "0 bytes");
  EXPECT_EQ(format_bytes(999), "999 bytes");
  EXPECT_EQ(format_bytes(32768), "32.0 KiB");
  EXPECT_EQ(format_bytes(165.0 * 1024 * 1024), "165 MiB");
  EXPECT_EQ(format_bytes(1.5 * 1024 * 1024 * 1024), "1.50 GiB");
}

TEST(Format, NumbersKeepThreeDigits) {
  EXPECT_EQ(format_number(0), "0.00");
  EXPECT_EQ(format_number(0.00123), "0.00123");
  EXPECT_EQ(format_number(0.123), "0.123");
  EXPECT_EQ(format_number(9.999), "10.0");
  EXPECT_EQ(format_number(123.4), "123");
  EXPECT_EQ(format_number(1234567), "1,234,567");
  EXPECT_EQ(format_number(-1234), "-1,234");
  EXPECT_EQ(format_number(NAN), "-");
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(12544), "12,544");
  EXPECT_EQ(format_count(-100000), "-100,000");
}

TEST(Format, SpreadIsHalfTheInterquartileRange) {
  EXPECT_EQ(format_spread(0.98, 1, 1.02), "± 2.0 %");
  EXPECT_EQ(format_spread(0, 0, 0), "-");
}

TEST(Bar, DrawsEighthsAndNeverNothingForSomething) {
  EXPECT_EQ(bar(1, 3), "███");
  EXPECT_EQ(bar(0.5, 3), "█▌");
  EXPECT_EQ(bar(1e-9, 20), "▏");
  EXPECT_EQ(bar(7, 2), "██");
  EXPECT_EQ(bar(0, 3), "");
  EXPECT_EQ(bar(NAN, 3), "");
}

TEST(Emphasise, IsPlainWhereNobodyLooks) {
  // CTest reads us through a pipe; at a terminal there is nothing to check.
  const std::string text = emphasise(Emphasis::kBad, "text");
  EXPECT_NE(text.find("text"), std::string::npos);
}

}  // namespace
}  // namespace cnn
