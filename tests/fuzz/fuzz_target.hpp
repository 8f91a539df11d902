// What every fuzz target shares.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

/// Called with one input after another. A parser may refuse its input with
/// InputError; anything else that goes wrong is a finding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size);

/// Like assert, but in release builds too.
inline void require(bool condition) {
  if (!condition) std::abort();
}
