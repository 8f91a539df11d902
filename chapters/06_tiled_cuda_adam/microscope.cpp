// region microscope-main
#include "chapters/06_tiled_cuda_adam/exhibits.hpp"

int main(int argc, char** argv) {
  using cnn::Device;
  return cnn::run_microscope(argc, argv, "06_microscope", [](bool on_gpu) {
    return cnn::tiled_exhibits(on_gpu ? Device::kGpu : Device::kEmulator);
  });
}
// endregion
