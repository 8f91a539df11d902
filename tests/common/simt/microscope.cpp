// The microscope over the kernels of this folder: records the traces that
// chapters draw from and no chapter has a kernel for.
#include "tests/common/simt/exhibits.hpp"

int main(int argc, char** argv) {
  return cnn::run_microscope(argc, argv, "simt_microscope",
                             cnn::small_exhibits);
}
