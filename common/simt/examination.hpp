/// @file
/// Exhibits under the microscope, one after the other.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/simt/exhibit.hpp"
#include "common/simt/microscope.hpp"

namespace cnn::simt {

/// What was counted of one exhibit.
struct Examined {
  Exhibit exhibit;
  std::vector<KernelCounts> kernels;
  /// The kernels' names in the order of their launches.
  std::vector<std::string> launches;

  /// FLOP for each byte of global traffic, of all kernels together.
  double arithmetic_intensity() const;
};

/// Launches each exhibit.
std::vector<Examined> examine(std::span<const Exhibit> exhibits);

/// Those whose exhibit or one of whose kernels is called `name`, with template
/// arguments or without; of a kernel's exhibits, only that kernel.
std::vector<Examined> named(std::span<const Examined> all,
                            const std::string& name);

/// Everything that was counted, as JSON ("loops-to-warps/microscope/1").
std::string to_json(std::span<const Examined> all, const std::string& program);

}  // namespace cnn::simt
