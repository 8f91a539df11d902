// The safetensors reader: what it accepts, it can write and read again.
#include "chapters/04_cpu_cnn/safetensors.hpp"
#include "common/errors.hpp"
#include "tests/fuzz/fuzz_target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  cnn::Safetensors read;
  try {
    read = cnn::parse_safetensors(bytes, "input");
  } catch (const cnn::InputError&) {
    return 0;
  }
  std::size_t floats = 0;
  for (const cnn::NamedTensor& tensor : read.tensors) {
    std::int64_t product = 1;
    for (const std::int64_t extent : tensor.shape) product *= extent;
    require(product == std::ssize(tensor.values));
    floats += tensor.values.size();
  }
  require(floats * sizeof(float) <= size);
  const auto again =
      cnn::parse_safetensors(cnn::encode_safetensors(read), "again");
  require(again.tensors.size() == read.tensors.size());
  return 0;
}
