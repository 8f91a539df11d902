// region quiet: includes
#include "chapters/05_naive_cuda/operations.hpp"

#include <utility>

#include "chapters/04_cpu_cnn/networks.hpp"
#include "chapters/04_cpu_cnn/profile.hpp"
#include "chapters/05_naive_cuda/layer_operations.hpp"

namespace cnn {
// endregion

// region operations-of-001
namespace {

void append(Operations& operations, Operations more) {
  for (Operation& operation : more) operations.push_back(std::move(operation));
}

Operations operations_of_001(std::int64_t n) {
  Operations all;
  append(all, convolution_operations("001/conv1", "conv 1",
                                     {n, 1, 28, 28, 32, 3, 3}));
  append(all, relu_operations("001/relu1", "ReLU 1", {n, 32, 26, 26}));
  append(all, max_pool_operations("001/pool1", "pool 1", {n, 32, 26, 26}));
  append(all, convolution_operations("001/conv2", "conv 2",
                                     {n, 32, 13, 13, 64, 3, 3}));
  append(all, relu_operations("001/relu2", "ReLU 2", {n, 64, 11, 11}));
  append(all, max_pool_operations("001/pool2", "pool 2", {n, 64, 11, 11}));
  append(all, flatten_operations("001/flatten", {n, 64, 5, 5}));
  append(all, dense_operations("001/dense1", "dense 1", {n, 1600, 128}));
  append(all, relu_operations("001/relu3", "ReLU 3", {n, 128, 1, 1}));
  append(all, dense_operations("001/dense2", "dense 2", {n, 128, 10}));
  append(all, loss_operations("001/loss", n));
  append(all, sgd_operations("001/sgd", total_parameters(summarise(
                                            network_001(), {1, 1, 28, 28}))));
  return all;
}
// endregion

// region operations-of-002
Operations operations_of_002(std::int64_t n) {
  Operations all;
  append(all, convolution_operations("002/conv1", "conv 1",
                                     {n, 1, 28, 28, 40, 3, 3, 1, 1}));
  append(all,
         batch_norm_operations("002/norm1", "batch norm 1", {n, 40, 28, 28}));
  append(all, relu_operations("002/relu1", "ReLU 1", {n, 40, 28, 28}));
  append(all, max_pool_operations("002/pool1", "pool 1", {n, 40, 28, 28}));
  append(all, convolution_operations("002/conv2", "conv 2",
                                     {n, 40, 14, 14, 60, 3, 3, 1, 1}));
  append(all,
         batch_norm_operations("002/norm2", "batch norm 2", {n, 60, 14, 14}));
  append(all, relu_operations("002/relu2", "ReLU 2", {n, 60, 14, 14}));
  append(all, max_pool_operations("002/pool2", "pool 2", {n, 60, 14, 14}));
  append(all, flatten_operations("002/flatten", {n, 60, 7, 7}));
  append(all, dense_operations("002/dense1", "dense 1", {n, 2940, 25}));
  append(all,
         batch_norm_operations("002/norm3", "batch norm 3", {n, 25, 1, 1}));
  append(all, dense_operations("002/dense2", "dense 2", {n, 25, 50}));
  append(all, dense_operations("002/dense3", "dense 3", {n, 50, 10}));
  append(all, loss_operations("002/loss", n));
  return all;
}

}  // namespace
// endregion

// region operations-of
std::vector<Operation> operations_of(const std::string& report,
                                     std::int64_t batch) {
  if (report == "001") return operations_of_001(batch);
  if (report == "002") return operations_of_002(batch);
  return dropout_operations("003/dropout", {batch, 8, 14, 14});
}

}  // namespace cnn
// endregion
