// region quiet: includes
#include "chapters/04_cpu_cnn/network.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

#include "chapters/04_cpu_cnn/arena.hpp"
#include "chapters/04_cpu_cnn/initialise.hpp"
#include "chapters/04_cpu_cnn/plan.hpp"
#include "common/errors.hpp"

namespace cnn {
// endregion

// region network-plan
struct Network::Plan {
  Plan(Backend& where, std::uint64_t random_seed, const Shape& input_size)
      : backend(where), seed(random_seed), input_shape(input_size) {}

  Backend& backend;
  std::uint64_t seed;
  Shape input_shape;
  Shape output_shape;
  std::vector<LayerSummary> summary;
  std::vector<Step> steps;
  std::size_t first_learning = 0;
  Arena parameters;
  Arena buffers;
  Array parameter_memory = nullptr;
  Array gradient_memory = nullptr;
  Array buffer_memory = nullptr;
  Array input = nullptr;
  ByteArray labels = nullptr;
  Array totals = nullptr;
  bool trained_forward = false;  // forward() in training was the last pass
  bool gradient_ready = false;   // loss() has left the logits' gradient
  std::function<void(std::int64_t, bool, double)> observer;

  void require_classes() const;
  void place_parameters(const Sequential& model);
  template <class Work>
  void timed(const Step& step, bool forward, const Work& work);
};
// endregion

// region network-constructor
Network::Network(const Sequential& model, const Shape& input, Backend& backend,
                 std::uint64_t seed)
    : plan_(std::make_unique<Plan>(backend, seed, input)) {
  Plan& plan = *plan_;
  plan.summary = summarise(model, input);
  plan.steps = make_steps(model, input, backend);
  plan.output_shape = plan.steps.empty() ? input : plan.steps.back().output;
  plan.require_classes();
  plan.first_learning = first_learning_step(plan.steps, model);

  plan.input = backend.allocate(backend.activation_size(input));
  plan.labels = backend.allocate_bytes(input.batch);
  plan.totals = backend.allocate(2);
  plan.place_parameters(model);
  place_arrays(plan.steps, plan.first_learning, plan.input, backend);
  for (Step& step : plan.steps) {
    step.instance->reserve(backend, step.first_layer);
  }
  initialise();
}

Network::~Network() = default;
// endregion

// region require-classes
void Network::Plan::require_classes() const {
  if (input_shape.batch < 1) {
    throw InputError(fmt::format(
        "a network needs a batch of at least 1, not {}", input_shape.batch));
  }
  constexpr std::int64_t kMostClasses = kNoLabel;  // labels are bytes
  const Shape& out = output_shape;
  if (out.height == 1 && out.width == 1 && out.channels <= kMostClasses) return;
  throw InputError(fmt::format(
      "the network ends with {} for each picture; expected one number for each "
      "of at most {} classes: flatten() and dense() make those",
      to_string_of_one(out), kMostClasses));
}
// endregion

// region place-parameters
void Network::Plan::place_parameters(const Sequential& model) {
  for (const Step& step : steps) {
    const auto layer = static_cast<std::size_t>(step.first_layer);
    parameters.add(step.first_layer,
                   model.layers[layer]->parameters(step.input));
    buffers.add(step.first_layer, model.layers[layer]->buffers(step.input));
  }
  parameter_memory = backend.allocate(parameters.size);
  gradient_memory = backend.allocate(parameters.size);
  buffer_memory = backend.allocate(buffers.size);
  for (Step& step : steps) {
    LayerArrays& arrays = step.arrays;
    arrays.parameters = parameters.of(step.first_layer, parameter_memory);
    arrays.gradients = parameters.of(step.first_layer, gradient_memory);
    arrays.buffers = buffers.of(step.first_layer, buffer_memory);
  }
}

void Network::initialise() {
  std::uint64_t stream = 0;
  const auto fill = [&](const Arena& arena, Array memory) {
    std::vector<float> values(static_cast<std::size_t>(arena.size), 0.0F);
    for (const Parameter& entry : arena.entries) {
      const auto own =
          std::span(values).subspan(static_cast<std::size_t>(entry.offset),
                                    static_cast<std::size_t>(entry.size()));
      cnn::initialise(entry, Random(plan_->seed, stream++), own);
    }
    plan_->backend.upload(values, memory);
  };
  fill(plan_->parameters, plan_->parameter_memory);
  fill(plan_->buffers, plan_->buffer_memory);
}
// endregion

// region network-step
template <class Work>
void Network::Plan::timed(const Step& step, bool forward, const Work& work) {
  if (!observer) return work();
  using Clock = std::chrono::steady_clock;
  backend.synchronise();
  const auto start = Clock::now();
  work();
  backend.synchronise();
  const std::chrono::duration<double> passed = Clock::now() - start;
  observer(step.first_layer, forward, passed.count());
}

void Network::forward(bool training, std::uint64_t step) {
  const Pass pass{training, step, plan_->seed};
  for (Step& each : plan_->steps) {
    plan_->timed(each, true, [&] {
      each.instance->forward(plan_->backend, each.arrays, pass);
    });
  }
  plan_->trained_forward = training;
  plan_->gradient_ready = false;
}

void Network::loss(bool gradient) {
  const Array logit_gradient = gradient && !plan_->steps.empty()
                                   ? plan_->steps.back().arrays.output_gradient
                                   : nullptr;
  plan_->backend.softmax_cross_entropy(plan_->input_shape.batch, classes(),
                                       logits(), plan_->labels, logit_gradient,
                                       plan_->totals);
  plan_->gradient_ready = gradient;
}

void Network::backward() {
  if (!plan_->trained_forward || !plan_->gradient_ready) {
    throw std::logic_error(
        "backward() needs forward() in training and loss() with gradient");
  }
  for (std::size_t i = plan_->steps.size(); i-- > plan_->first_learning;) {
    Step& step = plan_->steps[i];
    plan_->timed(step, false,
                 [&] { step.instance->backward(plan_->backend, step.arrays); });
  }
  plan_->trained_forward = false;  // activations may be overwritten now
}
// endregion

// region network-outputs
std::vector<float> Network::output_of(std::int64_t index) const {
  const auto& steps = plan_->steps;
  const std::string name =
      plan_->summary.at(static_cast<std::size_t>(index)).description;
  std::size_t at = 0;
  while (steps[at].last_layer < index) ++at;
  if (steps[at].last_layer != index) {
    throw InputError(fmt::format(
        "the output of layer {}, {}, was never written: one operation does it "
        "and the layers up to {}; ask for that one",
        index, name, steps[at].last_layer));
  }
  const LayerArrays& arrays = steps[at].arrays;
  if (at + 1 < steps.size() && steps[at + 1].arrays.output == arrays.output) {
    throw InputError(fmt::format(
        "the output of layer {}, {}, was overwritten by the layer after it; "
        "ask for that one",
        index, name));
  }
  std::vector<float> values(static_cast<std::size_t>(steps[at].output.size()));
  plan_->backend.synchronise();
  plan_->backend.download_activation(steps[at].output, arrays.output, values);
  return values;
}

void Network::observe(
    std::function<void(std::int64_t layer, bool forward, double seconds)>
        observer) {
  plan_->observer = std::move(observer);
}
// endregion

// region network-accessors
Backend& Network::backend() const {
  return plan_->backend;
}
const Shape& Network::input_shape() const {
  return plan_->input_shape;
}
std::int64_t Network::classes() const {
  return plan_->output_shape.channels;
}
Array Network::input() const {
  return plan_->input;
}
ByteArray Network::labels() const {
  return plan_->labels;
}
Array Network::totals() const {
  return plan_->totals;
}

ConstArray Network::logits() const {
  const auto& steps = plan_->steps;
  return steps.empty() ? plan_->input : steps.back().arrays.output;
}

std::span<const Parameter> Network::parameters() const {
  return plan_->parameters.entries;
}
std::span<const Parameter> Network::buffers() const {
  return plan_->buffers.entries;
}
std::int64_t Network::parameter_count() const {
  return plan_->parameters.size;
}
std::int64_t Network::buffer_count() const {
  return plan_->buffers.size;
}
Array Network::parameter_arena() const {
  return plan_->parameter_memory;
}
Array Network::gradient_arena() const {
  return plan_->gradient_memory;
}
Array Network::buffer_arena() const {
  return plan_->buffer_memory;
}
std::span<const LayerSummary> Network::layers() const {
  return plan_->summary;
}

}  // namespace cnn
// endregion
