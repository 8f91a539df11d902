// region quiet: includes
#include "chapters/03_blocked_gemm/isa.hpp"

#include <string>
#include <vector>

namespace cnn {
// endregion

// region supported-isas
namespace {

std::vector<Isa> find_isas() {
  std::vector<Isa> found{Isa::kPortable};
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    found.push_back(Isa::kAvx2);
    if (__builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq")) {
      found.push_back(Isa::kAvx512);
    }
  }
#endif
  return found;
}

}  // namespace

std::span<const Isa> supported_isas() {
  static const std::vector<Isa> isas = find_isas();
  return isas;
}

Isa best_isa() {
  return supported_isas().back();
}
// endregion

// region isa-name
std::string_view name_of(Isa isa) {
  switch (isa) {
    case Isa::kAvx512:
      return "AVX-512";
    case Isa::kAvx2:
      return "AVX2";
    case Isa::kPortable:
      break;
  }
  return "portable";
}

std::string id_of(Isa isa) {
  std::string id(name_of(isa));
  for (char& letter : id)
    if (letter >= 'A' && letter <= 'Z') letter += 'a' - 'A';
  return id;
}

}  // namespace cnn
// endregion
