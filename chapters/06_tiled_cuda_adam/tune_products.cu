// region quiet: includes
#include <fmt/format.h>

#include <array>

#include "chapters/06_tiled_cuda_adam/products_program.hpp"
#include "chapters/06_tiled_cuda_adam/tuned_launch.cuh"
#include "common/cuda/timing.hpp"

namespace cnn {
inline namespace CNN_GPU {
namespace {
// endregion

// region tuned-candidates
/// One shape of the kernel, for a b as they lie.
struct Candidate {
  std::string_view name;
  void (*run)(const Product& product, const Finish& finish, const Parts& parts,
              const Stream& stream);
};

template <int... kSizes>
constexpr auto kRun =
    launch_shape<TileShape<kSizes...>, Lies::kByLine, Lies::kByFours>;

#define CANDIDATE(...)                \
  Candidate {                         \
#__VA_ARGS__, kRun < __VA_ARGS__> \
  }

/// Tile of c, terms; tile of a warp, rows of lanes; stages, blocks at once.
constexpr std::array kCandidates{CANDIDATE(128, 128, 8, 64, 64, 4, 3, 2),
                                 CANDIDATE(128, 128, 8, 64, 64, 4, 4, 2),
                                 CANDIDATE(128, 128, 8, 64, 64, 4, 5, 2),
                                 CANDIDATE(128, 128, 8, 64, 64, 8, 4, 2),
                                 CANDIDATE(128, 128, 16, 64, 64, 4, 3, 2),
                                 CANDIDATE(128, 128, 16, 64, 64, 8, 3, 2),
                                 CANDIDATE(128, 128, 8, 64, 32, 8, 4, 2),
                                 CANDIDATE(128, 128, 16, 64, 32, 8, 3, 2),
                                 CANDIDATE(128, 128, 8, 32, 64, 4, 4, 2),
                                 CANDIDATE(256, 128, 8, 64, 64, 4, 4, 1),
                                 CANDIDATE(256, 128, 16, 64, 64, 4, 3, 1),
                                 CANDIDATE(128, 256, 8, 64, 64, 4, 4, 1),
                                 CANDIDATE(128, 256, 16, 64, 64, 4, 3, 1),
                                 CANDIDATE(256, 64, 8, 64, 64, 4, 4, 2),
                                 CANDIDATE(64, 256, 8, 64, 64, 4, 4, 2),
                                 CANDIDATE(128, 64, 8, 64, 32, 8, 4, 4),
                                 CANDIDATE(128, 64, 16, 64, 32, 8, 3, 4),
                                 CANDIDATE(64, 64, 8, 32, 32, 4, 4, 4),
                                 CANDIDATE(64, 64, 16, 32, 32, 4, 3, 4),
                                 CANDIDATE(64, 64, 8, 64, 32, 8, 4, 6),
                                 CANDIDATE(64, 64, 16, 64, 32, 8, 3, 6),
                                 CANDIDATE(64, 64, 16, 32, 64, 4, 3, 6)};
// endregion

}  // namespace

// region tune-products
void tune_products(ProductProblem& problem, std::span<const int> sizes) {
  for (const int size : sizes) {
    const Product product = problem.product(size, size, size, {});
    const Finish finish{nullptr, false, true};
    const Parts parts{1, pieces(size, Parts::kUnit) * Parts::kUnit};
    for (const Candidate& candidate : kCandidates) {
      const auto run = [&] {
        candidate.run(product, finish, parts, problem.stream());
      };
      problem.product(size, size, size, {});
      run();
      const Comparison outcome = problem.judge(product, {});
      if (!outcome.passed()) {
        fmt::print("{:5} {:<32} WRONG {}\n", size, candidate.name,
                   describe(outcome));
        continue;
      }
      const Timing timing =
          time_on_gpu(problem.stream(), run, product_timing());
      fmt::print("{:5} {:<32} {:7.3f} TFLOP/s  {:9.2f} us\n", size,
                 candidate.name, product_flop(product) / timing.median_s / 1e12,
                 timing.median_s * 1e6);
      std::fflush(stdout);
    }
  }
}

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
