// region quiet: includes
#pragma once

#include <cstdint>
#include <vector>

#include "chapters/05_naive_cuda/checks.hpp"
#include "chapters/05_naive_cuda/training_race.hpp"
#include "chapters/06_tiled_cuda_adam/adam.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_device.hpp"
#include "common/data/dataset.hpp"
#include "common/program.hpp"

namespace cnn {
// endregion

// region check-declarations
/// Each step of the product, ragged in every direction, against float64.
void check_products(Program& program, Device device);

/// Every way to a convolution, by every plan there is, against float64.
void check_convolution_plans(Program& program, Device device);

/// The reports' networks in training, with 60,000 pictures: whether they take
/// much more of the device's memory than was planned, or less. Values
/// memory.DEVICE.NETWORK.planned_bytes and .used_bytes.
void check_memory(Program& program, Device device);
// endregion

// region learning-declarations
/// Adam's step where the network is: by chapter 4's backend, or by this
/// chapter's.
MakeOptimiser adam_on_cpu(int threads, const AdamOptions& options = {});
/// See above.
MakeOptimiser adam_on_gpu(const AdamOptions& options = {});

/// By Adam, for check_training().
Learning learning_by_adam(int threads);
// endregion

// region time-declarations
/// The steps of the product at several sizes, beside cuBLAS: measurements
/// product/SIZE/STEP, values product.SIZE.share_of_cublas.
void time_products(Program& program);

/// Seven shapes in three passes, beside cuDNN: measurements
/// convolutions/SHAPE/PASS/ours and /cudnn; values convolutions.geometric_mean
/// and convolutions.least, of cuDNN's time over ours.
void time_convolutions_on_gpu(Program& program);

/// For race_steps(): the CPU, chapter 5's GPU and this chapter's.
std::vector<Runner> tiled_runners(const Program& program);
/// See above: PyTorch with Adam, a step recorded as one CUDA graph.
PyTorchTraining captured_adam();

/// The reports' networks learn from several seeds: values
/// accuracy.NETWORK.each, .mean, .interval (half a 95 % confidence interval)
/// and .epochs.
void measure_accuracy(Program& program, std::int64_t seeds);

}  // namespace cnn
// endregion
