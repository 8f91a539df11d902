#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>

#include "chapters/04_cpu_cnn/safetensors.hpp"
#include "common/errors.hpp"
#include "tests/common/temporary_folder.hpp"

namespace cnn {
namespace {

std::vector<std::byte> to_bytes(std::string_view text) {
  const auto raw = std::as_bytes(std::span(text));
  return {raw.begin(), raw.end()};
}

/// A file as anybody might write it: length, header, `data_size` bytes.
std::vector<std::byte> make_file(const std::string& header,
                                 std::size_t data_size) {
  const std::uint64_t length = header.size();
  std::string file(sizeof(length), '\0');
  std::memcpy(file.data(), &length, sizeof(length));
  return to_bytes(file + header + std::string(data_size, '\1'));
}

/// The sentence that a file is refused with.
std::string complaint(std::span<const std::byte> bytes) {
  try {
    parse_safetensors(bytes, "x.safetensors");
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

std::string complaint(const std::string& header, std::size_t data_size) {
  return complaint(make_file(header, data_size));
}

Safetensors two_tensors() {
  return {.tensors = {{"0.weight", {2, 1, 3}, {1, -2, 0.1F, 4, 5, -0.0F}},
                      {"0.bias", {2}, {7, 1e-40F}}},
          .metadata = {{"format", "pt"}, {"quote", "\"crc32\":\"oops"}}};
}

TEST(Safetensors, ReadBackWhatWasWritten) {
  const Safetensors written = two_tensors();
  const auto bytes = encode_safetensors(written);
  const Safetensors read = parse_safetensors(bytes, "x");
  ASSERT_EQ(read.tensors.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(read.tensors[i].name, written.tensors[i].name);
    EXPECT_EQ(read.tensors[i].shape, written.tensors[i].shape);
    EXPECT_EQ(std::memcmp(read.tensors[i].values.data(),
                          written.tensors[i].values.data(),
                          written.tensors[i].values.size() * sizeof(float)),
              0);
  }
  EXPECT_EQ(read.metadata.at("format"), "pt");
  EXPECT_EQ(read.metadata.at("quote"), "\"crc32\":\"oops");
  EXPECT_EQ(read.metadata.at("crc32").size(), 8U);
  EXPECT_EQ(read.find("0.bias")->values[0], 7);
  EXPECT_EQ(read.find("1.bias"), nullptr);
}

TEST(Safetensors, KeepEveryBitOfEveryFloat) {
  using Limits = std::numeric_limits<float>;
  const std::vector<float> values{Limits::quiet_NaN(),  Limits::infinity(),
                                  -Limits::infinity(),  -0.0F,
                                  Limits::denorm_min(), Limits::max()};
  const Safetensors written{.tensors = {{"a", {6}, values}}, .metadata = {}};
  const auto read = parse_safetensors(encode_safetensors(written), "x");
  EXPECT_EQ(std::memcmp(read.tensors[0].values.data(), values.data(),
                        sizeof(float) * values.size()),
            0);
}

TEST(Safetensors, LieAsTheFormatSays) {
  const auto bytes = encode_safetensors(two_tensors());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof(length));
  EXPECT_EQ(length % 8, 0U) << "floats begin where they may";
  ASSERT_EQ(bytes.size(), 8 + length + 8 * sizeof(float));
  EXPECT_EQ(static_cast<char>(bytes[8]), '{');
  float first = 0;
  std::memcpy(&first, bytes.data() + 8 + length, sizeof(first));
  EXPECT_EQ(first, 1);
}

TEST(Safetensors, MayBeEmptyOrHaveEmptyTensorsAndScalars) {
  EXPECT_TRUE(parse_safetensors(make_file("{}", 0), "x").tensors.empty());
  const auto read = parse_safetensors(
      make_file(R"({"b":{"dtype":"F32","shape":[],"data_offsets":[0,4]},
                    "a":{"dtype":"F32","shape":[0,7],"data_offsets":[0,0]}} )",
                4),
      "x");
  ASSERT_EQ(read.tensors.size(), 2U);
  EXPECT_TRUE(read.find("a")->values.empty());
  EXPECT_EQ(read.find("b")->values.size(), 1U);
}

TEST(Safetensors, PassOverPyTorchsBatchCounters) {
  const auto read = parse_safetensors(
      make_file(
          R"({"1.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[4,12]},
              "1.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
          12),
      "x");
  ASSERT_EQ(read.tensors.size(), 1U);
  EXPECT_EQ(read.tensors[0].name, "1.weight");
}

TEST(Safetensors, RefuseEveryTruncation) {
  const auto bytes = encode_safetensors(two_tensors());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_NE(complaint(std::span(bytes).first(size)), "none") << size;
  }
  auto longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_NE(complaint(longer), "none");
}

TEST(Safetensors, NoticeEveryChangedBit) {
  const auto bytes = encode_safetensors(two_tensors());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto damaged = bytes;
      damaged[i] ^= std::byte{1} << bit;
      // Damage may hide the checksum itself; then something else is wrong.
      const std::string sentence = complaint(damaged);
      const bool hidden =
          std::string_view(reinterpret_cast<const char*>(damaged.data()),
                           damaged.size())
              .find("\"crc32\":\"") == std::string::npos;
      EXPECT_TRUE(sentence != "none" || hidden) << i << ":" << bit;
    }
  }
}

