/// @file
/// A program that links count_allocations.cpp counts its allocations.
#pragma once

#include <cstdint>

namespace cnn::test {

/// Calls of operator new so far, of all threads.
std::int64_t allocations();

}  // namespace cnn::test
