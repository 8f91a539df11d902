// region quiet: includes
#include "chapters/04_cpu_cnn/training_flags.hpp"

#include "common/errors.hpp"

namespace cnn {
// endregion

// region define-flags
ChapterFlags TrainingFlags::flags() {
  return ChapterFlags()
      .choice("--network", "Which report's to train (001)", network,
              {"001", "002", "003"})
      .whole_number("--epochs", "How often to see all pictures (5)", epochs, 1,
                    1'000'000)
      .whole_number("--batch", "Pictures a step (the report's)", batch, 1,
                    65'536)
      .number("--rate", "Largest learning rate (suits the network)", rate, 0,
              1e30)
      .number("--momentum", "Of the gradient (0.9)", momentum, 0, 1)
      .number("--decay", "Of the weights (0)", weight_decay, 0, 1)
      .choice("--schedule", "How the rate changes (one-cycle)", schedule,
              {"constant", "step", "cosine", "one-cycle"})
      .whole_number("--patience",
                    "Stop after so many epochs without\n"
                    "gain, and keep the best weights (never)",
                    patience, 1, 1'000'000)
      .whole_number("--seeds", "Train with so many seeds (1)", seeds, 1, 1000)
      .file("--save", "For the weights, as safetensors", save)
      .file("--checkpoint", "To be written after each epoch", checkpoint)
      .yes("--resume", "Go on from the checkpoint", resume);
}
// endregion

// region choose-training
namespace {

/// Found by trying: the largest rate that every seed gets along with, halved.
double rate_for(const ReportedNetwork& network) {
  return network.which == ReportNetwork::k001 ? 0.05 : 0.1;
}

}  // namespace

TrainingChoice choose_training(const TrainingFlags& flags,
                               const Options& options, std::int64_t classes) {
  if (flags.resume && flags.checkpoint.empty()) {
    throw InputError(
        "--resume: found no --checkpoint, expected the file to go on from");
  }
  if (flags.seeds > 1 && !flags.checkpoint.empty()) {
    throw InputError(
        "--seeds: found a --checkpoint, too, expected only one of them: a "
        "checkpoint holds one training");
  }
  TrainingChoice choice{
      .network = reported_network(flags.network, classes),
      .sgd = {.momentum = static_cast<float>(flags.momentum),
              .weight_decay = static_cast<float>(flags.weight_decay)},
      .plan = {}};
  if (flags.batch > 0) choice.network.batch = flags.batch;
  TrainingPlan& plan = choice.plan;
  plan.epochs = flags.epochs > 0 ? flags.epochs : 5;
  plan.schedule.kind = schedule_named(flags.schedule);
  plan.schedule.rate = static_cast<float>(
      flags.rate > 0 ? flags.rate : rate_for(choice.network));
  plan.seed = options.seed;
  plan.patience = flags.patience;
  return choice;
}

}  // namespace cnn
// endregion
