// region quiet: includes
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chapters/04_cpu_cnn/sequential.hpp"
#include "common/pytorch.hpp"

namespace cnn {
// endregion

// region report-networks
/// A network that a student report measured, as that report trained it.
struct ReportedNetwork {
  ReportNetwork which;
  std::string number;  ///< of the report: "001"
  Sequential model;
  std::int64_t batch;
};

/// 32C3-ReLU-P2-64C3-ReLU-P2-128-ReLU-10, batch 64.
Sequential network_001(std::int64_t classes = 10);
/// 40C3p1-BN-ReLU-P2-60C3p1-BN-ReLU-P2-25-BN-ReLU-50-BN-ReLU-10, batch 512,
/// Xavier's normal initialisation.
Sequential network_002(std::int64_t classes = 10);
/// 8C3p1-ReLU-P2-dropout 0.3-10, batch 128.
Sequential network_003(std::int64_t classes = 10);

/// Those of reports 001, 003 and 002, from plain to less plain, for pictures of
/// so many classes.
std::vector<ReportedNetwork> reported_networks(std::int64_t classes = 10);

/// The one with this number. Throws InputError when there is none.
ReportedNetwork reported_network(const std::string& number,
                                 std::int64_t classes = 10);

}  // namespace cnn
// endregion
