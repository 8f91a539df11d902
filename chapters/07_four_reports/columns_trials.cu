// region quiet: includes
#include <memory>
#include <vector>

#include "chapters/02_im2col_strided_views/im2col.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_kernels.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_samples.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_trials.hpp"
#include "chapters/07_four_reports/columns.hpp"
#include "chapters/07_four_reports/columns_bench.hpp"
#include "common/cuda/buffer.hpp"
#include "common/cuda/check.hpp"
#include "common/cuda/timing.hpp"

namespace cnn {
inline namespace CNN_GPU {
namespace {
// endregion

// region columns-problem
/// The arrays of a forward convolution by columns, on the device.
struct ColumnsProblem {
  explicit ColumnsProblem(std::shared_ptr<const RandomProblem> on_host)
      : host(std::move(on_host)),
        columns(columns_of(host->geometry)),
        input(host->input.values().size()),
        filter(host->filter.values().size()),
        written(static_cast<std::size_t>(columns.elements)),
        output(host->output_gradient.values().size()) {
    input.upload(host->input.values(), stream);
    filter.upload(host->filter.values(), stream);
    forget(written);
    forget(output);
    stream.synchronize();
  }

  /// NaN everywhere: what is not written cannot pass for right.
  void forget(DeviceBuffer<float>& buffer) const {
    cuda_check(cudaMemsetAsync(buffer.data(), 0xff,
                               buffer.size() * sizeof(float), stream.get()),
               "cudaMemsetAsync");
  }

  std::vector<float> download(const DeviceBuffer<float>& buffer) const {
    std::vector<float> values(buffer.size());
    buffer.download(values, stream);
    stream.synchronize();
    return values;
  }

  void write() { write_columns(columns, input.data(), written.data(), stream); }
  void convolve() {
    write();
    multiply_columns(host->geometry, written.data(), filter.data(),
                     output.data(), stream);
  }

  Stream stream;
  std::shared_ptr<const RandomProblem> host;
  Columns columns;
  DeviceBuffer<float> input;
  DeviceBuffer<float> filter;
  DeviceBuffer<float> written;
  DeviceBuffer<float> output;
};
// endregion

// region check-columns
/// All of them, against chapter 2's loops: a copy is exact or wrong.
Comparison check_written(ColumnsProblem& problem) {
  problem.forget(problem.written);
  problem.write();
  const std::vector<float> actual = problem.download(problem.written);
  std::vector<float> loops(actual.size());
  im2col_loops(problem.host->geometry, problem.host->input.values(), loops);
  const std::vector<double> expected(loops.begin(), loops.end());
  const std::vector<double> nothing(expected.size());
  return compare(actual, {expected, nothing}, 1);
}

/// Some of the sums, against float64.
Comparison check_convolved(ColumnsProblem& problem) {
  const Samples samples = sample(*problem.host, ConvolutionPass::kForward);
  problem.forget(problem.output);
  problem.convolve();
  const std::vector<float> all = problem.download(problem.output);
  std::vector<float> actual;
  for (const std::int64_t place : samples.place) {
    actual.push_back(all[static_cast<std::size_t>(place)]);
  }
  return compare(actual, {samples.value, samples.magnitude},
                 terms_of(problem.host->geometry, ConvolutionPass::kForward));
}
// endregion

// region columns-trials
ColumnsTrials trials(const std::shared_ptr<const RandomProblem>& problem) {
  const auto shared = std::make_shared<ColumnsProblem>(problem);
  const ConvolutionGeometry& geometry = problem->geometry;
  ColumnsTrials all;
  all.write = {"write", "a thread for each element", {}};
  all.write.trial.work = im2col_work(geometry);
  all.write.trial.check = [=] { return check_written(*shared); };
  all.write.trial.time = [=](const TimingPlan& plan) {
    return time_on_gpu(
        shared->stream, [&] { shared->write(); }, plan);
  };
  all.convolve = {"convolve", "columns, then a product", {}};
  all.convolve.trial.work = convolution_work(geometry);
  all.convolve.trial.check = [=] { return check_convolved(*shared); };
  all.convolve.trial.time = [=](const TimingPlan& plan) {
    return time_on_gpu(
        shared->stream, [&] { shared->convolve(); }, plan);
  };
  constexpr ConvolutionPass kPass = ConvolutionPass::kForward;
  const ConvolutionPlan plan = choose_plan(geometry, kPass, multiprocessors());
  all.view = convolution_trial(
      std::make_shared<ConvolutionProblem>(problem, kPass), plan);
  all.view_workspace = workspace_size(geometry, kPass, plan);
  return all;
}
// endregion

// region columns-bench-made
void borrow(std::int64_t bytes) {
  const DeviceBuffer<std::uint8_t> borrowed(static_cast<std::size_t>(bytes));
}

}  // namespace
}  // namespace CNN_GPU

#ifdef COURSE_SIMT
ColumnsBench make_columns_bench_emulated() {
#else
ColumnsBench make_columns_bench_on_gpu() {
#endif
  return {trials, borrow};
}

}  // namespace cnn
// endregion
