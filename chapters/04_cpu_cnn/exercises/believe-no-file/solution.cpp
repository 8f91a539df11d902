#include "exercise.hpp"

#include <cstring>

namespace cnn {

std::vector<float> read_weights(std::span<const std::byte> file) {
  std::vector<float> weights;
  // your code here
  constexpr std::size_t kHeader = 4 + sizeof(std::uint64_t);
  constexpr std::size_t kFrame = kHeader + sizeof(std::uint32_t);
  if (file.size() < kFrame) {
    throw InputError("the file is too short to hold any weights");
  }
  if (std::memcmp(file.data(), "ltw1", 4) != 0) {
    throw InputError("the file does not begin with \"ltw1\"");
  }
  std::uint64_t count = 0;
  std::memcpy(&count, &file[4], sizeof count);
  const std::size_t room = file.size() - kFrame;
  if (room % sizeof(float) != 0 || count != room / sizeof(float)) {
    throw InputError("the file's length is not what its count says");
  }
  std::uint32_t promised = 0;
  std::memcpy(&promised, &file[file.size() - 4], sizeof promised);
  if (promised != checksum(file.first(file.size() - 4))) {
    throw InputError("the file is damaged: its checksum does not hold");
  }
  weights.resize(count);
  if (count > 0) std::memcpy(weights.data(), &file[kHeader], room);
  return weights;
}

}  // namespace cnn
