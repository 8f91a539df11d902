// The tests are tested: convolutions that are wrong in one place each.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "chapters/01_naive_convolution/problem.hpp"
#include "chapters/01_naive_convolution/reference.hpp"
#include "chapters/06_tiled_cuda_adam/add_parts.hpp"
#include "chapters/06_tiled_cuda_adam/convolution_kernels.hpp"
#include "chapters/06_tiled_cuda_adam/filter_product.hpp"
#include "chapters/06_tiled_cuda_adam/window_product.hpp"
#include "chapters/06_tiled_cuda_adam/winograd.hpp"
#include "common/cuda/check.hpp"
#include "tests/common/simt/on_device.hpp"

namespace cnn {
namespace {

/// Odd sizes, several channels, padding.
constexpr ConvolutionGeometry kGeometry{3, 4, 11, 7, 6, 3, 3, 1, 1};

class BrokenConvolutions : public OnDevice {
 protected:
  /// Runs `compute` on fresh memory and compares with the pass's reference.
  bool passes(ConvolutionPass pass,
              const std::function<void(float* result)>& compute) {
    const auto size =
        static_cast<std::size_t>(result_shape(kGeometry, pass).size());
    auto result = on_device(std::vector<float>(size, NAN));
    compute(result.data());
    const std::vector<float> actual = on_host(result, *stream_);
    const auto input = problem_.input.values();
    const auto filter = problem_.filter.values();
    const auto gradient = problem_.output_gradient.values();
    if (pass == ConvolutionPass::kForward) {
      return compare(actual, reference_forward(kGeometry, input, filter),
                     kGeometry.terms())
          .passed();
    }
    if (pass == ConvolutionPass::kInputGradient) {
      return compare(actual,
                     reference_backward_input(kGeometry, gradient, filter),
                     backward_input_terms(kGeometry))
          .passed();
    }
    return compare(actual,
                   reference_backward_filter(kGeometry, input, gradient),
                   backward_filter_terms(kGeometry))
        .passed();
  }

  /// A forward pass after `spoil` has been at its parameters.
  bool forward_passes(WindowTile tile,
                      const std::function<void(WindowProduct&)>& spoil) {
    return passes(ConvolutionPass::kForward, [&](float* result) {
      WindowProduct product = forward_product(
          kGeometry, input_.data(), filter_.data(), nullptr, false, result);
      spoil(product);
      multiply_windows(product, false, tile, workspace_.data(), *stream_);
    });
  }

  /// A filter gradient in four parts likewise; `count` of them are added.
  bool filter_passes(int count,
                     const std::function<void(FilterProduct&)>& spoil) {
    return passes(ConvolutionPass::kFilterGradient, [&](float* result) {
      FilterProduct product =
          filter_product(kGeometry, input_.data(), gradient_.data(), 4);
      product.result = workspace_.data();
      spoil(product);
      multiply_filters(product, FilterTile::k64x96, *stream_);
      add_parts({result, workspace_.data(), count,
                 static_cast<int>(kGeometry.filter_shape().size())},
                *stream_);
    });
  }

  static std::vector<float> copy(std::span<const float> values) {
    return {values.begin(), values.end()};
  }

  RandomProblem problem_{kGeometry, 7};
  std::optional<Stream> stream_;  // where there is a GPU
  DeviceBuffer<float> input_;
  DeviceBuffer<float> filter_;
  DeviceBuffer<float> gradient_;
  DeviceBuffer<float> workspace_;

