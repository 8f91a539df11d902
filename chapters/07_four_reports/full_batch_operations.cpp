// region quiet: includes
#include "chapters/07_four_reports/full_batch_operations.hpp"

#include <functional>
#include <memory>
#include <utility>

#include "chapters/04_cpu_cnn/optimiser.hpp"
#include "chapters/07_four_reports/two_layers.hpp"

namespace cnn {
namespace {
// endregion

// region full-batch-arrays
/// A network with its batch, the arrays between its two layers, and all
/// operations of an iteration on them.
class Iteration {
 public:
  Iteration(const Dataset& pictures, std::uint64_t seed, const Place& place)
      : network_(make_full_batch(pictures, place, seed)),
        sgd_(make_sgd(*network_, {.momentum = 0})),
        on_(place.backend()),
        pixels_{pictures.count, TwoLayers::kPixels, TwoLayers::kNeurons},
        neurons_{pictures.count, TwoLayers::kNeurons, network_->classes()},
        sums_(on_.allocate(pictures.count * TwoLayers::kNeurons)),
        hidden_(on_.allocate(pictures.count * TwoLayers::kNeurons)),
        hidden_gradient_(on_.allocate(pictures.count * TwoLayers::kNeurons)),
        logits_(on_.allocate(pictures.count * network_->classes())),
        logit_gradient_(on_.allocate(pictures.count * network_->classes())) {}

  /// One operation, not waited for.
  struct Step {
    std::string id;
    std::string label;
    Work work;
    std::function<void()> run;
  };
  std::vector<Step> forward();
  std::vector<Step> backward();
  void wait() { on_.synchronise(); }
  // endregion

  // region full-batch-work
 private:
  Array weight(std::size_t i) const {
    return network_->parameter_arena() + network_->parameters()[i].offset;
  }
  Array gradient(std::size_t i) const {
    return network_->gradient_arena() + network_->parameters()[i].offset;
  }
  Shape shape() const { return {pixels_.batch, TwoLayers::kNeurons, 1, 1}; }

  /// Two FLOP a multiply-add; what goes in, and what comes out, once.
  static Work product(const DenseGeometry& dense) {
    const auto batch = static_cast<double>(dense.batch);
    const auto in = static_cast<double>(dense.inputs);
    const auto out = static_cast<double>(dense.outputs);
    return {2 * batch * in * out, sizeof(float) * batch * (in + out)};
  }
  /// `flop` for each number; one array in, one out.
  Work each(double flop) const {
    const auto numbers = static_cast<double>(pixels_.batch * pixels_.outputs);
    return {flop * numbers, 2 * sizeof(float) * numbers};
  }

  std::unique_ptr<Network> network_;
  std::unique_ptr<Optimiser> sgd_;
  Backend& on_;
  DenseGeometry pixels_;
  DenseGeometry neurons_;
  Array sums_, hidden_, hidden_gradient_, logits_, logit_gradient_;
};
// endregion

// region full-batch-forward
std::vector<Iteration::Step> Iteration::forward() {
  on_.reserve_dense(pixels_);
  on_.reserve_dense(neurons_);
  return {{"product", "pictures x weights", product(pixels_),
           [this] {
             on_.dense_forward(pixels_, network_->input(), weight(0), weight(1),
                               sums_, false);
           }},
          {"relu", "ReLU", each(1),
           [this] { on_.relu_forward(shape(), sums_, hidden_); }},
          {"output", "neurons x weights", product(neurons_),
           [this] {
             on_.dense_forward(neurons_, hidden_, weight(2), weight(3), logits_,
                               false);
           }},
          {"loss", "softmax and loss", each(4), [this] {
             on_.softmax_cross_entropy(pixels_.batch, neurons_.outputs, logits_,
                                       network_->labels(), logit_gradient_,
                                       network_->totals());
           }}};
}
// endregion

// region full-batch-backward
std::vector<Iteration::Step> Iteration::backward() {
  return {{"output-weights", "neurons x slopes", product(neurons_),
           [this] {
             on_.dense_backward_weight(neurons_, hidden_, logit_gradient_,
                                       gradient(2), gradient(3));
           }},
          {"output-input", "slopes x weights", product(neurons_),
           [this] {
             on_.dense_backward_input(neurons_, logit_gradient_, weight(2),
                                      hidden_gradient_);
           }},
          {"relu-back", "ReLU back", each(1),
           [this] {
             on_.relu_backward(shape(), hidden_, hidden_gradient_,
                               hidden_gradient_);
           }},
          {"product-back", "pictures x slopes", product(pixels_),
           [this] {
             on_.dense_backward_weight(pixels_, network_->input(),
                                       hidden_gradient_, gradient(0),
                                       gradient(1));
           }},
          {"update", "update", {2 * TwoLayers::kNumbers, 0}, [this] {
             sgd_->step(0.1F, 0);
           }}};
}
// endregion

// region time-full-batch-operations
}  // namespace

Timing per_step(Timing timing, std::int64_t steps) {
  const auto count = static_cast<double>(steps);
  for (double* seconds :
       {&timing.median_s, &timing.q1_s, &timing.q3_s, &timing.minimum_s}) {
    *seconds /= count;
  }
  return timing;
}

std::vector<OperationTime> time_full_batch_operations(const Dataset& pictures,
                                                      std::uint64_t seed,
                                                      const Place& place,
                                                      const TimingPlan& plan) {
  Iteration iteration(pictures, seed, place);
  auto steps = iteration.forward();
  for (auto& step : iteration.backward()) steps.push_back(std::move(step));
  // On a GPU, so many that waiting for the last one hardly shows.
  const int together = place.name() == "gpu" ? 20 : 1;
  std::vector<OperationTime> times;
  for (const auto& step : steps) {
    const Timing timing = time_repeated(
        [&] {
          for (int i = 0; i < together; ++i) step.run();
          iteration.wait();
        },
        plan);
    times.push_back(
        {step.id, step.label, step.work, per_step(timing, together)});
  }
  return times;
}

}  // namespace cnn
// endregion
