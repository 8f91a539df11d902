/// @file
/// PyTorch on CPU cores, or on a GPU, to be measured against.
///
/// It is looked for when the program runs, and is asked in a process of its
/// own: a Python with a small script of ours (common/pytorch_yardstick.py).
/// Where it is absent, breaks down or takes too long, there is nothing and a
/// sentence saying why. Starting it costs some seconds each time: programs
/// leave it out in quick mode.
///
/// The Python is the one that the environment variable LOOPS_TO_WARPS_PYTHON
/// names; else python3, or /usr/bin/python3 if the first one knows no PyTorch.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/tensor.hpp"
#include "common/timing.hpp"

namespace cnn {

/// One way to have PyTorch do the work, and how long it took.
struct PyTorchVariant {
  std::string name;  ///< "contiguous" (NCHW) or "channels last"
  Timing timing;
};

/// The networks of the reports that this course is about, by number.
enum class ReportNetwork {
  k001,  ///< 32C3-ReLU-P2-64C3-ReLU-P2-128-ReLU-10
  k002,  ///< 40C3p1-BN-ReLU-P2-60C3p1-BN-ReLU-P2-25-BN-ReLU-50-BN-ReLU-10
  k003   ///< 8C3p1-ReLU-P2-dropout 0.3-10
};

/// What PyTorch is to train: on random pictures of 28 x 28 that lie in memory
/// as floats, gathered by shuffled index. No data loader: the framework at its
/// best.
struct PyTorchTraining {
  /// PyTorch's SGD with momentum, or its Adam.
  enum class Optimiser { kSgd, kAdam };

  ReportNetwork network = ReportNetwork::k001;
  std::int64_t batch = 64;
  std::int64_t pictures = 60'000;  ///< in an epoch
  int threads = 1;
  /// On the GPU, eagerly, in float32 without TF32; pictures lie there, too.
  bool gpu = false;
  Optimiser optimiser = Optimiser::kSgd;
  float rate = 0.01F;
  float momentum = 0.9F;  ///< of SGD
  float weight_decay = 0;
  /// On a GPU: a step's launches recorded once, and replayed as one CUDA graph.
  bool graph = false;
  /// Also try torch.compile, which needs a compiler and a minute.
  bool compile = false;
};

/// How pytorch_epoch() times steps, each variant: longer than elsewhere, as a
/// step takes milliseconds and a loaded machine shows only after a while.
TimingPlan pytorch_step_plan();

/// What pytorch_epoch() tells.
struct PyTorchEpoch {
  Timing step;   ///< one training step, by the fastest variant
  Timing epoch;  ///< the same times `steps`: an epoch of median steps
  std::int64_t steps =
      0;                ///< pictures / batch; an incomplete batch is left out
  std::string variant;  ///< name of the fastest
  std::vector<PyTorchVariant> variants;  ///< one step by each
  std::string
      description;  ///< "PyTorch 2.11.0, oneDNN 3.7, AVX-512, 2 threads",
                    ///< "PyTorch 2.11.0, CUDA 13.0, cuDNN 9.19, NVIDIA H200"
};

/// Trains as PyTorch's users would, in each memory format in turn, and times
/// single steps: gather, forward, backward, update. On a GPU, twenty steps are
/// asked for before they are waited for, and Adam is PyTorch's fused one.
/// `plan` holds for each variant; stopped when there is no answer after
/// `timeout_s`.
std::optional<PyTorchEpoch> pytorch_epoch(
    const PyTorchTraining& training, std::string& why_not,
    const TimingPlan& plan = pytorch_step_plan(), double timeout_s = 300);

/// The same for several trainings, one after the other, in one process; all
/// have the same threads and device as the first.
std::optional<std::vector<PyTorchEpoch>> pytorch_epochs(
    std::span<const PyTorchTraining> trainings, std::string& why_not,
    const TimingPlan& plan = pytorch_step_plan(), double timeout_s = 300);

/// A convolution for PyTorch, which hands it to oneDNN.
struct PyTorchConvolution {
  Shape input;   ///< NCHW
  Shape filter;  ///< OIHW
  std::int64_t stride = 1;
  std::int64_t padding = 0;
  int threads = 1;
};

/// The three times of one convolution, float32, each by its fastest variant.
/// Filters are in PyTorch's own layout: where oneDNN wants another one, its
/// price is part of the time, as it is in training.
struct PyTorchConvolutionTimes {
  PyTorchVariant forward;
  PyTorchVariant input_gradient;
  PyTorchVariant filter_gradient;
  std::string description;  ///< as PyTorchEpoch's
};

/// Times forward pass and both gradients of one convolution, without bias, in
/// both memory formats.
std::optional<PyTorchConvolutionTimes> pytorch_convolution(
    const PyTorchConvolution& convolution, std::string& why_not,
    const TimingPlan& plan = {}, double timeout_s = 120);

/// What there is: "PyTorch 2.11.0, oneDNN 3.7, AVX-512, 1 thread".
std::optional<std::string> pytorch_description(std::string& why_not);

}  // namespace cnn
