// Layers, gradients and ten steps of training against golden values: what
// PyTorch computes, which shares no line with this course. How they were made,
// and where their bounds come from, is in golden/make_golden.py.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "chapters/04_cpu_cnn/network.hpp"
#include "chapters/04_cpu_cnn/optimiser.hpp"
#include "common/error_bound.hpp"
#include "tests/chapters/04_cpu_cnn/golden.hpp"
#include "tests/chapters/04_cpu_cnn/golden_run.hpp"

namespace {

using namespace cnn;

using nlohmann::json;
using test::golden_cases;
using test::GoldenCase;
using test::Outputs;

// --- layers -----------------------------------------------------------------

/// Which of the golden outputs are out of bounds, or were not computed: one
/// line each.
std::string differences(const GoldenCase& golden, const Outputs& outputs) {
  std::string found;
  for (const auto& [name, expected] : golden.outputs) {
    const auto actual = outputs.find(name);
    if (actual == outputs.end()) {
      found += name + " is missing\n";
      continue;
    }
    const Comparison outcome = compare(
        actual->second, {expected.value, expected.magnitude}, expected.terms);
    if (!outcome.passed()) found += name + ": " + describe(outcome) + "\n";
  }
  return found;
}

class GoldenLayer : public testing::TestWithParam<GoldenCase> {};

TEST_P(GoldenLayer, IsWhatPyTorchComputes) {
  for (const int threads : {1, 3}) {
    const auto backend = make_cpu_backend(threads);
    EXPECT_EQ(differences(GetParam(), run_golden(GetParam(), *backend)), "")
        << backend->description();
  }
}

/// The bounds are narrow enough to see every input: 1/64 more or less of it is
/// noticed.
TEST_P(GoldenLayer, NoticesEveryInput) {
  for (const auto& [name, input] : GetParam().inputs) {
    GoldenCase changed = GetParam();
    for (double& value : changed.inputs.at(name).value) value *= 1 + 1.0 / 64;
    const auto backend = make_cpu_backend(1);
    EXPECT_NE(differences(changed, run_golden(changed, *backend)), "") << name;
  }
}

std::string test_name(const testing::TestParamInfo<GoldenCase>& golden) {
  std::string name = golden.param.name;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !isalnum(c); },
      '_');
  return name + "_" + std::to_string(golden.index);
}

INSTANTIATE_TEST_SUITE_P(PyTorch, GoldenLayer,
                         testing::ValuesIn(golden_cases()), test_name);

// --- ten steps of training --------------------------------------------------

/// What a training is made of besides its data; broken on purpose below.
struct Recipe {
  float rate = 0;
  float momentum = 0;
  float weight_decay = 0;
  float batch_norm_momentum = 0.1F;
  float epsilon = 1e-5F;
};

Recipe recipe_of(const json& golden) {
  Recipe recipe;
  recipe.rate = golden.at("rate");
  recipe.momentum = golden.at("momentum");
  recipe.weight_decay = golden.at("weight_decay");
  return recipe;
}

/// make_golden.py's small_network().
Sequential small_network(const json& golden, const Recipe& recipe) {
  return {{conv2d(3, 3, 1, 1),
           batch_norm2d(recipe.batch_norm_momentum, recipe.epsilon), relu(),
           max_pool2d(2), flatten(), dense(5), relu(),
           dense(golden.at("classes"))}};
}

/// How far our float32 may be from PyTorch's float64, where PyTorch's own
/// float32 was `deviation` away. The file has the largest deviation of several
/// runs that differ in nothing but the order in which sums are added up. Ours
/// is one more order, and its errors are of the same kind and size, so a few
/// times the largest seen must do; and every step stores each number twice
/// (velocity, parameter), which may cost half a unit in the last place each,
/// whatever PyTorch's luck was.
double tolerance(double deviation, double largest_value, int steps) {
  constexpr double kFactor = 4;
  return kFactor * deviation + 2 * steps * gamma_bound(1) * largest_value;
}

/// The largest error as a multiple of the tolerance; NaN counts as infinite.
double excess(std::span<const float> actual,
              const std::vector<double>& expected, double deviation,
              int steps) {
  if (actual.size() != expected.size()) return HUGE_VAL;
  double error = 0;
  double largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double off = std::abs(double{actual[i]} - expected[i]);
    if (!(off <= error)) error = std::isnan(off) ? HUGE_VAL : off;
    largest = std::max(largest, std::abs(expected[i]));
  }
  return error / tolerance(deviation, largest, steps);
}

