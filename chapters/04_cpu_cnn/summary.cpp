// region quiet: includes
#include "chapters/04_cpu_cnn/network.hpp"

namespace cnn {
// endregion

// region summarise
std::vector<LayerSummary> summarise(const Sequential& model,
                                    const Shape& input) {
  Shape one = input;
  one.batch = 1;
  std::vector<LayerSummary> lines;
  for (const Shape& output : output_shapes(model, one)) {
    const Layer& layer = *model.layers[lines.size()];
    LayerSummary line{.description = layer.description(one), .output = output};
    for (const Parameter& parameter : layer.parameters(one)) {
      line.parameters += parameter.size();
    }
    line.multiply_adds = layer.multiply_adds(one);
    lines.push_back(std::move(line));
    one = output;
  }
  return lines;
}

}  // namespace cnn
// endregion
