// region quiet: includes
#include <fmt/format.h>

#include "chapters/04_cpu_cnn/fusing.hpp"
#include "chapters/04_cpu_cnn/layer_instance.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region batch-norm-instance
namespace {

class BatchNormInstance : public LayerInstance {
 public:
  BatchNormInstance(const Shape& input, float momentum, float epsilon)
      : block_{.input = input}, momentum_(momentum), epsilon_(epsilon) {}

  bool absorb(const Layer& next, const Backend& backend) override {
    return absorb_into(block_, next, backend);
  }

  MemoryUse memory_use() const override {
    return {.keeps_input = true, .gradient_over_input = true};
  }

  void reserve(Backend& backend, std::int64_t) override {
    backend.reserve_batch_norm(block_);
    winners_ = backend.allocate_bytes(backend.winners_size(block_));
    mean_ = backend.allocate(block_.input.channels);
    inverse_deviation_ = backend.allocate(block_.input.channels);
  }
  // endregion

  // region batch-norm-passes-called
  void forward(Backend& backend, const LayerArrays& arrays,
               const Pass& pass) override {
    if (pass.training) {
      backend.batch_norm_forward(block_, of(arrays), momentum_, epsilon_,
                                 arrays.input, arrays.output, winners_);
    } else {
      backend.batch_norm_inference(block_, of(arrays), epsilon_, arrays.input,
                                   arrays.output);
    }
  }

  void backward(Backend& backend, const LayerArrays& arrays) override {
    backend.batch_norm_backward(
        block_, of(arrays), arrays.input, arrays.output_gradient, winners_,
        arrays.input_gradient, arrays.gradients[0], arrays.gradients[1]);
  }

 private:
  BatchNormArrays of(const LayerArrays& arrays) const {
    return {.scale = arrays.parameters[0],
            .shift = arrays.parameters[1],
            .running_mean = arrays.buffers[0],
            .running_variance = arrays.buffers[1],
            .mean = mean_,
            .inverse_deviation = inverse_deviation_};
  }

  BatchNormBlock block_;
  float momentum_;
  float epsilon_;
  ByteArray winners_ = nullptr;
  Array mean_ = nullptr;
  Array inverse_deviation_ = nullptr;
};
// endregion

// region batch-norm-layer
class BatchNorm : public Layer {
 public:
  BatchNorm(bool features, float momentum, float epsilon)
      : features_(features), momentum_(momentum), epsilon_(epsilon) {}

  std::string description(const Shape& input) const override {
    return fmt::format("BatchNorm{}d({})", features_ ? 1 : 2, input.channels);
  }

  Shape output_shape(const Shape& input) const override {
    if (features_) require_features(*this, input);
    return input;
  }

  std::vector<Parameter> parameters(const Shape& input) const override {
    return {constant("weight", input, 1), constant("bias", input, 0)};
  }

  std::vector<Parameter> buffers(const Shape& input) const override {
    return {constant("running_mean", input, 0),
            constant("running_var", input, 1)};
  }

  std::unique_ptr<LayerInstance> instantiate(
      const Shape& input) const override {
    return std::make_unique<BatchNormInstance>(input, momentum_, epsilon_);
  }

 private:
  static Parameter constant(const char* name, const Shape& input, float value) {
    return {.name = name,
            .shape = {input.channels},
            .initialiser = {Initialiser::Kind::kConstant, value}};
  }

  bool features_;
  float momentum_;
  float epsilon_;
};

}  // namespace
// endregion

// region batch-norm-makers
std::shared_ptr<const Layer> batch_norm1d(float momentum, float epsilon) {
  return std::make_shared<BatchNorm>(true, momentum, epsilon);
}

std::shared_ptr<const Layer> batch_norm2d(float momentum, float epsilon) {
  return std::make_shared<BatchNorm>(false, momentum, epsilon);
}

}  // namespace cnn
// endregion
