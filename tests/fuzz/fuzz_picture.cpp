// PNG and JPEG, and what is done with the pictures: grey, resized, written.
#include "common/data/picture.hpp"
#include "common/errors.hpp"
#include "tests/fuzz/fuzz_target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto picture =
        cnn::decode_picture(std::as_bytes(std::span(data, size)), "input");
    require(picture.pixels.size() ==
            static_cast<std::size_t>(picture.width * picture.height *
                                     picture.channels));
    const auto grey = cnn::resize(cnn::to_grey(picture), 28, 28);
    require(grey.pixels.size() == 28 * 28);
    require(cnn::decode_picture(cnn::encode_png(grey), "output") == grey);
  } catch (const cnn::InputError&) {
  }
  return 0;
}
