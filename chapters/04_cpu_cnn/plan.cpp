// region quiet: includes
#include "chapters/04_cpu_cnn/plan.hpp"

#include <algorithm>

namespace cnn {
// endregion

// region make-steps
std::vector<Step> make_steps(const Sequential& model, const Shape& input,
                             const Backend& backend) {
  const std::vector<Shape> shapes = output_shapes(model, input);
  std::vector<Step> steps;
  for (std::size_t layer = 0; layer < shapes.size(); ++layer) {
    const auto number = static_cast<std::int64_t>(layer);
    const Layer& next = *model.layers[layer];
    if (!steps.empty() && steps.back().instance->absorb(next, backend)) {
      steps.back().last_layer = number;
      steps.back().output = shapes[layer];
      continue;
    }
    Step step;
    step.input = steps.empty() ? input : steps.back().output;
    step.instance = next.instantiate(step.input);
    step.first_layer = step.last_layer = number;
    step.output = shapes[layer];
    steps.push_back(std::move(step));
  }
  for (Step& step : steps) step.use = step.instance->memory_use();
  return steps;
}

std::size_t first_learning_step(const std::vector<Step>& steps,
                                const Sequential& model) {
  const auto learns = [&](const Step& step) {
    const auto layer = static_cast<std::size_t>(step.first_layer);
    return !model.layers[layer]->parameters(step.input).empty();
  };
  return static_cast<std::size_t>(
      std::find_if(steps.begin(), steps.end(), learns) - steps.begin());
}
// endregion

// region place-activations
namespace {

/// The network's own input is not ours to overwrite, and what the step before
/// reads again on the way back must stay.
bool may_overwrite_input(const std::vector<Step>& steps, std::size_t i) {
  return i > 0 && !steps[i - 1].use.keeps_output;
}

void place_activations(std::vector<Step>& steps, Array input,
                       Backend& backend) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Step& step = steps[i];
    step.arrays.input = i == 0 ? input : steps[i - 1].arrays.output;
    if (step.use.in_place && may_overwrite_input(steps, i)) {
      step.arrays.output = step.arrays.input;
    } else {
      step.arrays.output =
          backend.allocate(backend.activation_size(step.output));
    }
  }
}
// endregion

// region take-turns
/// Where the gradient of a step's output lives.
enum class Place {
  kFirst,       // one of two arrays that take turns
  kSecond,      // the other
  kActivation,  // over the activation itself
  kSameAsNext   // where the next step, which works in place, has its own
};

std::vector<Place> choose_places(const std::vector<Step>& steps) {
  std::vector<Place> places(steps.size());
  bool second = false;
  for (std::size_t i = steps.size(); i-- > 0;) {
    const bool last = i + 1 == steps.size();
    if (!last && steps[i + 1].use.in_place) {
      places[i] = Place::kSameAsNext;
    } else if (!last && steps[i + 1].use.gradient_over_input &&
               may_overwrite_input(steps, i + 1)) {
      places[i] = Place::kActivation;
    } else {
      places[i] = second ? Place::kSecond : Place::kFirst;
      second = !second;
    }
  }
  return places;
}
// endregion

// region place-gradients
void place_gradients(std::vector<Step>& steps, std::size_t first_learning,
                     Backend& backend) {
  const std::vector<Place> places = choose_places(steps);
  std::int64_t first_size = 0;
  std::int64_t second_size = 0;
  for (std::size_t i = first_learning; i < steps.size(); ++i) {
    const std::int64_t size = backend.activation_size(steps[i].output);
    if (places[i] == Place::kFirst) first_size = std::max(first_size, size);
    if (places[i] == Place::kSecond) second_size = std::max(second_size, size);
  }
  const Array first = backend.allocate(first_size);
  const Array second = backend.allocate(second_size);
  Array next = nullptr;
  for (std::size_t i = steps.size(); i-- > first_learning;) {
    LayerArrays& own = steps[i].arrays;
    if (places[i] == Place::kFirst) own.output_gradient = first;
    if (places[i] == Place::kSecond) own.output_gradient = second;
    if (places[i] == Place::kActivation) own.output_gradient = own.output;
    if (places[i] == Place::kSameAsNext) own.output_gradient = next;
    if (i + 1 < steps.size()) {
      steps[i + 1].arrays.input_gradient = own.output_gradient;
    }
    next = own.output_gradient;
  }
}

}  // namespace
// endregion

// region place-arrays
void place_arrays(std::vector<Step>& steps, std::size_t first_learning,
                  Array input, Backend& backend) {
  place_activations(steps, input, backend);
  place_gradients(steps, first_learning, backend);
}

}  // namespace cnn
// endregion