  void SetUp() override {
    OnDevice::SetUp();
    if (IsSkipped()) return;
    stream_.emplace();
    input_ = on_device(copy(problem_.input.values()));
    filter_ = on_device(copy(problem_.filter.values()));
    gradient_ = on_device(copy(problem_.output_gradient.values()));
    workspace_ = DeviceBuffer<float>(1 << 22);
  }
};

TEST_F(BrokenConvolutions, WindowsThatReadTheWrongPlace) {
  for (const WindowTile tile : {WindowTile::kAny, WindowTile::k64x64}) {
    EXPECT_TRUE(forward_passes(tile, [](WindowProduct&) {}));
    EXPECT_FALSE(forward_passes(tile, [](auto& p) { p.padding = 0; }))
        << "a window too far down";
    EXPECT_FALSE(forward_passes(tile, [](auto& p) { --p.source_height; }))
        << "a halo that lacks a row";
    EXPECT_FALSE(forward_passes(tile, [](auto& p) { p.stride = 2; }));
    EXPECT_FALSE(forward_passes(tile, [](auto& p) {
      std::swap(p.row_step, p.channel_step);
    })) << "filters of input channels";
    EXPECT_FALSE(forward_passes(tile, [](auto& p) { --p.channels; }))
        << "a channel left out";
    EXPECT_FALSE(forward_passes(tile, [](auto& p) { --p.pixels; }))
        << "the last pixel was never written";
    EXPECT_FALSE(forward_passes(tile, [](auto& p) { --p.rows; }))
        << "the last channel was never written";
    EXPECT_FALSE(forward_passes(tile, [](auto& p) { p.relu = true; }));
  }
}

TEST_F(BrokenConvolutions, TapsInTheWrongOrder) {
  const auto backward = [&](bool reversed) {
    return passes(ConvolutionPass::kInputGradient, [&](float* result) {
      const WindowProduct product =
          backward_product(kGeometry, gradient_.data(), filter_.data(), result);
      multiply_windows(product, reversed, WindowTile::k64x64, workspace_.data(),
                       *stream_);
    });
  };
  EXPECT_TRUE(backward(true));
  EXPECT_FALSE(backward(false));
}

TEST_F(BrokenConvolutions, FilterGradientsThatLackPixels) {
  EXPECT_TRUE(filter_passes(4, [](FilterProduct&) {}));
  EXPECT_FALSE(filter_passes(3, [](FilterProduct&) {})) << "a part";
  EXPECT_FALSE(filter_passes(4, [](auto& p) { --p.pixels; })) << "the last";
  EXPECT_FALSE(filter_passes(4, [](auto& p) { p.share -= 8; })) << "a gap";
  EXPECT_FALSE(filter_passes(4, [](auto& p) { p.padding = 0; }));
  EXPECT_FALSE(filter_passes(4, [](auto& p) { --p.input_width; }));
}

TEST_F(BrokenConvolutions, WinogradOneTileShort) {
  const auto winograd = [&](const std::function<void(Winograd&)>& spoil) {
    return passes(ConvolutionPass::kForward, [&](float* result) {
      const WindowProduct product = forward_product(
          kGeometry, input_.data(), filter_.data(), nullptr, false, result);
      Winograd sizes = winograd_windows(product, 3);
      spoil(sizes);
      winograd_multiply_windows(product, false, sizes, workspace_.data(),
                                *stream_);
    });
  };
  // Nine terms of four channels each: here the plain bound holds for it, too.
  EXPECT_TRUE(winograd([](Winograd&) {}));
  EXPECT_FALSE(winograd([](auto& w) { --w.tile_rows; }));
  EXPECT_FALSE(winograd([](auto& w) { --w.channels; }));
  EXPECT_FALSE(winograd([](auto& w) { --w.rows; }));
}

TEST_F(BrokenConvolutions, NothingAtAllAndZeros) {
  for (const ConvolutionPass pass :
       {ConvolutionPass::kForward, ConvolutionPass::kInputGradient,
        ConvolutionPass::kFilterGradient}) {
    EXPECT_FALSE(passes(pass, [](float*) {}));
    EXPECT_FALSE(passes(pass, [&](float* result) {
      const auto size =
          static_cast<std::size_t>(result_shape(kGeometry, pass).size());
      cuda_check(
          cudaMemsetAsync(result, 0, size * sizeof(float), stream_->get()),
          "cudaMemsetAsync");
    }));
  }
}

}  // namespace
}  // namespace cnn
