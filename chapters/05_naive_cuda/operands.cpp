// region quiet: includes
#include <algorithm>
#include <utility>

#include "chapters/05_naive_cuda/operations.hpp"
#include "common/random.hpp"

namespace cnn {
// endregion

// region make-operand
Operands::Operand Operands::make(const Shape& shape, std::int64_t count) {
  Operand operand{shape, nullptr, {}};
  const bool activation = shape.batch > 0;
  operand.array =
      backend_->allocate(activation ? backend_->activation_size(shape) : count);
  operand.host.resize(
      static_cast<std::size_t>(activation ? shape.size() : count));
  // The same numbers again and again: drawing millions takes longer than what
  // is done with them.
  constexpr std::size_t kDrawn = 1 << 16;
  std::vector<float> drawn(std::min(operand.host.size(), kDrawn));
  Random(1, stream_++).fill_uniform(drawn, -1, 1);
  for (std::size_t i = 0; i < operand.host.size(); ++i) {
    operand.host[i] = drawn[i % kDrawn];
  }
  return operand;
}

Array Operands::input(const Shape& activation) {
  inputs_.push_back(make(activation, 0));
  upload(inputs_.back());
  return inputs_.back().array;
}

Array Operands::input(std::int64_t count) {
  inputs_.push_back(make({}, count));
  upload(inputs_.back());
  return inputs_.back().array;
}

Array Operands::output(const Shape& activation) {
  outputs_.push_back(make(activation, 0));
  return outputs_.back().array;
}

Array Operands::output(std::int64_t count) {
  outputs_.push_back(make({}, count));
  return outputs_.back().array;
}

ByteArray Operands::labels(std::int64_t batch, std::int64_t classes) {
  std::vector<std::uint8_t> values;
  for (std::int64_t n = 0; n < batch; ++n) {
    values.push_back(static_cast<std::uint8_t>(n % classes));
  }
  const ByteArray array = backend_->allocate_bytes(batch);
  backend_->upload_bytes(values, array);
  return array;
}
// endregion

// region copy-operands
void Operands::upload(const Operand& operand) {
  if (operand.shape.batch > 0) {
    backend_->upload_activation(operand.shape, operand.host, operand.array);
  } else {
    backend_->upload(operand.host, operand.array);
  }
}

void Operands::upload() {
  for (const Operand& operand : inputs_) upload(operand);
}

void Operands::download(Operand& operand) {
  if (operand.shape.batch > 0) {
    backend_->download_activation(operand.shape, operand.array, operand.host);
  } else {
    backend_->download(operand.array, operand.host);
  }
}

void Operands::download() {
  for (Operand& operand : outputs_) download(operand);
  backend_->synchronise();
}

void Operands::keep_inputs() {
  for (Operand& operand : inputs_) download(operand);
}

}  // namespace cnn
// endregion
