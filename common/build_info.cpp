#include "common/build_info.hpp"

#include <fmt/format.h>

#include "build_commit.hpp"  // written by common/cmake/BuildCommit.cmake

namespace cnn {

namespace {

std::string compiler() {
#if defined(__clang__)
  return fmt::format("clang++ {}.{}.{}", __clang_major__, __clang_minor__,
                     __clang_patchlevel__);
#elif defined(__GNUC__)
  return fmt::format("g++ {}.{}.{}", __GNUC__, __GNUC_MINOR__,
                     __GNUC_PATCHLEVEL__);
#else
  return "another compiler";
#endif
}

const char* widest_vectors() {
#if defined(__AVX512F__)
  return "AVX-512";
#elif defined(__AVX2__) && defined(__FMA__)
  return "AVX2 with FMA";
#elif defined(__AVX2__)
  return "AVX2";
#elif defined(__AVX__)
  return "AVX";
#elif defined(__SSE2__)
  return "SSE2";
#elif defined(__ARM_NEON)
  return "NEON";
#else
  return "no vectors";
#endif
}

}  // namespace

const BuildInfo& build_info() {
  static const BuildInfo info{kBuildCommit, kBuildModified,
                              compiler(),   COURSE_COMPILE_FLAGS,
                              COURSE_MARCH, widest_vectors()};
  return info;
}

}  // namespace cnn
