// region quiet: includes
#pragma once

#include "chapters/07_four_reports/one_pass_tile.cuh"

namespace cnn {
inline namespace CNN_GPU {
// endregion

// region one-pass-hidden
/// What one picture's thread knows between the two passes over its pixels.
struct PictureNumbers {
  static constexpr int kNeurons = OnePassShape::kNeurons;
  float hidden[kNeurons];
  float logits[kNeurons];  ///< later: how the loss changes with them
};

/// Adds up the slices. Bytes have been multiplied, so 255 is divided out here.
__device__ inline void read_hidden(const OnePassShared& shared, int picture,
                                   PictureNumbers& own) {
#pragma unroll
  for (int h = 0; h < PictureNumbers::kNeurons; ++h) {
    float sum = 0;
#pragma unroll
    for (int slice = 0; slice < OnePassShape::kSlices; ++slice) {
      sum += shared.parts[slice][h][picture];
    }
    sum = sum / 255 + shared.layers[TwoLayers::kHiddenBias + h];
    own.hidden[h] = sum < 0 ? 0 : sum;  // NaN stays NaN
  }
}

/// The second layer of one picture.
/// What the hidden neurons say to each class.
__device__ inline void find_logits(const OnePassShared& shared,
                                   PictureNumbers& own) {
  constexpr int kNeurons = PictureNumbers::kNeurons;
#pragma unroll
  for (int c = 0; c < kNeurons; ++c) {
    own.logits[c] = shared.layers[TwoLayers::kOutputBias + c];
  }
#pragma unroll
  for (int h = 0; h < kNeurons; ++h)
#pragma unroll
    for (int c = 0; c < kNeurons; ++c) {
      own.logits[c] +=
          own.hidden[h] * shared.layers[TwoLayers::kOutput + h * kNeurons + c];
    }
}
// endregion

// region one-pass-softmax
/// Of the pictures that one thread has judged.
struct Judged {
  float loss = 0;
  float right = 0;
};

/// Turns logits into slopes of the loss, softmax - one-hot: a row of ten in the
/// registers of one thread, so no other thread is asked.
__device__ inline void judge(int classes, int label, PictureNumbers& own,
                             Judged& judged) {
  constexpr int kNeurons = PictureNumbers::kNeurons;
  float largest = own.logits[0];
  int place = 0;
  float of_label = own.logits[0];
#pragma unroll
  for (int c = 1; c < kNeurons; ++c) {
    if (c < classes && own.logits[c] > largest) {
      largest = own.logits[c];
      place = c;
    }
    if (c == label) of_label = own.logits[c];
  }
  float sum = 0;
#pragma unroll
  for (int c = 0; c < kNeurons; ++c) {
    own.logits[c] = c < classes ? expf(own.logits[c] - largest) : 0.0F;
    sum += own.logits[c];
  }
#pragma unroll
  for (int c = 0; c < kNeurons; ++c) {
    own.logits[c] = own.logits[c] / sum - (c == label ? 1.0F : 0.0F);
  }
  judged.loss += logf(sum) - (of_label - largest);
  judged.right += place == label ? 1.0F : 0.0F;
}
// endregion

// region one-pass-between
/// All between the pixels, a thread for each picture: hidden neurons, logits,
/// loss, and back to the hidden sums. A picture that is not there has slopes
/// of 0, and so adds nothing to any gradient.
__device__ inline void judge_pictures(const std::uint8_t* labels, int classes,
                                      int there, OnePassShared& shared,
                                      Judged& judged) {
  constexpr int kNeurons = PictureNumbers::kNeurons;
  const auto picture = static_cast<int>(threadIdx.x);
  if (picture >= OnePassShape::kPictures) return;
  PictureNumbers own;
  read_hidden(shared, picture, own);
  find_logits(shared, own);
  const bool is_there = picture < there;
  if (is_there) judge(classes, labels[picture], own, judged);
  __syncwarp();  // or the compiler keeps a hundred weights in registers
#pragma unroll
  for (int h = 0; h < kNeurons; ++h) {
    float slope = 0;
#pragma unroll
    for (int c = 0; c < kNeurons; ++c) {
      slope +=
          own.logits[c] * shared.layers[TwoLayers::kOutput + h * kNeurons + c];
    }
    const int i = picture * kNeurons + h;
    shared.hidden_slopes[i] = is_there && own.hidden[h] > 0 ? slope : 0.0F;
    shared.logit_slopes[i] = is_there ? own.logits[h] : 0.0F;
    shared.hidden[picture][h] = own.hidden[h];
  }
  shared.hidden[picture][kNeurons] = 1;
}
// endregion

// region one-pass-small
/// The gradients of what follows the first product, 120 numbers, one for each
/// of the first threads: its sum over pictures of a hidden neuron times a slope
/// of a class, or, with the neuron that says 1, of a slope alone.
class SmallGradients {
 public:
  static constexpr int kNeurons = OnePassShape::kNeurons;
  static constexpr int kNumbers = TwoLayers::kNumbers - TwoLayers::kOutput;

  /// Adds the part of all pictures in shared memory.
  /// Adds the part of all pictures in shared memory.
  __device__ void add(const OnePassShared& shared) {
    const auto own = static_cast<int>(threadIdx.x);
    if (own >= kNumbers) return;
    const int row = own / kNeurons;  // 11: the hidden neurons' own biases
    const float* slopes =
        row <= kNeurons ? shared.logit_slopes : shared.hidden_slopes;
    for (int n = 0; n < OnePassShape::kPictures; ++n) {
      sum_ += shared.hidden[n][min(row, kNeurons)] *
              slopes[n * kNeurons + own % kNeurons];
    }
  }

  /// Into their places among all layers' gradients.
  /// Writes them where the weights would lie.
  __device__ void write(float* layers) const {
    const auto own = static_cast<int>(threadIdx.x);
    if (own < kNumbers) layers[TwoLayers::kOutput + own] = sum_;
  }

 private:
  float sum_ = 0;
};

}  // namespace CNN_GPU
}  // namespace cnn
// endregion
