// region quiet: includes
#pragma once

#include <string>
#include <vector>

#include "chapters/07_four_reports/repeat.hpp"
#include "common/program.hpp"
// endregion

// region report-pictures
namespace cnn {

/// OUT/07/confusion-002-cnn-50k.png of each of these experiments: which classes
/// its first network took for which, from the last place where it ran. One that
/// has not been run is left out.
void draw_confusions(Program& program, const ReportFlags& flags,
                     const std::vector<Experiment>& experiments,
                     DataSets& data);

/// Report 002 looked into its CNN of 20K weights; into that of 100K, we look,
/// too: OUT/07/maps-cnn-20k-boot-1.png is what its first convolution makes of a
/// boot, -2.png the second, and so on for trousers and a T-shirt; boot.png is
/// the picture itself, the first of its class among the test pictures.
void draw_maps(Program& program, const ReportFlags& flags,
               const std::vector<Experiment>& experiments, DataSets& data);

}  // namespace cnn
// endregion
