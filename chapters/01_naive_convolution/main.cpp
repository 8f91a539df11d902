// region quiet: includes
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chapters/01_naive_convolution/convolution.hpp"
#include "chapters/01_naive_convolution/filters.hpp"
#include "chapters/01_naive_convolution/ladder.hpp"
#include "chapters/01_naive_convolution/loop_orders.hpp"
#include "chapters/01_naive_convolution/partial_sums.hpp"
#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "common/data/dataset.hpp"
#include "common/program.hpp"
#include "common/random.hpp"
#include "common/yardsticks.hpp"

namespace {

using namespace cnn;
// endregion

// region filter-pictures
/// A picture of each class, five filters, one convolution, one PNG.
void filter_real_pictures(Program& program, const Dataset& pictures,
                          const std::string& file) {
  std::vector<std::int64_t> indices;
  for (std::size_t c = 0; c < pictures.class_names.size(); ++c) {
    const auto found =
        std::find(pictures.labels.begin(), pictures.labels.end(), c);
    indices.push_back(found - pictures.labels.begin());
  }
  const Tensor responses = filter_pictures(pictures, indices);
  const auto path = program.picture_path(file);
  write_png(path, contact_sheet(responses, 3));
  fmt::print("{}: {} pictures x {} filters -> {}\n", pictures.name,
             indices.size(), picture_filters().size(), path.string());
}
// endregion

// region check-by-hand
/// A case small enough for paper: a 3x3 picture, a 2x2 filter.
void check_by_hand(Program& program) {
  const ConvolutionGeometry geometry{.input_height = 3,
                                     .input_width = 3,
                                     .kernel_height = 2,
                                     .kernel_width = 2};
  const std::array<float, 9> input{1, 2, 3, 4, 5, 6, 7, 8, 9};
  const std::array<float, 4> filter{1, 10, 100, 1000};
  const std::array<double, 4> by_hand{5421, 6532, 8754, 9865};
  std::array<float, 4> output{};
  convolution_forward(geometry, input, filter, output);
  program.check("by-hand", "seven loops", "a case worked by hand",
                compare(output, {by_hand, by_hand}, geometry.terms()));
}
// endregion

// region check-everything
void check_everything(Program& program) {
  const std::uint64_t seed = program.options().seed;
  Comparison input_gradients;
  Comparison filter_gradients;
  std::vector<Comparison> outputs(loop_orders().size());
  std::vector<Comparison> outputs_without_simd(loop_orders().size());

  for (const ConvolutionGeometry& geometry : check_geometries()) {
    const RandomProblem problem(geometry, seed);
    const auto expected = reference_forward(geometry, problem.input.values(),
                                            problem.filter.values());
    Tensor output(geometry.output_shape());
    const auto outcome = [&](const LoopOrder& order) {
      output.fill(NAN);  // an element that is never written must not pass
      order.run(geometry, problem.input.values(), problem.filter.values(),
                output.values());
      return compare(output.values(), expected, geometry.terms());
    };
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      outputs[i] = merge(outputs[i], outcome(loop_orders()[i]));
      outputs_without_simd[i] = merge(outputs_without_simd[i],
                                      outcome(loop_orders_without_simd()[i]));
    }

    Tensor input_gradient(geometry.input_shape());
    convolution_backward_input(geometry, problem.output_gradient.values(),
                               problem.filter.values(),
                               input_gradient.values());
    input_gradients = merge(
        input_gradients, compare(input_gradient.values(),
                                 reference_backward_input(
                                     geometry, problem.output_gradient.values(),
                                     problem.filter.values()),
                                 backward_input_terms(geometry)));

    Tensor filter_gradient(geometry.filter_shape());
    convolution_backward_filter(geometry, problem.input.values(),
                                problem.output_gradient.values(),
                                filter_gradient.values());
    filter_gradients = merge(
        filter_gradients,
        compare(filter_gradient.values(),
                reference_backward_filter(geometry, problem.input.values(),
                                          problem.output_gradient.values()),
                backward_filter_terms(geometry)));
  }

  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const std::string name(loop_orders()[i].name);
    program.check("forward/" + name, "forward, " + name, "float64", outputs[i]);
    program.check("forward-without-simd/" + name,
                  "forward, " + name + ", no SIMD", "float64",
                  outputs_without_simd[i]);
  }
  program.check("backward-input", "input gradient", "float64", input_gradients);
  program.check("backward-filter", "filter gradient", "float64",
                filter_gradients);
}
// endregion

// region time-orders
void time_loop_orders(Program& program, const RandomProblem& problem) {
  const auto label = [](const LoopOrder& order) {
    return fmt::format("{:16} {}", order.name, order.loops);
  };
  for (const LoopOrder& order : loop_orders()) {
    time_order(program, fmt::format("orders/{}", order.name), label(order),
               "loop order", order, problem);
  }
  // The definition is not compiled twice: its sum is never vectorised.
  for (const LoopOrder& order : loop_orders_without_simd().subspan(1)) {
    time_order(program, fmt::format("orders-without-simd/{}", order.name),
               label(order), "loop order, vectoriser off", order, problem);
  }
}
// endregion

