// region quiet: includes
#include <fmt/format.h>

#include <iterator>

#include "chapters/04_cpu_cnn/checks.hpp"
#include "chapters/04_cpu_cnn/epoch_times.hpp"
#include "chapters/04_cpu_cnn/gallery.hpp"
#include "chapters/04_cpu_cnn/lesson.hpp"
#include "chapters/04_cpu_cnn/profile.hpp"
#include "chapters/04_cpu_cnn/training_flags.hpp"
#include "common/program.hpp"

namespace {

using namespace cnn;
// endregion

// region summary-of-network
void show_summary(Program& program, const TrainingChoice& choice,
                  const Dataset& pictures) {
  const auto layers =
      summarise(choice.network.model,
                {1, pictures.channels, pictures.height, pictures.width});
  fmt::print("{}", summary_table(layers));
  program.results().set_value("summary.parameters", total_parameters(layers));
  program.results().set_value("summary.multiply_adds",
                              total_multiply_adds(layers));
}
// endregion

// region story
void story(Program& program, const TrainingFlags& flags) {
  const DatasetPair data = load_pictures(program);
  const TrainingChoice choice = choose_training(
      flags, program.options(), std::ssize(data.train.class_names));

  program.section("network");
  show_summary(program, choice, data.train);

  program.section("check");
  check_networks(program);

  program.section("train");
  {
    Lesson lesson(choice, set_aside(data.train, choice.plan.seed), data.test,
                  program.threads());
    const Score score = teach(program, flags, lesson);
    teach_more_seeds(program, flags, choice, data, score);

    program.section("look");
    show_gallery(program, lesson, data.test);

    program.section("layers");
    show_layer_times(program, lesson);
  }

  program.section("time");
  time_epochs(program, data.train);

  program.section("ladder");
  climb_step_ladder(program, data.train);
}
// endregion

// region main
}  // namespace

int main(int argc, char** argv) {
  cnn::TrainingFlags flags;
  return cnn::run_program(
      argc, argv,
      {"04", "04_cpu_cnn", "The whole network, on the CPU",
       "Trains a convolutional network on real pictures, looks inside it, and "
       "races it against PyTorch."},
      [&](cnn::Program& program) { story(program, flags); }, flags.flags());
}
// endregion
