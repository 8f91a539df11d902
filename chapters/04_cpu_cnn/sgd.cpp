// region quiet: includes
#include <fmt/format.h>

#include "chapters/04_cpu_cnn/optimiser.hpp"

namespace cnn {
// endregion

// region sgd-optimiser
namespace {

class Sgd : public Optimiser {
 public:
  Sgd(Network& network, const SgdOptions& options)
      : network_(&network),
        options_(options),
        velocity_{"velocity",
                  network.backend().allocate(network.parameter_count())} {}

  std::string description() const override {
    return fmt::format("SGD, momentum {}, weight decay {}", options_.momentum,
                       options_.weight_decay);
  }

  std::span<const OptimiserState> state() const override {
    return {&velocity_, 1};
  }

  void step(float rate, std::int64_t /*step*/) override {
    network_->backend().sgd_step(
        network_->parameter_count(),
        {rate, options_.momentum, options_.weight_decay},
        network_->gradient_arena(), velocity_.array,
        network_->parameter_arena());
  }

 private:
  Network* network_;
  SgdOptions options_;
  OptimiserState velocity_;
};

}  // namespace

std::unique_ptr<Optimiser> make_sgd(Network& network,
                                    const SgdOptions& options) {
  return std::make_unique<Sgd>(network, options);
}

}  // namespace cnn
// endregion
