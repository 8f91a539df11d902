/// @file
/// What a chapter puts under the microscope.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace cnn {

/// A small piece of work for kernels: a few blocks, edges that do not fit.
struct Exhibit {
  std::string name;              ///< "convolution_forward"
  std::string shows;             ///< one line: sizes, and what to look for
  std::function<void()> launch;  ///< does the work, and waits for it
  double flop = 0;               ///< of that work; 0: not worth counting
};

/// Makes a chapter's exhibits, for the emulator or for a GPU. Throws SkipError
/// where that GPU is not to be had.
using Exhibits = std::function<std::vector<Exhibit>(bool on_gpu)>;

/// The program NN_microscope: counts what the kernels of all exhibits, or one,
/// ask of the memory. `name` is what it is called. Returns the exit status: 0;
/// 1, a kernel did something wrong; 2, bad usage; 77, no GPU.
int run_microscope(int argc, const char* const* argv, const std::string& name,
                   const Exhibits& make_exhibits);

}  // namespace cnn
