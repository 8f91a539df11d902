// region quiet: includes
#include "chapters/07_four_reports/onnx_file.hpp"

#include <onnx/onnx_pb.h>

#include <array>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "chapters/07_four_reports/notation.hpp"
#include "common/atomic_file.hpp"
// endregion

// region onnx-graph
namespace cnn {
namespace {

/// A graph that is a chain: each node reads what the last one wrote.
class Chain {
 public:
  explicit Chain(const std::string& input) : last_(input) {}

  /// @param more what the node reads besides: names of constants
  onnx::NodeProto& add(const char* operation,
                       std::initializer_list<std::string> more = {}) {
    onnx::NodeProto& node = *graph_.add_node();
    node.set_op_type(operation);
    node.set_name(std::to_string(graph_.node_size()) + "." + operation);
    node.add_input(last_);
    for (const std::string& name : more) node.add_input(name);
    last_ = node.name();
    node.add_output(last_);
    return node;
  }

  /// What the last node writes gets another name.
  void name_last(const std::string& name) {
    graph_.mutable_node(graph_.node_size() - 1)->set_output(0, name);
    last_ = name;
  }

  const std::string& constant(const std::string& name,
                              std::span<const std::int64_t> shape,
                              std::span<const float> values) {
    onnx::TensorProto& tensor = *graph_.add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t extent : shape) tensor.add_dims(extent);
    tensor.set_raw_data(values.data(), values.size_bytes());
    return name;
  }

  onnx::GraphProto& graph() { return graph_; }

 private:
  onnx::GraphProto graph_;
  std::string last_;
};
// endregion

// region onnx-attributes
onnx::AttributeProto& attribute(onnx::NodeProto& node, const char* name,
                                onnx::AttributeProto::AttributeType type) {
  onnx::AttributeProto& added = *node.add_attribute();
  added.set_name(name);
  added.set_type(type);
  return added;
}

void set(onnx::NodeProto& node, const char* name, std::int64_t value) {
  attribute(node, name, onnx::AttributeProto::INT).set_i(value);
}

void set(onnx::NodeProto& node, const char* name, float value) {
  attribute(node, name, onnx::AttributeProto::FLOAT).set_f(value);
}

/// The same number, `times` times: for rows and columns, and for all edges.
void set_all(onnx::NodeProto& node, const char* name, std::int64_t value,
             int times) {
  auto& added = attribute(node, name, onnx::AttributeProto::INTS);
  for (int i = 0; i < times; ++i) added.add_ints(value);
}

void set_window(onnx::NodeProto& node, const NotedLayer& layer) {
  set_all(node, "kernel_shape", layer.size, 2);
  set_all(node, "strides", layer.stride, 2);
}
// endregion

// region onnx-layer
/// A layer's node; its arrays are constants named NUMBER.weight and so on.
void add_layer(Chain& chain, const NotedLayer& layer, std::size_t number) {
  using Kind = NotedLayer::Kind;
  const auto own = [&](const char* name) {
    return std::to_string(number) + "." + name;
  };
  switch (layer.kind) {
    case Kind::kConvolution: {
      auto& node = chain.add("Conv", {own("weight"), own("bias")});
      set_window(node, layer);
      set_all(node, "pads", layer.padding, 4);
      break;
    }
    case Kind::kDense:
      // A row of weights for each output, as PyTorch has them.
      set(chain.add("Gemm", {own("weight"), own("bias")}), "transB",
          std::int64_t{1});
      break;
    case Kind::kBatchNorm:
      set(chain.add("BatchNormalization",
                    {own("weight"), own("bias"), own("running_mean"),
                     own("running_var")}),
          "epsilon", NotedLayer::kEpsilon);
      break;
    case Kind::kFlatten:
      chain.add("Flatten");
      break;
    case Kind::kRelu:
      chain.add("Relu");
      break;
    case Kind::kMaxPool:
      set_window(chain.add("MaxPool"), layer);
      break;
    case Kind::kAveragePool:
      set_window(chain.add("AveragePool"), layer);
      break;
    case Kind::kDropout:
      break;
  }
}
// endregion

// region onnx-values
/// What goes in or comes out: a batch of any size.
void describe(onnx::ValueInfoProto& value, const char* name,
              onnx::TensorProto::DataType type,
              std::initializer_list<std::int64_t> of_one) {
  value.set_name(name);
  auto& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(type);
  auto& shape = *tensor.mutable_shape();
  shape.add_dim()->set_dim_param("batch");
  for (const std::int64_t extent : of_one) {
    shape.add_dim()->set_dim_value(extent);
  }
}

/// Bytes to numbers, channel by channel.
void add_scaling(Chain& chain, const Model& model) {
  const std::array<std::int64_t, 3> shape{model.picture.channels, 1, 1};
  set(chain.add("Cast"), "to", std::int64_t{onnx::TensorProto::FLOAT});
  chain.add("Mul", {chain.constant("scale", shape, model.scaling.scale)});
  chain.add("Add", {chain.constant("offset", shape, model.scaling.offset)});
}
// endregion

// region onnx-model
onnx::GraphProto graph_of(const Model& model) {
  Chain chain("pixels");
  add_scaling(chain, model);
  for (const NamedTensor& tensor : model.tensors) {
    chain.constant(tensor.name, tensor.shape, tensor.values);
  }
  const std::vector<NotedLayer> layers = read_notation(model.layers);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    add_layer(chain, layers[i], i);
  }
  // Without a dense layer, what is left is pictures of one pixel.
  if (!layers.back().features) chain.add("Flatten");
  chain.name_last("logits");
  set(chain.add("Softmax"), "axis", std::int64_t{1});
  chain.name_last("probabilities");

  onnx::GraphProto& graph = chain.graph();
  graph.set_name(model.layers);
  const Shape& picture = model.picture;
  describe(*graph.add_input(), "pixels", onnx::TensorProto::UINT8,
           {picture.channels, picture.height, picture.width});
  const std::int64_t classes = std::ssize(model.class_names);
  for (const char* name : {"logits", "probabilities"}) {
    describe(*graph.add_output(), name, onnx::TensorProto::FLOAT, {classes});
  }
  return graph;
}

void add_metadata(onnx::ModelProto& file, const char* key, std::string value) {
  auto& entry = *file.add_metadata_props();
  entry.set_key(key);
  entry.set_value(std::move(value));
}

}  // namespace
// endregion

// region encode-onnx
std::string encode_onnx(const Model& model) {
  using Json = nlohmann::json;
  onnx::ModelProto file;
  file.set_ir_version(kOnnxIrVersion);
  file.set_producer_name("loops-to-warps");
  auto& operators = *file.add_opset_import();
  operators.set_domain("");  // those that everybody has
  operators.set_version(kOnnxOpset);
  *file.mutable_graph() = graph_of(model);
  add_metadata(file, "classes",
               Json(model.class_names)
                   .dump(-1, ' ', false, Json::error_handler_t::replace));
  add_metadata(file, "layers", model.layers);
  add_metadata(file, "recipe", model.recipe);
  std::string bytes;
  if (!file.SerializeToString(&bytes)) {
    throw std::runtime_error("the model does not fit in an ONNX file (2 GiB)");
  }
  return bytes;
}

void write_onnx(const std::filesystem::path& path, const Model& model) {
  write_atomically(path, encode_onnx(model));
}

}  // namespace cnn
// endregion