// region time-partial-sums
/// How long a sum takes when each term waits for the one before, and when
/// several sums take turns. Both vectors stay in the first-level cache.
void time_partial_sums(Program& program) {
  constexpr std::int64_t kTerms = 2048;
  Tensor a({1, 1, 1, kTerms});
  Tensor b({1, 1, 1, kTerms});
  Random(program.options().seed, 3).fill_uniform(a.values(), -1, 1);
  Random(program.options().seed, 4).fill_uniform(b.values(), -1, 1);
  const auto time = [&](const std::string& id, const std::string& group,
                        const auto& product) {
    for (const int sums : kPartialSums) {
      float sum = 0;
      program.measure(
          fmt::format("{}/{}", id, sums),
          fmt::format("dot product, {} partial sum{}", sums,
                      sums == 1 ? "" : "s"),
          {.flop = 2.0 * kTerms, .bytes = 2.0 * kTerms * sizeof(float)},
          [&] {
            sum = product(a.values(), b.values(), sums);
            keep(&sum);
          },
          {.group = group});
    }
  };
  time("partial-sums", "partial sums", dot_product);
  time("partial-sums-without-simd", "partial sums, vectoriser off",
       dot_product_without_simd);
}
// endregion

// region time-sizes
/// The same loop orders on ever larger pictures: 4 channels in, 16 out, one
/// picture, or as many as make up 128x128 pixels.
void time_sizes(Program& program) {
  const std::vector<std::int64_t> sizes =
      program.options().quick
          ? std::vector<std::int64_t>{16, 48, 64, 256}
          : std::vector<std::int64_t>{4,  8,  16,  24,  32, 48,
                                      64, 96, 128, 256, 512};
  for (const std::int64_t size : sizes) {
    const RandomProblem problem(
        {.batch = std::max<std::int64_t>(1, 128 * 128 / (size * size)),
         .input_channels = 4,
         .input_height = size,
         .input_width = size,
         .output_channels = 16,
         .kernel_height = 3,
         .kernel_width = 3,
         .stride = 1,
         .padding = 1},
        program.options().seed);
    for (const LoopOrder& order : loop_orders()) {
      time_order(program, fmt::format("sizes/{}/{}", order.name, size),
                 fmt::format("{:16} {}x{}", order.name, size, size),
                 "picture size", order, problem);
    }
  }
}
// endregion

// region time-openblas
/// The matrix product that hides in this convolution, by OpenBLAS: how fast one
/// core can be at just this work.
std::optional<std::string> time_openblas(Program& program,
                                         const RandomProblem& problem) {
  const std::string id = "ladder/openblas-product";
  const std::string label = "yardstick: OpenBLAS product";
  std::string why_not;
  const auto blas = OpenBlas::load(why_not);
  if (!blas) {
    program.absent(label, why_not);
    return std::nullopt;
  }
  const ConvolutionGeometry& geometry = problem.geometry;
  const std::int64_t terms = geometry.terms();
  const std::int64_t pixels =
      geometry.batch * geometry.output_height() * geometry.output_width();
  Tensor columns({1, 1, terms, pixels});
  Tensor product({1, 1, geometry.output_channels, pixels});
  Random(program.options().seed, 5).fill_uniform(columns.values(), -1, 1);
  blas->set_threads(1);
  program.results().set_value("yardstick.openblas", blas->description());
  program.measure(id, label, convolution_work(geometry),
                  [&] {
                    blas->sgemm(false, false, geometry.output_channels, pixels,
                                terms, 1, problem.filter.data(), terms,
                                columns.data(), pixels, 0, product.data(),
                                pixels);
                  },
                  {.group = "ladder"});
  return id;
}
// endregion

// region story
void story(Program& program) {
  const DatasetPair data = load_dataset(program.options().data);
  program.use_dataset(data.train.name, data.train.source, data.train.count,
                      data.test.count);

  program.section("filters");
  filter_real_pictures(program, data.test, "filters.png");
  filter_real_pictures(program, load_dataset("fashion-mnist").test,
                       "filters-clothes.png");

  program.section("check");
  check_by_hand(program);
  check_everything(program);

  program.section("time");
  const RandomProblem problem(ladder_geometry(program.options().quick),
                              program.options().seed);
  fmt::print("{}\n", to_string(problem.geometry));
  time_loop_orders(program, problem);
  time_partial_sums(program);
  time_sizes(program);

  program.section("ladder");
  auto rungs = time_first_rungs(program, problem);
  if (const auto id = time_openblas(program, problem)) rungs.push_back(*id);
  if (const auto id = time_cudnn(program, problem)) rungs.push_back(*id);
  program.ladder(rungs);
}
// endregion

// region main
}  // namespace

int main(int argc, char** argv) {
  return cnn::run_program(
      argc, argv,
      {"01", "01_naive_convolution", "Naive convolution",
       "Seven nested loops: filters real pictures, checks itself against "
       "float64, and finds out why it is slow."},
      story);
}
// endregion
