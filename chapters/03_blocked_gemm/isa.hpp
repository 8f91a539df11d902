// region quiet: includes
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cnn {
// endregion

// region isa
/// The instruction sets that the kernels of this chapter are compiled for.
enum class Isa {
  kPortable,  ///< vectors of 4 floats, whatever the compiler makes of them
  kAvx2,      ///< 8 floats, 16 registers, fused multiply-add
  kAvx512     ///< 16 floats, 32 registers
};

/// Those that were built and that this processor has, plainest first.
std::span<const Isa> supported_isas();

/// The last of them.
Isa best_isa();

/// "portable", "AVX2" or "AVX-512".
std::string_view name_of(Isa isa);

/// The same as a part of a measurement's id: "portable", "avx2", "avx-512".
std::string id_of(Isa isa);

}  // namespace cnn
// endregion
