// region quiet: includes
#include "chapters/07_four_reports/onnx_file.hpp"
#include "common/errors.hpp"
// endregion

// region onnx-absent
namespace cnn {

std::string encode_onnx(const Model&) {
  throw SkipError(
      "this program was built without ONNX: the library for its format is "
      "missing (Debian: libonnx-dev and libprotobuf-dev)");
}

void write_onnx(const std::filesystem::path&, const Model& model) {
  encode_onnx(model);
}

}  // namespace cnn
// endregion
