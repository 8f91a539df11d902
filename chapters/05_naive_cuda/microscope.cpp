// region microscope-main
#include "chapters/05_naive_cuda/exhibits.hpp"

int main(int argc, char** argv) {
  using cnn::Device;
  return cnn::run_microscope(argc, argv, "05_microscope", [](bool on_gpu) {
    return cnn::naive_exhibits(on_gpu ? Device::kGpu : Device::kEmulator);
  });
}
// endregion
