#include "exercise.hpp"

namespace cnn {

Experiment own_experiment() {
  Experiment experiment;
  experiment.id = "002/own";
  experiment.title = "a network of my own";
  // your code here
  experiment.data = "fashion-mnist";
  experiment.layers = "16C3p1-BN-R-P2-24C3p1-BN-R-P2-32C3p1-BN-R-A7-10";
  experiment.weight = {Initialiser::Kind::kHeNormal};
  experiment.pixels = Pixels::kNormalised;
  experiment.schedule = {.kind = Schedule::Kind::kOneCycle, .rate = 0.01F};
  experiment.batch = 512;
  experiment.epochs = 20;
  experiment.validation = 0.1;
  return experiment;
}

}  // namespace cnn
