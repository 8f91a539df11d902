// region quiet: includes
#include "chapters/04_cpu_cnn/batch_norm_kernels.hpp"

#include "chapters/03_blocked_gemm/simd.hpp"

namespace cnn::CNN_ISA {
namespace {
// endregion

// region channel-groups
/// Channels that are handled together: a vector of them, or a single one.
struct Together {
  using Floats = Vector;
  using Marks [[gnu::vector_size(kLanes * sizeof(float))]] = std::int32_t;
  using Bytes [[gnu::vector_size(kLanes), gnu::aligned(1), gnu::may_alias]] =
      std::uint8_t;
  static constexpr std::int64_t kWidth = kLanes;

  static Floats get(const float* from) { return load(from); }
  static void put(float* to, Floats value) { store(to, value); }
  static Marks get_marks(const std::uint8_t* from) {
    return __builtin_convertvector(*reinterpret_cast<const Bytes*>(from),
                                   Marks);
  }
  static void put_marks(std::uint8_t* to, Marks marks) {
    *reinterpret_cast<Bytes*>(to) = __builtin_convertvector(marks, Bytes);
  }
  static void add(double* sums, Floats value) {
    for (int i = 0; i < kLanes; ++i) sums[i] += double{value[i]};
  }
};

struct Alone {
  using Floats = float;
  using Marks = std::int32_t;
  static constexpr std::int64_t kWidth = 1;

  static Floats get(const float* from) { return *from; }
  static void put(float* to, Floats value) { *to = value; }
  static Marks get_marks(const std::uint8_t* from) { return *from; }
  static void put_marks(std::uint8_t* to, Marks marks) {
    *to = static_cast<std::uint8_t>(marks);
  }
  static void add(double* sums, Floats value) { *sums += double{value}; }
};
// endregion

// region over-channels
/// Calls pass.run<Group>(row, c) for groups of channels from c on: vectors as
/// long as there are enough, then one at a time.
template <class Pass>
void over_channels(const BatchNormRow& row) {
  std::int64_t c = 0;
  for (; c + Together::kWidth <= row.channels; c += Together::kWidth) {
    Pass::template run<Together>(row, c);
  }
  for (; c < row.channels; c += Alone::kWidth) {
    Pass::template run<Alone>(row, c);
  }
}

constexpr int kNobody = 255;
// endregion

// region sum-pass
struct SumPass {
  template <class Group>
  static void run(const BatchNormRow& row, std::int64_t c) {
    const auto mean = Group::get(row.mean + c);
    typename Group::Floats sum{};
    typename Group::Floats squares{};
    for (std::int64_t x = 0; x < row.width; ++x) {
      const auto away = Group::get(row.input + x * row.channels + c) - mean;
      sum += away;
      squares += away * away;
    }
    Group::add(row.sums + c, sum);
    Group::add(row.sums + row.channels + c, squares);
  }
};
// endregion

// region normalise-pass
struct NormalisePass {
  template <class Group>
  static void run(const BatchNormRow& row, std::int64_t c) {
    const auto mean = Group::get(row.mean + c);
    const auto factor = Group::get(row.factor + c);
    const auto shift = Group::get(row.shift + c);
    const auto normal = [&](std::int64_t pixel) {
      return (Group::get(row.input + pixel * row.channels + c) - mean) *
                 factor +
             shift;
    };
    for (std::int64_t window = 0; window < row.windows; ++window) {
      const std::int64_t corner = window * row.pool;
      auto largest = normal(corner);
      typename Group::Marks winner{};
      for (int k = 1; k < row.pool * row.pool; ++k) {
        const auto value =
            normal(corner + k / row.pool * row.width + k % row.pool);
        // NaN is not equal to itself; where there is one, it wins.
        const auto wins = (value > largest) | (value != value);
        largest = wins ? value : largest;
        winner = wins ? typename Group::Marks{} + k : winner;
      }
      if (row.relu) {
        winner = largest > 0 ? winner : typename Group::Marks{} + kNobody;
        largest = largest < 0 ? typename Group::Floats{} : largest;
      }
      const std::int64_t at = window * row.channels + c;
      Group::put(row.output + at, largest);
      if (row.winners) Group::put_marks(row.winners + at, winner);
    }
  }
};
// endregion

// region with-gradients
/// Calls body(place, gradient) for each pixel of the row.
template <class Group, class Body>
void with_gradients(const BatchNormRow& row, std::int64_t c, const Body& body) {
  using Floats = typename Group::Floats;
  for (std::int64_t window = 0; window < row.windows; ++window) {
    const std::int64_t from = window * row.channels + c;
    const auto gradient = Group::get(row.output_gradient + from);
    if (!row.winners_before) {  // no ReLU, no pool
      body(from, gradient);
      continue;
    }
    const auto winner = Group::get_marks(row.winners_before + from);
    for (std::int64_t x = 0; x < row.pool; ++x) {
      const auto mark = static_cast<int>(row.window_row * row.pool + x);
      body((window * row.pool + x) * row.channels + c,
           winner == typename Group::Marks{} + mark ? gradient : Floats{});
    }
  }
  for (auto x = row.windows * row.pool; x < row.width; ++x) {  // no window's
    body(x * row.channels + c, Floats{});
  }
}
// endregion

// region gradient-passes
struct SumGradientPass {
  template <class Group>
  static void run(const BatchNormRow& row, std::int64_t c) {
    using Floats = typename Group::Floats;
    const auto mean = Group::get(row.mean + c);
    Floats sum{};
    Floats products{};
    with_gradients<Group>(row, c, [&](std::int64_t at, Floats gradient) {
      sum += gradient;
      products += gradient * (Group::get(row.input + at) - mean);
    });
    Group::add(row.sums + c, sum);
    Group::add(row.sums + row.channels + c, products);
  }
};

struct SpreadPass {
  template <class Group>
  static void run(const BatchNormRow& row, std::int64_t c) {
    using Floats = typename Group::Floats;
    const auto mean = Group::get(row.mean + c);
    const auto factor = Group::get(row.factor + c);
    const auto shift = Group::get(row.shift + c);
    const auto slope = Group::get(row.slope + c);
    with_gradients<Group>(row, c, [&](std::int64_t at, Floats gradient) {
      const auto away = Group::get(row.input + at) - mean;
      Group::put(row.input_gradient + at,
                 gradient * factor + shift - away * slope);
    });
  }
};
// endregion

// region batch-norm-kernel-table
}  // namespace

const BatchNormKernels& batch_norm_kernels() {
  static constexpr BatchNormKernels kKernels{
      over_channels<SumPass>, over_channels<NormalisePass>,
      over_channels<SumGradientPass>, over_channels<SpreadPass>};
  return kKernels;
}

}  // namespace cnn::CNN_ISA
// endregion
