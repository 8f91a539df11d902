// region quiet: includes
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "chapters/01_naive_convolution/ladder.hpp"
#include "chapters/02_im2col_strided_views/matrix_product.hpp"
#include "chapters/03_blocked_gemm/convolution_ways.hpp"
#include "chapters/03_blocked_gemm/stories.hpp"
#include "common/pytorch.hpp"
#include "common/yardsticks.hpp"

namespace cnn {
// endregion

// region rung
namespace {

/// Times one way's forward pass as a rung; returns its id.
std::string time_rung(Program& program, const RandomProblem& problem,
                      const ConvolutionWay& way) {
  const bool alone = way.threads == 1;
  const std::string id = "ladder/" + way.id + (alone ? "" : "-all");
  program.measure(
      id,
      way.label +
          (alone ? "" : ", " + std::to_string(way.threads) + " threads"),
      convolution_work(problem.geometry), way.run[kForward],
      {.group = "ladder", .threads = way.threads});
  return id;
}

/// Ours, on some threads.
std::vector<std::string> time_our_rungs(Program& program,
                                        const RandomProblem& problem,
                                        int threads) {
  return {
      time_rung(program, problem, implicit_way(problem, best_isa(), threads)),
      time_rung(program, problem, direct_way(problem, best_isa(), threads))};
}
// endregion

// region yardstick-rungs
/// OpenBLAS with chapter 2's columns, and oneDNN on the whole convolution.
std::vector<std::string> time_their_rungs(Program& program,
                                          const RandomProblem& problem) {
  std::vector<std::string> ids;
  std::string why_not;
  if (const auto blas = OpenBlas::load(why_not)) {
    ids.push_back(
        time_rung(program, problem,
                  im2col_way(problem, openblas_product(*blas), "openblas-image",
                             "yardstick: im2col + OpenBLAS")));
  } else {
    program.absent("yardstick: im2col + OpenBLAS", why_not);
  }
  for (const char* id : {"convolution/one/digits-2/onednn/forward",
                         "convolution/all/digits-2/onednn/forward"}) {
    const auto& all = program.results().measurements();
    const auto found = std::ranges::find(all, id, &Measurement::id);
    if (found == all.end()) continue;
    const bool alone = found->threads == 1;
    ids.push_back(alone ? "ladder/onednn" : "ladder/onednn-all");
    program.add_measurement(
        ids.back(),
        "yardstick: oneDNN" +
            (alone ? "" : ", " + std::to_string(found->threads) + " threads"),
        found->work, found->timing,
        {.group = "ladder", .threads = found->threads});
  }
  return ids;
}
// endregion

// region climb-ladder
}  // namespace

void climb_ladder(Program& program, const RandomProblem& problem) {
  auto ids = time_first_rungs(program, problem);
  const auto climb = [&](const std::vector<std::string>& more) {
    ids.insert(ids.end(), more.begin(), more.end());
  };
  climb({time_rung(
      program, problem,
      im2col_way(problem, multiply_add, "im2col-image", "02 im2col, image"))});
  climb(time_our_rungs(program, problem, 1));
  if (program.threads() > 1)
    climb(time_our_rungs(program, problem, program.threads()));
  climb(time_their_rungs(program, problem));
  if (const auto id = time_cudnn(program, problem)) ids.push_back(*id);
  program.ladder(ids);
}

}  // namespace cnn
// endregion
