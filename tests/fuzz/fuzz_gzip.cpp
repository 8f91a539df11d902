// Gzipped IDX: unpacking, then parsing.
#include "common/data/idx.hpp"
#include "common/errors.hpp"
#include "tests/fuzz/fuzz_target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  constexpr std::size_t kLimit = 1 << 20;
  try {
    require(cnn::unpack_gzip(bytes, "input", kLimit).size() <= kLimit);
    cnn::parse_idx_or_gzip(bytes, "input");
  } catch (const cnn::InputError&) {
  }
  return 0;
}
