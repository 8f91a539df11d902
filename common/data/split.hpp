/// @file
/// Setting part of a data set aside.
#pragma once

#include <cstdint>
#include <vector>

#include "common/data/dataset.hpp"

namespace cnn {

/// The two parts of a data set; every picture is in exactly one.
struct Split {
  Dataset train;
  Dataset validation;
};

/// 0 ... count - 1 in an order of chance (Fisher and Yates, over Philox).
std::vector<std::int64_t> shuffled_indices(std::int64_t count,
                                           std::uint64_t seed);

/// Takes the pictures in the order of shuffled_indices() and sets the last
/// `validation_count` pictures aside. Throws InputError unless that number is
/// at least 1 and smaller than the set.
Split split_by_count(const Dataset& dataset, std::int64_t validation_count,
                     std::uint64_t seed);

/// split_by_count with round(fraction * count) pictures. Throws InputError
/// unless 0 < fraction < 1 and both parts get a picture.
Split split_by_fraction(const Dataset& dataset, double validation_fraction,
                        std::uint64_t seed);

}  // namespace cnn
