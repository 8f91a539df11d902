// How many kernels a training step is, and which: on a GPU that is quicker than
// its host, that is what a step costs. Asked of the microscope.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/network.hpp"
#include "chapters/06_tiled_cuda_adam/adam.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_backend.hpp"
#include "common/simt/microscope.hpp"
#include "tests/chapters/04_cpu_cnn/small_networks.hpp"

namespace cnn::test {
inline namespace CNN_GPU {
namespace {

using Names = std::vector<std::string>;

/// A step by Adam on random pictures. Without the kernel that adds the parts of
/// a product: how many parts there are depends on the GPU.
Names launches_of_step(const Sequential& model, const Shape& input) {
  TiledBackend backend;
  Network network(model, input, backend, 1);
  const auto adam = make_adam(network, backend);
  fill_batch(network, 1);
  const simt::Microscope microscope;
  network.forward(true, 1);
  network.loss(true);
  network.backward();
  adam->step(0.01F, 0);
  backend.synchronise();
  Names names = microscope.launches();
  std::erase_if(names, [](const std::string& name) {
    return name.starts_with("sum_parts");
  });
  return names;
}

/// "filter_of_nine" of "filter_of_nine<2>" and the like.
Names without_sizes(Names names) {
  for (std::string& name : names) name = name.substr(0, name.find('<'));
  return names;
}

/// Report 003's layers, on small pictures.
TEST(TracedLaunches, OfAConvolutionAndADenseLayer) {
  const Sequential model{{conv2d(8, 3, 1, 1), relu(), max_pool2d(2), flatten(),
                          dropout(0.3F), dense(10)}};
  const Names expected{
      "forward_of_nine", "drop_in_fours", "tuned_product",  "judge_by_warps",
      "tuned_product",   "sum_shares",  // dense: weights and bias
      "tuned_product",   "drop_in_fours", "filter_of_nine", "add_all_parts",
      "adam_kernel"};
  EXPECT_EQ(without_sizes(launches_of_step(model, {4, 1, 8, 6})), expected);
}

/// A second convolution knows neither ReLU nor pooling by itself. (The first
/// one has parts to add, too, before those of the second.)
TEST(TracedLaunches, OfASecondConvolution) {
  const Sequential one{{conv2d(4, 3, 1, 1), flatten(), dense(3)}};
  const Sequential two{{conv2d(4, 3, 1, 1), conv2d(4, 3, 1, 1), relu(),
                        max_pool2d(2), flatten(), dense(3)}};
  const Shape input{4, 1, 8, 6};
  const Names alone = without_sizes(launches_of_step(one, input));
  Names both = without_sizes(launches_of_step(two, input));
  for (const std::string& name : alone) {
    const auto place = std::ranges::find(both, name);
    ASSERT_NE(place, both.end()) << name;
    both.erase(place);
  }
  const Names expected{
      "pack_filters",   "multiply_windows", "rectify_windows",  // forward
      "spread_windows", "multiply_filters", "sum_shares",       // filters, bias
      "spread_windows", "pack_filters",     "multiply_windows",  // input
      "add_all_parts"};
  EXPECT_EQ(both, expected);
}

}  // namespace
}  // namespace CNN_GPU
}  // namespace cnn::test