TEST(Safetensors, SaySoWhenTheChecksumDoesNotHold) {
  auto bytes = encode_safetensors(two_tensors());
  bytes.back() ^= std::byte{1};
  const std::string sentence = complaint(bytes);
  EXPECT_NE(sentence.find("x.safetensors: checksum: found"), std::string::npos)
      << sentence;
  EXPECT_NE(sentence.find("damaged"), std::string::npos) << sentence;
}

TEST(Safetensors, RefuseHeadersThatAreNone) {
  EXPECT_NE(complaint(to_bytes("")).find("length of the header"),
            std::string::npos);
  EXPECT_NE(complaint(to_bytes("PK\3\4 something else entirely"))
                .find("length of the header"),
            std::string::npos);
  for (const char* header : {"", "{", "[]", "3", "null", "{\"a\":}", "nonsense",
                             "{} {}", "{\"\xff\":{}}", "{\"a\":1e999}"}) {
    EXPECT_NE(complaint(header, 0).find("header: found"), std::string::npos)
        << header;
  }
  EXPECT_NE(complaint(std::string(100'000, '['), 0).find("header"),
            std::string::npos);
}

TEST(Safetensors, RefuseEntriesThatAreNone) {
  for (const char* entry : {
           "3",
           "[]",
           "{}",
           "null",
           R"({"dtype":"F32","shape":[1]})",
           R"({"dtype":"F32","data_offsets":[0,4]})",
           R"({"dtype":4,"shape":[1],"data_offsets":[0,4]})",
           R"({"dtype":"F32","shape":1,"data_offsets":[0,4]})",
           R"({"dtype":"F32","shape":[1.0],"data_offsets":[0,4]})",
           R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})",
           R"({"dtype":"F32","shape":["1"],"data_offsets":[0,4]})",
           R"({"dtype":"F32","shape":[1],"data_offsets":[0]})",
           R"({"dtype":"F32","shape":[1],"data_offsets":[0,4,8]})",
           R"({"dtype":"F32","shape":[1],"data_offsets":[4,0]})",
           R"({"dtype":"F32","shape":[1],"data_offsets":[0,3]})",
           R"({"dtype":"F32","shape":[1],"data_offsets":[0,8]})",
           R"({"dtype":"F32","shape":[2],"data_offsets":[0,4]})",
           R"({"dtype":"F16","shape":[2],"data_offsets":[0,4]})",
           R"({"dtype":"I64","shape":[],"data_offsets":[0,8]})",
       }) {
    const std::string header = std::string("{\"a\":") + entry + "}";
    EXPECT_NE(complaint(header, 4).find("tensor \"a\""), std::string::npos)
        << entry << "\n"
        << complaint(header, 4);
  }
}

TEST(Safetensors, RefuseSizesThatOverflow) {
  // 2^62 * 4 * 4 is 0 in 64 bits.
  EXPECT_NE(
      complaint(
          R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})",
          0)
          .find("as many bytes as the shape needs"),
      std::string::npos);
  EXPECT_NE(
      complaint(
          R"({"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,4]}})",
          4),
      "none");
}

TEST(Safetensors, RefuseGapsAndOverlaps) {
  const auto two = [](const char* first, const char* second) {
    return std::string(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":)") +
           first + R"(},"b":{"dtype":"F32","shape":[2],"data_offsets":)" +
           second + "}}";
  };
  EXPECT_EQ(complaint(two("[8,16]", "[0,8]"), 16), "none");
  EXPECT_NE(complaint(two("[0,8]", "[4,12]"), 16), "none");
  EXPECT_NE(complaint(two("[0,8]", "[0,8]"), 16), "none");
  EXPECT_NE(complaint(two("[0,8]", "[12,20]"), 20), "none");
  EXPECT_NE(complaint(two("[4,12]", "[12,20]"), 20), "none");
  EXPECT_NE(complaint(two("[0,8]", "[8,16]"), 20), "none");
  EXPECT_NE(complaint(two("[0,8]", "[8,16]"), 12), "none");
}

TEST(Safetensors, RefuseOneNameTwice) {
  const std::string entry =
      R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  const std::string sentence =
      complaint("{\"a\":" + entry + ",\"a\":" + entry + "}", 4);
  EXPECT_NE(sentence.find("\"a\" twice"), std::string::npos) << sentence;
}

TEST(Safetensors, RefuseMetadataThatIsNotText) {
  for (const char* metadata : {"3", "[]", "{\"a\":1}", "{\"a\":{}}"}) {
    EXPECT_NE(complaint(std::string("{\"__metadata__\":") + metadata + "}", 0)
                  .find("__metadata__"),
              std::string::npos)
        << metadata;
  }
}

TEST(Safetensors, AreNotWrittenWrong) {
  const auto encode = [](std::vector<NamedTensor> tensors) {
    return encode_safetensors({.tensors = std::move(tensors), .metadata = {}});
  };
  EXPECT_THROW(encode({{"a", {2}, {1}}}), std::invalid_argument);
  EXPECT_THROW(encode({{"a", {1}, {1}}, {"a", {1}, {1}}}),
               std::invalid_argument);
  EXPECT_THROW(encode({{"__metadata__", {1}, {1}}}), std::invalid_argument);
}

TEST(Safetensors, AreFiles) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a" / "x.safetensors";
  write_safetensors(path, two_tensors());
  EXPECT_EQ(read_safetensors(path).tensors.size(), 2U);
  EXPECT_EQ(files_in(path.parent_path()), 1);
  EXPECT_THROW(read_safetensors(folder.path() / "none"), InputError);
}

}  // namespace
}  // namespace cnn
