// region quiet: includes
#include <algorithm>
#include <array>
#include <cmath>

#include "chapters/03_blocked_gemm/isa.hpp"
#include "chapters/03_blocked_gemm/parallel.hpp"
#include "chapters/04_cpu_cnn/cpu_backend.hpp"
#include "chapters/04_cpu_cnn/dropout_kernels.hpp"
#include "chapters/04_cpu_cnn/pieces.hpp"
#include "common/random.hpp"

namespace cnn {
// endregion

// region relu
namespace {

constexpr std::int64_t kLeastPiece = 4096;

}  // namespace

// The gaps between pixels hold 0 and stay 0: no need to step around them.
void CpuBackend::relu_forward(const Shape& shape, ConstArray input,
                              Array output) {
  const Pieces pieces(activation_size(shape), kLeastPiece);
  parallel_for(threads_for(pieces.total), pieces.count, [&](auto piece, int) {
    for (auto i = pieces.begin(piece); i < pieces.end(piece); ++i) {
      // Asked this way round, NaN stays NaN.
      output[i] = input[i] < 0 ? 0 : input[i];
    }
  });
}

void CpuBackend::relu_backward(const Shape& shape, ConstArray output,
                               ConstArray output_gradient,
                               Array input_gradient) {
  const Pieces pieces(activation_size(shape), kLeastPiece);
  parallel_for(threads_for(pieces.total), pieces.count, [&](auto piece, int) {
    for (auto i = pieces.begin(piece); i < pieces.end(piece); ++i) {
      const float gradient = output_gradient[i];  // loaded either way
      input_gradient[i] = output[i] > 0 ? gradient : 0;
    }
  });
}
// endregion

// region dropout-mask
namespace {

const DropoutKernels& kernels() {
#ifdef __x86_64__
  if (best_isa() == Isa::kAvx512) return avx512::dropout_kernels();
  if (best_isa() == Isa::kAvx2) return avx2::dropout_kernels();
#endif
  return portable::dropout_kernels();
}

/// Drops elements of a run; `first` is the number of its first element.
class Dropper {
 public:
  explicit Dropper(const DropoutNumbers& numbers)
      : numbers_(numbers),
        random_(numbers.seed, numbers.stream),
        // uniform() is bits / 2^8 / 2^24, both exact.
        least_(static_cast<std::uint32_t>(
                   std::ceil(double{numbers.probability} * 0x1.0p24))
               << 8),
        scale_(1 / (1 - numbers.probability)) {}

  /// A run without gaps: most of it in vectors.
  void run(std::uint64_t first, std::int64_t count, const float* from,
           float* to) const {
    const auto before_block = static_cast<std::int64_t>((4 - first % 4) % 4);
    const std::int64_t head = std::min(count, before_block);
    run(first, head, 1, from, to);
    const std::int64_t done =
        head +
        kernels().drop({.seed = numbers_.seed,
                        .stream = numbers_.stream,
                        .block = (first + static_cast<std::uint64_t>(head)) / 4,
                        .least = least_,
                        .scale = scale_,
                        .count = count - head,
                        .from = from + head,
                        .to = to + head});
    run(first + static_cast<std::uint64_t>(done), count - done, 1, from + done,
        to + done);
  }

  /// Elements that lie `stride` floats apart.
  void run(std::uint64_t first, std::int64_t count, std::int64_t stride,
           const float* from, float* to) const {
    std::array<std::uint32_t, 1024> bits;
    const auto room = static_cast<std::int64_t>(bits.size());
    for (std::int64_t done = 0; done < count; done += room) {
      const std::int64_t part = std::min(room, count - done);
      random_.fill_bits(first + static_cast<std::uint64_t>(done),
                        std::span(bits).first(static_cast<std::size_t>(part)));
      for (std::int64_t i = 0; i < part; ++i) {
        const std::int64_t at = (done + i) * stride;
        const auto bit = bits[static_cast<std::size_t>(i)];
        to[at] = from[at] * (bit >= least_ ? scale_ : 0);
      }
    }
  }

 private:
  DropoutNumbers numbers_;
  Random random_;
  std::uint32_t least_;
  float scale_;
};

}  // namespace
// endregion

// region dropout
void CpuBackend::dropout_forward(const Shape& shape,
                                 const DropoutNumbers& numbers,
                                 ConstArray input, Array output) {
  const ChannelsLast layout = activation_layout(shape);
  if (numbers.probability == 0) {
    if (input != output) std::copy_n(input, layout.size(), output);
    return;
  }
  const Dropper dropper(numbers);
  const std::int64_t size = shape.size();
  const std::uint64_t first = numbers.step * static_cast<std::uint64_t>(size);
  const std::int64_t area = shape.height * shape.width;
  if (area == 1) {  // features lie as they are numbered
    const Pieces pieces(size, kLeastPiece);
    parallel_for(threads_for(size), pieces.count, [&](auto piece, int) {
      const std::int64_t begin = pieces.begin(piece);
      dropper.run(first + static_cast<std::uint64_t>(begin),
                  pieces.end(piece) - begin, input + begin, output + begin);
    });
    return;
  }
  const std::int64_t planes = shape.batch * shape.channels;
  const Pieces pieces(planes);
  parallel_for(threads_for(size), pieces.count, [&](auto piece, int) {
    for (auto plane = pieces.begin(piece); plane < pieces.end(piece); ++plane) {
      const std::int64_t at =
          plane / shape.channels * area * layout.pixel + plane % shape.channels;
      dropper.run(first + static_cast<std::uint64_t>(plane * area), area,
                  layout.pixel, input + at, output + at);
    }
  });
}

void CpuBackend::dropout_backward(const Shape& shape,
                                  const DropoutNumbers& numbers,
                                  ConstArray output_gradient,
                                  Array input_gradient) {
  // Each element was multiplied by 0 or by the scale, and so is its gradient.
  dropout_forward(shape, numbers, output_gradient, input_gradient);
}

}  // namespace cnn
// endregion