/// A network in training, beside the golden one.
class GoldenTraining {
 public:
  GoldenTraining(const json& golden, const Recipe& recipe, int threads)
      : golden_(golden),
        recipe_(recipe),
        backend_(make_cpu_backend(threads)),
        network_(small_network(golden, recipe), shape_of(golden), *backend_, 1),
        sgd_(make_sgd(network_, {recipe.momentum, recipe.weight_decay})) {
    for_all([&](const Parameter& parameter, Array array) {
      const std::vector<float> values = golden_.at("start").at(parameter.name);
      ASSERT_EQ(std::ssize(values), parameter.size()) << parameter.name;
      backend_->upload(values, array);
    });
  }

  /// Does all steps and returns the worst excess of anything on the way.
  double worst() {
    double found = 0;
    for (int step = 0; step < std::ssize(golden_.at("steps")); ++step) {
      found = std::max(found, excess_of_step(step));
    }
    return std::max(found, excess_of_inference());
  }

 private:
  static Shape shape_of(const json& golden) {
    const std::vector<std::int64_t> sizes = golden.at("input");
    return {sizes[0], sizes[1], sizes[2], sizes[3]};
  }

  template <class Visit>
  void for_all(const Visit& visit) {
    for (const Parameter& parameter : network_.parameters()) {
      visit(parameter, network_.parameter_arena() + parameter.offset);
    }
    for (const Parameter& buffer : network_.buffers()) {
      visit(buffer, network_.buffer_arena() + buffer.offset);
    }
  }

  void upload_batch(int step) {
    const json& batches = golden_.at("batches");
    const json& batch =
        batches.at(static_cast<std::size_t>(step) % batches.size());
    backend_->upload_activation(network_.input_shape(),
                                batch.at("images").get<std::vector<float>>(),
                                network_.input());
    backend_->upload_bytes(batch.at("labels").get<std::vector<std::uint8_t>>(),
                           network_.labels());
  }

  double excess_of_step(int step) {
    upload_batch(step);
    backend_->clear(network_.totals(), 2);
    network_.forward(true, static_cast<std::uint64_t>(step));
    network_.loss(true);
    network_.backward();
    sgd_->step(recipe_.rate, step);

    const json& expected =
        golden_.at("steps").at(static_cast<std::size_t>(step));
    double found = excess_of_loss(expected, step);
    std::size_t compared = 0;
    for_all([&](const Parameter& parameter, ConstArray array) {
      std::vector<float> actual(static_cast<std::size_t>(parameter.size()));
      backend_->synchronise();
      backend_->download(array, actual);
      found = std::max(
          found, excess(actual, expected.at("state").at(parameter.name),
                        expected.at("deviation").at(parameter.name), step + 1));
      ++compared;
    });
    EXPECT_EQ(compared, expected.at("state").size());
    return found;
  }

  double excess_of_loss(const json& expected, int step) {
    std::vector<float> totals(2);
    backend_->synchronise();
    backend_->download(network_.totals(), totals);
    const auto batch = static_cast<double>(network_.input_shape().batch);
    return excess(
        std::span(totals).first(1), {expected.at("loss").get<double>() * batch},
        expected.at("loss_deviation").get<double>() * batch, step + 1);
  }

  /// The first batch once more, by the running statistics.
  double excess_of_inference() {
    upload_batch(0);
    network_.forward(false);
    const json& expected = golden_.at("inference");
    std::vector<float> logits(expected.at("logits").size());
    backend_->synchronise();
    backend_->download(network_.logits(), logits);
    return excess(logits, expected.at("logits"), expected.at("deviation"),
                  static_cast<int>(golden_.at("steps").size()));
  }

  const json& golden_;
  Recipe recipe_;
  std::unique_ptr<Backend> backend_;
  Network network_;
  std::unique_ptr<Optimiser> sgd_;
};

TEST(GoldenSteps, TenStepsGoWherePyTorchGoes) {
  const json golden = test::golden_file("training.json");
  for (const int threads : {1, 3}) {
    GoldenTraining training(golden, recipe_of(golden), threads);
    const double worst = training.worst();
    EXPECT_LE(worst, 1) << threads << " threads";
    EXPECT_GT(worst, 0);  // float32 that hits every float64 would be no float32
  }
}

TEST(GoldenSteps, NoticeEveryPartOfTheRecipe) {
  const json golden = test::golden_file("training.json");
  const auto worst = [&](auto change) {
    Recipe recipe = recipe_of(golden);
    change(recipe);
    return GoldenTraining(golden, recipe, 1).worst();
  };
  EXPECT_GT(worst([](Recipe& r) { r.rate *= 1.001F; }), 10);
  EXPECT_GT(worst([](Recipe& r) { r.momentum *= 1.001F; }), 10);
  EXPECT_GT(worst([](Recipe& r) { r.weight_decay *= 1.01F; }), 10);
  EXPECT_GT(worst([](Recipe& r) { r.batch_norm_momentum *= 1.001F; }), 10);
  EXPECT_GT(worst([](Recipe& r) { r.epsilon *= 10; }), 10);
}

}  // namespace
