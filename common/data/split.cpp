#include "common/data/split.hpp"

#include <cmath>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/data/input.hpp"
#include "common/random.hpp"

namespace cnn {

namespace {

// Keeps the numbers drawn here apart from others drawn from the same seed.
constexpr std::uint64_t kSplitStream = 0x73706c6974;  // "split"

}  // namespace

std::vector<std::int64_t> shuffled_indices(std::int64_t count,
                                           std::uint64_t seed) {
  const Random random(seed, kSplitStream);
  std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), 0);
  for (std::size_t left = indices.size(); left > 1; --left) {
    const std::uint64_t chosen = random.below(left, left);
    std::swap(indices[left - 1], indices[chosen]);
  }
  return indices;
}

Split split_by_count(const Dataset& dataset, std::int64_t validation_count,
                     std::uint64_t seed) {
  if (validation_count < 1 || validation_count >= dataset.count) {
    throw bad_input(
        dataset.source, "validation part",
        with_thousands(validation_count) + " pictures",
        "at least 1 and fewer than all " + with_thousands(dataset.count));
  }
  const auto indices = shuffled_indices(dataset.count, seed);
  const std::span all(indices);
  const auto train = static_cast<std::size_t>(dataset.count - validation_count);
  return {select(dataset, all.first(train)),
          select(dataset, all.subspan(train))};
}

Split split_by_fraction(const Dataset& dataset, double validation_fraction,
                        std::uint64_t seed) {
  if (!(validation_fraction > 0 && validation_fraction < 1)) {
    throw bad_input(dataset.source, "validation part",
                    "a fraction of " + std::to_string(validation_fraction),
                    "one between 0 and 1");
  }
  const double count = static_cast<double>(dataset.count);
  return split_by_count(dataset, std::llround(validation_fraction * count),
                        seed);
}

}  // namespace cnn
