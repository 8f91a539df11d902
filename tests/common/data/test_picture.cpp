#include <gtest/gtest.h>
#include <stb/stb_image_write.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include <csignal>
#include <stdexcept>
#include <string>

#include "common/data/picture.hpp"
#include "files_for_tests.hpp"

namespace cnn {
namespace {

Picture with_channels(std::int64_t channels) {
  Picture picture = test_picture(5 * channels, 3);
  picture.width = 5;
  picture.channels = channels;
  return picture;
}

std::string jpeg_of(const Picture& picture) {
  std::string bytes;
  const auto append = [](void* context, void* data, int size) {
    static_cast<std::string*>(context)->append(static_cast<char*>(data),
                                               static_cast<std::size_t>(size));
  };
  stbi_write_jpg_to_func(append, &bytes, static_cast<int>(picture.width),
                         static_cast<int>(picture.height),
                         static_cast<int>(picture.channels),
                         picture.pixels.data(), 95);
  return bytes;
}

std::string png_of(const Picture& picture) {
  const auto bytes = encode_png(picture);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A PNG whose header claims any size, with the right checksum.
std::string png_that_claims(std::uint32_t width, std::uint32_t height) {
  std::string text = png_of(test_picture(4, 4));
  const auto put = [&text](std::size_t at, std::uint32_t number) {
    for (const int shift : {24, 16, 8, 0}) {
      text[at++] = static_cast<char>(number >> shift & 0xff);
    }
  };
  constexpr std::size_t kHeader = 12;  // "IHDR", then width and height
  put(kHeader + 4, width);
  put(kHeader + 8, height);
  put(kHeader + 17,
      static_cast<std::uint32_t>(
          crc32(0, reinterpret_cast<const Bytef*>(&text[kHeader]), 17)));
  return text;
}

std::string decode_refusal(std::string_view text) {
  return refusal([&] { decode_picture(bytes_of(text), "cat.png"); });
}

TEST(Picture, PngComesBackUnchanged) {
  for (const std::int64_t channels : {1, 2, 3, 4}) {
    const Picture picture = with_channels(channels);
    EXPECT_EQ(decode_picture(encode_png(picture), "cat.png"), picture);
  }
}

TEST(Picture, WritesFilesAndReadsThem) {
  const TemporaryFolder folder;
  const Picture picture = test_picture(28, 28);
  write_png(folder.path() / "new" / "cat.png", picture);
  EXPECT_EQ(read_picture(folder.path() / "new" / "cat.png"), picture);
}

TEST(Picture, ReadsJpeg) {
  const Picture picture{8, 8, 3, std::vector<std::uint8_t>(192, 200)};
  const Picture read = decode_picture(bytes_of(jpeg_of(picture)), "cat.jpg");
  EXPECT_EQ(read.width, 8);
  EXPECT_EQ(read.channels, 3);
  EXPECT_NEAR(read.pixels[100], 200, 3);
}

TEST(Picture, RefusesWhatIsNoPicture) {
  const std::string expected =
      ", expected an intact PNG or JPEG with sides of at most 16384 pixels";
  const std::string place = "cat.png: decoding the picture: found \"";
  for (const char* text :
       {"", "GIF89a", "BM", "P6 1 1 255 abc", "#?RADIANCE"}) {
    const std::string sentence = decode_refusal(text);
    EXPECT_EQ(sentence.substr(0, place.size()), place);
    EXPECT_TRUE(sentence.ends_with(expected)) << sentence;
  }
}

TEST(Picture, RefusesTruncatedFiles) {
  const auto png = encode_png(test_picture(9, 9));
  for (std::size_t size = 0; size + 16 < png.size(); ++size) {
    const std::string sentence =
        refusal([&] { decode_picture(std::span(png).first(size), "cat.png"); });
    EXPECT_TRUE(sentence.starts_with("cat.png: decoding the picture: found") ||
                sentence.starts_with("cat.png: byte "))
        << sentence;
  }
}

TEST(Picture, MakesNoRoomForBytesThatAPngOnlyClaims) {
  std::string png = png_of(test_picture(9, 9));
  const std::size_t chunk = png.find("IDAT") - 4;
  const std::size_t left = png.size() - chunk - 8;
  png[chunk] = '\x3f';
  const std::string sentence = decode_refusal(png);
  EXPECT_TRUE(sentence.starts_with("cat.png: byte " + std::to_string(chunk) +
                                   ": found a chunk of 10569"))
      << sentence;
  EXPECT_TRUE(sentence.ends_with(" bytes, expected at most the " +
                                 std::to_string(left) +
                                 " that the file still has"))
      << sentence;
}

TEST(Picture, RefusesAbsurdSizesBeforeAllocatingThem) {
  const std::string one_side = decode_refusal(png_that_claims(1000000, 1));
  EXPECT_NE(one_side.find("Very large image"), std::string::npos) << one_side;
  EXPECT_EQ(decode_refusal(png_that_claims(16384, 16384)),
            "cat.png: picture header: found 16384x16384 pixels, expected sides "
            "of at most 16384 and at most 67,108,864 pixels in all");
  EXPECT_NE(decode_refusal(png_that_claims(0, 4)), "(not refused)");
  EXPECT_NE(decode_refusal(png_that_claims(4000, 4000)), "(not refused)");
}

// Where a Huffman table starts: after its marker and its length.
std::size_t huffman_table(const std::string& jpeg) {
  return jpeg.find("\xff\xc4") + 4;
}

TEST(Picture, RefusesHuffmanTablesOfTooManyCodes) {
  std::string jpeg = jpeg_of(with_channels(3));
  const std::size_t table = huffman_table(jpeg);
  jpeg[table + 15] = '\xff';
  const std::string sentence = decode_refusal(jpeg);
  EXPECT_EQ(sentence.find("cat.png: byte " + std::to_string(table) +
                          ": found a Huffman table of "),
            0U)
      << sentence;
  EXPECT_TRUE(sentence.ends_with(" codes, expected at most 256")) << sentence;
}

TEST(Picture, IsNotMisledByTablesInACamerasNotes) {
  const std::string jpeg = jpeg_of(with_channels(3));
  std::string notes = "\xff\xe1";
  notes += '\0';
  notes += '\x14';
  notes.append("\xff\xc4").append(16, '\xff');
  const std::string with_notes = jpeg.substr(0, 2) + notes + jpeg.substr(2);
  EXPECT_EQ(decode_picture(bytes_of(with_notes), "cat.jpg"),
            decode_picture(bytes_of(jpeg), "cat.jpg"));
}

TEST(Picture, RefusesMissingFile) {
  EXPECT_EQ(refusal([] { read_picture("/no/such/cat.png"); }),
            "/no/such/cat.png: opening it: found no such file, expected a file "
            "that can be read");
}

TEST(Picture, WillNotWriteWhatIsNoPicture) {
  EXPECT_THROW(encode_png({}), std::invalid_argument);
  EXPECT_THROW(encode_png({2, 2, 1, {1, 2, 3}}), std::invalid_argument);
  EXPECT_THROW(encode_png({1, 1, 5, {1, 2, 3, 4, 5}}), std::invalid_argument);
  EXPECT_THROW(encode_png({-1, -1, 1, {1}}), std::invalid_argument);
  EXPECT_THROW(resize(test_picture(2, 2), 0, 2), std::invalid_argument);
  EXPECT_THROW(resize(test_picture(2, 2), 16385, 1), std::invalid_argument);
}

// A limit on the size of files stands in for a disk that is full.
TEST(Picture, FullDiskLeavesNothingBehind) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "noise.png";
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{64, before.rlim_max};
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  const std::string sentence =
      refusal([&] { write_png(path, test_picture(99, 99)); });
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, previous);
  EXPECT_NE(sentence.find(path.string()), std::string::npos) << sentence;
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Grey, KeepsGrey) {
  EXPECT_EQ(to_grey(test_picture(4, 4)), test_picture(4, 4));
}

TEST(Grey, WeighsColours) {
  const Picture colours{4, 1, 3, {255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9}};
  EXPECT_EQ(to_grey(colours).pixels,
            (std::vector<std::uint8_t>{76, 150, 29, 9}));
}

TEST(Grey, LaysAlphaOverWhite) {
  const Picture grey{3, 1, 2, {100, 255, 100, 0, 0, 128}};
  EXPECT_EQ(to_grey(grey).pixels, (std::vector<std::uint8_t>{100, 255, 127}));
  const Picture colour{2, 1, 4, {9, 9, 9, 255, 9, 9, 9, 0}};
  EXPECT_EQ(to_grey(colour).pixels, (std::vector<std::uint8_t>{9, 255}));
}

TEST(Resize, AveragesWhatAPixelCovers) {
  const Picture picture{4, 2, 1, {0, 4, 10, 20, 8, 12, 30, 40}};
  EXPECT_EQ(resize(picture, 2, 1), (Picture{2, 1, 1, {6, 25}}));
}

TEST(Resize, SharesPixelsThatStraddle) {
  // Three pixels become two: the middle one counts half for either.
  EXPECT_EQ(resize({3, 1, 1, {0, 60, 120}}, 2, 1),
            (Picture{2, 1, 1, {20, 100}}));
  EXPECT_EQ(resize({1, 3, 1, {0, 60, 120}}, 1, 2),
            (Picture{1, 2, 1, {20, 100}}));
}

TEST(Resize, RepeatsWhenItEnlarges) {
  EXPECT_EQ(resize({2, 1, 1, {3, 7}}, 4, 2),
            (Picture{4, 2, 1, {3, 3, 7, 7, 3, 3, 7, 7}}));
}

TEST(Resize, TreatsChannelsSeparately) {
  EXPECT_EQ(resize({2, 1, 3, {0, 10, 20, 2, 30, 60}}, 1, 1),
            (Picture{1, 1, 3, {1, 20, 40}}));
}

TEST(Resize, KeepsWhiteWhiteAtAnySize) {
  const Picture white{37, 41, 1, std::vector<std::uint8_t>(37 * 41, 255)};
  for (const std::int64_t size : {1, 7, 28, 36, 38, 100}) {
    EXPECT_EQ(
        resize(white, size, size).pixels,
        std::vector<std::uint8_t>(static_cast<std::size_t>(size * size), 255));
  }
}

}  // namespace
}  // namespace cnn
