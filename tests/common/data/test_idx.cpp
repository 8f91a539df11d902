#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "common/data/idx.hpp"
#include "files_for_tests.hpp"

namespace cnn {
namespace {

using namespace std::string_literals;

std::string gzip(std::string_view text) {
  z_stream stream{};
  constexpr int kGzip = 16;
  deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + kGzip, 8,
               Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  std::string copy(text);
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string parse_refusal(std::string_view text) {
  return refusal([&] { parse_idx_or_gzip(bytes_of(text), "digits"); });
}

TEST(Idx, ReadsSizesAndBytes) {
  const std::string file = idx_text({2, 1, 3}, "abcdef");
  const IdxArray array = parse_idx(bytes_of(file), "digits");
  EXPECT_EQ(array.sizes, (std::vector<std::int64_t>{2, 1, 3}));
  EXPECT_EQ(array.values,
            (std::vector<std::uint8_t>{'a', 'b', 'c', 'd', 'e', 'f'}));
}

TEST(Idx, ReadsGzip) {
  const std::string file = gzip(idx_text({4}, "abcd"));
  EXPECT_EQ(parse_idx_or_gzip(bytes_of(file), "digits").values.size(), 4U);
}

TEST(Idx, ReadsGzipOfSeveralMembers) {
  const std::string whole = idx_text({300000}, std::string(300000, 'x'));
  const std::string file = gzip(whole.substr(0, 7)) +
                           gzip(whole.substr(7, 200000)) +
                           gzip(whole.substr(200007));
  const IdxArray array = parse_idx_or_gzip(bytes_of(file), "digits");
  EXPECT_EQ(array.values, std::vector<std::uint8_t>(300000, 'x'));
}

TEST(Idx, RefusesEmptyFile) {
  EXPECT_EQ(parse_refusal(""),
            "digits: header: found 0 bytes, expected the 4 bytes of an IDX "
            "magic number");
}

TEST(Idx, RefusesWrongMagic) {
  const std::string expected =
      ", expected 00 00 08 and a number of dimensions from 01 to 04";
  const std::string place = "digits: bytes 0 to 3, the magic number: found ";
  EXPECT_EQ(parse_refusal("\x89PNG and more"),
            place + "89 50 4e 47" + expected);
  EXPECT_EQ(parse_refusal("\0\0\x0d\x01"s), place + "00 00 0d 01" + expected);
  EXPECT_EQ(parse_refusal("\0\0\x08\0"s), place + "00 00 08 00" + expected);
  EXPECT_EQ(parse_refusal("\0\0\x08\x05"s), place + "00 00 08 05" + expected);
}

TEST(Idx, RefusesTruncatedSizes) {
  EXPECT_EQ(parse_refusal(idx_text({2, 3}, "").substr(0, 11)),
            "digits: header: found 11 bytes, expected 12 bytes for 2 sizes");
}

TEST(Idx, RefusesTruncatedData) {
  EXPECT_EQ(parse_refusal(idx_text({60000, 28, 28}, "abc")),
            "digits: data after byte 16: found 3 bytes, expected 47,040,000 "
            "bytes (60000x28x28)");
}

TEST(Idx, RefusesTrailingBytes) {
  EXPECT_EQ(parse_refusal(idx_text({2}, "abc")),
            "digits: data after byte 8: found 3 bytes, expected 2 bytes (2)");
}

TEST(Idx, RefusesSizesThatOverflow) {
  EXPECT_EQ(parse_refusal(idx_text({0xffffffff, 0xffffffff, 2}, "abc")),
            "digits: header: found sizes 4294967295x4294967295x2, expected "
            "sizes whose product fits in 63 bits");
}

TEST(Idx, RefusesTruncatedGzip) {
  const std::string file = gzip(idx_text({4}, "abcd"));
  for (std::size_t size = 2; size < file.size(); ++size) {
    EXPECT_EQ(parse_refusal(file.substr(0, size)),
              "digits: byte " + std::to_string(size) +
                  ": found the end of the file, expected more gzip data "
                  "(truncated?)");
  }
}

TEST(Idx, RefusesDamagedGzip) {
  std::string file = gzip(idx_text({4}, "abcd"));
  file[file.size() - 8] ^= 1;  // in the checksum
  EXPECT_EQ(parse_refusal(file),
            "digits: byte " + std::to_string(file.size() - 4) +
                ": found \"incorrect data check\", expected intact gzip data");
}

TEST(Idx, RefusesBytesAfterGzip) {
  EXPECT_NE(parse_refusal(gzip(idx_text({1}, "a")) + "junk")
                .find("found \"incorrect header check\", expected intact gzip"),
            std::string::npos);
}

TEST(Idx, RefusesGzipThatUnpacksWithoutEnd) {
  const std::string file = gzip(std::string(1000000, '\0'));
  EXPECT_EQ(refusal([&] { unpack_gzip(bytes_of(file), "bomb", 999999); }),
            "bomb: unpacking: found more than 999,999 bytes, expected at most "
            "that many");
  EXPECT_EQ(unpack_gzip(bytes_of(file), "bomb", 1000000).size(), 1000000U);
}

class IdxDataset : public testing::Test {
 protected:
  Dataset read(const std::string& images, const std::string& labels,
               const std::vector<std::string>& class_names = {}) {
    write_file(images_, images);
    write_file(labels_, labels);
    return read_idx_dataset(images_, labels_, class_names);
  }
  std::string read_refusal(const std::string& images, const std::string& labels,
                           const std::vector<std::string>& class_names = {}) {
    return refusal([&] { read(images, labels, class_names); });
  }

  TemporaryFolder folder_;
  std::filesystem::path images_ = folder_.path() / "images";
  std::filesystem::path labels_ = folder_.path() / "labels";
};

TEST_F(IdxDataset, JoinsPicturesAndLabels) {
  const Dataset dataset =
      read(idx_text({2, 1, 3}, "abcdef"), gzip(idx_text({2}, "\1\0"s)));
  EXPECT_EQ(dataset.count, 2);
  EXPECT_EQ(dataset.channels, 1);
  EXPECT_EQ(dataset.height, 1);
  EXPECT_EQ(dataset.width, 3);
  EXPECT_EQ(dataset.labels, (std::vector<std::uint8_t>{1, 0}));
  EXPECT_EQ(dataset.class_names, (std::vector<std::string>{"0", "1"}));
  EXPECT_EQ(dataset.picture(1)[0], 'd');
}

TEST_F(IdxDataset, RefusesMissingFile) {
  EXPECT_EQ(refusal([&] { read_idx_dataset(images_, labels_); }),
            images_.string() +
                ": opening it: found no such file, expected a file that can "
                "be read");
}

TEST_F(IdxDataset, RefusesCountsThatDisagree) {
  EXPECT_EQ(read_refusal(idx_text({2, 1, 1}, "ab"), idx_text({3}, "\0\0\0"s)),
            labels_.string() +
                ": header: found 3 labels, expected 2 labels, one for each "
                "picture of " +
                images_.string());
}

TEST_F(IdxDataset, RefusesOtherDimensions) {
  EXPECT_EQ(read_refusal(idx_text({2, 2}, "abcd"), idx_text({2}, "\0\1"s)),
            images_.string() +
                ": byte 3, the number of dimensions: found 2, expected 3 for "
                "images");
  EXPECT_EQ(read_refusal(idx_text({2, 1, 1}, "ab"), idx_text({2, 1}, "\0\1"s)),
            labels_.string() +
                ": byte 3, the number of dimensions: found 2, expected 1 for "
                "labels");
}

TEST_F(IdxDataset, RefusesLabelOutOfRange) {
  EXPECT_EQ(read_refusal(idx_text({3, 1, 1}, "abc"), idx_text({3}, "\0\1\2"s),
                         {"cat", "dog"}),
            labels_.string() +
                ": picture 2: found label 2, expected one below 2, the number "
                "of classes");
}

TEST_F(IdxDataset, RefusesEmptyClass) {
  EXPECT_EQ(read_refusal(idx_text({2, 1, 1}, "ab"), idx_text({2}, "\0\2"s)),
            labels_.string() +
                ": class \"1\": found no picture, expected at least one in "
                "each of the 3 classes");
}

TEST_F(IdxDataset, RefusesNoPictures) {
  EXPECT_EQ(read_refusal(idx_text({0, 28, 28}, ""), idx_text({0}, "")),
            labels_.string() +
                ": whole set: found 0 pictures of 28x28 pixels, expected at "
                "least one picture with at least one pixel");
  EXPECT_NE(read_refusal(idx_text({2, 0, 28}, ""), idx_text({2}, "\0\1"s))
                .find("found 2 pictures of 28x0 pixels"),
            std::string::npos);
}

}  // namespace
}  // namespace cnn
