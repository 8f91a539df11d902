// region quiet: includes
#include "chapters/06_tiled_cuda_adam/exhibits.hpp"

#include <memory>
#include <utility>

#include "chapters/05_naive_cuda/exhibits.hpp"
#include "chapters/06_tiled_cuda_adam/adam.hpp"
#include "chapters/06_tiled_cuda_adam/tiled_device.hpp"

namespace cnn {
// endregion

// region exhibit-fused-batch-norm
namespace {

Exhibit fused_batch_norm(const NewBackend& make, std::string name,
                         std::string shows, const BatchNormBlock& block) {
  return operation_exhibit(
      make, std::move(name), std::move(shows), 0, [=](Operands& on) {
        Backend& backend = on.backend();
        backend.reserve_batch_norm(block);
        const std::int64_t channels = block.input.channels;
        const BatchNormArrays arrays{on.input(channels),  on.input(channels),
                                     on.input(channels),  on.input(channels),
                                     on.output(channels), on.output(channels)};
        const Array x = on.input(block.input);
        const Array y = on.output(block.output());
        const Array dy = on.input(block.output());
        const Array dx = on.output(block.input);
        const Array dscale = on.output(channels);
        const Array dshift = on.output(channels);
        const std::int64_t size = backend.winners_size(block);
        const ByteArray winners = backend.allocate_bytes(size);
        return [=, &backend] {
          constexpr float kEpsilon = 1e-5F;
          backend.batch_norm_forward(block, arrays, 0.1F, kEpsilon, x, y,
                                     winners);
          backend.batch_norm_backward(block, arrays, x, dy, winners, dx, dscale,
                                      dshift);
          backend.batch_norm_inference(block, arrays, kEpsilon, x, y);
        };
      });
}
// endregion

// region exhibit-fused-pooling
Exhibit pooling(const NewBackend& make, std::string name, std::string shows,
                const Shape& input) {
  const PoolGeometry pool{input, 2, 2};
  return operation_exhibit(make, std::move(name), std::move(shows), 0,
                           [=](Operands& on) {
                             Backend& backend = on.backend();
                             const Array x = on.input(pool.input);
                             const Array y = on.output(pool.output());
                             const Array dy = on.input(pool.output());
                             const Array dx = on.output(pool.input);
                             return [=, &backend] {
                               backend.max_pool_forward(pool, x, y);
                               backend.max_pool_backward(pool, x, y, dy, dx);
                             };
                           });
}
// endregion

// region exhibit-adam
Exhibit adam(const NewBackend& make) {
  constexpr std::int64_t kCount = 1004;
  return operation_exhibit(
      make, "adam_step", "1004 parameters, four a thread", 0, [](Operands& on) {
        AdamBackend& backend = adam_of(on.backend());
        const Array gradients = on.input(kCount);
        const Array first = on.output(kCount);
        const Array second = on.output(kCount);
        on.backend().clear(first, kCount);
        on.backend().clear(second, kCount);
        const Array parameters = on.input(kCount);
        return [=, &backend] {
          backend.adam_step(kCount, adam_numbers({}, 0.001F, 0), gradients,
                            first, second, parameters);
        };
      });
}

std::vector<Exhibit> operations_on(const NewBackend& make) {
  std::vector<Exhibit> all = plain_exhibits(make);
  all.push_back(fused_batch_norm(make, "batch_norm_relu",
                                 "5 channels of 3 x 7 x 6, ReLU fused",
                                 {{3, 5, 7, 6}, true}));
  all.push_back(fused_batch_norm(make, "batch_norm_pool",
                                 "5 channels of 3 x 8 x 12, ReLU and pooling",
                                 {{3, 5, 8, 12}, true, 2}));
  all.push_back(pooling(make, "max_pool", "windows of 2 x 2 on 8 x 12: pairs",
                        {2, 3, 8, 12}));
  all.push_back(
      pooling(make, "max_pool_odd", "windows of 2 x 2 on 7 x 9", {2, 3, 7, 9}));
  all.push_back(adam(make));
  return all;
}

}  // namespace
// endregion

// region tiled-exhibits
std::vector<Exhibit> tiled_exhibits(Device device) {
  const ExhibitLaunches launches = exhibit_launches(device);
  std::vector<Exhibit> all = product_exhibits(launches);
  const auto add = [&](std::vector<Exhibit> more) {
    for (Exhibit& one : more) all.push_back(std::move(one));
  };
  add(convolution_exhibits(launches));
  add(operations_on([=] { return make_tiled_backend(device); }));
  return all;
}

}  // namespace cnn
// endregion
