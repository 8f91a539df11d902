// region quiet: includes
#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/03_blocked_gemm/checks.hpp"
#include "chapters/03_blocked_gemm/stories.hpp"
#include "common/program.hpp"

namespace {

using namespace cnn;
// endregion

// region story
void story(Program& program) {
  program.use_dataset("none", "random numbers", 0, 0);

  program.section("check");
  check_products(program);
  check_convolutions(program);
  check_fusion(program);

  program.section("a product in eight steps");
  time_steps(program);

  program.section("products of many sizes");
  time_sizes(program);

  program.section("convolutions");
  time_convolutions(program);
  time_fusion(program);

  program.section("ladder");
  const RandomProblem problem(ladder_geometry(program.options().quick),
                              program.options().seed);
  climb_ladder(program, problem);
}
// endregion

// region main
}  // namespace

int main(int argc, char** argv) {
  return cnn::run_program(
      argc, argv,
      {"03", "03_blocked_gemm", "A blocked matrix product",
       "Multiplies matrices as fast as the machine can, in eight steps, and "
       "convolves images with what the steps teach."},
      story);
}
// endregion
