#include "tests/common/simt/exhibits.hpp"

#include "common/cuda/buffer.hpp"
#include "common/cuda/launch.cuh"
#include "common/errors.hpp"
#include "tests/common/simt/kernels.cuh"

namespace cnn {
namespace {

DeviceBuffer<float> zeros(std::size_t size, const Stream& stream) {
  DeviceBuffer<float> buffer(size);
  buffer.upload(std::vector<float>(size), stream);
  return buffer;
}

void run_gather(int stride) {
  constexpr std::size_t kSize = 64;
  const Stream stream;
  const auto from = zeros(kSize * static_cast<std::size_t>(stride), stream);
  DeviceBuffer<float> to(kSize);
  launch(gather, {dim3(2), dim3(32)}, stream, from.data(), to.data(), stride);
  stream.synchronize();
}

/// Tiles of 4 x 4 numbers, a thread for each, over matrices of 8 x 8.
void run_multiply() {
  constexpr int kSize = 8;
  constexpr int kTile = 4;
  constexpr unsigned kBlocks = kSize / kTile;
  const Stream stream;
  const auto a = zeros(kSize * kSize, stream);
  const auto b = zeros(kSize * kSize, stream);
  DeviceBuffer<float> c(kSize * kSize);
  launch(multiply<kTile>, {dim3(kBlocks, kBlocks), dim3(kTile, kTile)}, stream,
         a.data(), b.data(), c.data(), kSize);
  stream.synchronize();
}

template <int kPadding>
void run_transpose() {
  constexpr int kSize = 64;
  const Stream stream;
  const auto from = zeros(kSize * kSize, stream);
  DeviceBuffer<float> to(kSize * kSize);
  launch(transpose<kPadding>, {dim3(2, 2), dim3(32, 32)}, stream, from.data(),
         to.data(), kSize);
  stream.synchronize();
}

}  // namespace

std::vector<Exhibit> small_exhibits(bool on_gpu) {
  if (on_gpu) throw SkipError("these kernels are not built for a GPU");
  const double product = 2.0 * 8 * 8 * 8;
  return {
      {"side_by_side", "each thread reads its own", [] { run_gather(1); }},
      {"every_eighth", "a sector for each thread", [] { run_gather(8); }},
      {"tiled_product", "8 x 8 by tiles of 4 x 4", run_multiply, product},
      {"bare_transpose", "64 x 64 by way of a tile", run_transpose<0>},
      {"padded_transpose", "the tile's rows one longer", run_transpose<1>},
  };
}

}  // namespace cnn
