// The IDX parser: what it accepts, it accepts whole.
#include "common/data/idx.hpp"
#include "common/errors.hpp"
#include "tests/fuzz/fuzz_target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto array =
        cnn::parse_idx(std::as_bytes(std::span(data, size)), "input");
    std::size_t product = 1;
    for (const std::int64_t extent : array.sizes) {
      require(extent >= 0);
      product *= static_cast<std::size_t>(extent);
    }
    require(array.values.size() == product);
    require(size == 4 + 4 * array.sizes.size() + product);
  } catch (const cnn::InputError&) {
  }
  return 0;
}
