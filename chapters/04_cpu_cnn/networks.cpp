// region quiet: includes
#include "chapters/04_cpu_cnn/networks.hpp"

#include <fmt/format.h>

#include "common/errors.hpp"

namespace cnn {
// endregion

// region network-001
Sequential network_001(std::int64_t classes) {
  return {{conv2d(32, 3), relu(), max_pool2d(2),  //
           conv2d(64, 3), relu(), max_pool2d(2),  //
           flatten(), dense(128), relu(), dense(classes)}};
}
// endregion

// region network-003
Sequential network_003(std::int64_t classes) {
  return {{conv2d(8, 3, 1, 1), relu(), max_pool2d(2),  //
           flatten(), dropout(0.3F), dense(classes)}};
}
// endregion

// region network-002
Sequential network_002(std::int64_t classes) {
  const Initialiser xavier{Initialiser::Kind::kXavierNormal};
  return {{conv2d(40, 3, 1, 1, xavier), batch_norm2d(), relu(), max_pool2d(2),
           conv2d(60, 3, 1, 1, xavier), batch_norm2d(), relu(), max_pool2d(2),
           flatten(),                                  //
           dense(25, xavier), batch_norm1d(), relu(),  //
           dense(50, xavier), batch_norm1d(), relu(),  //
           dense(classes, xavier)}};
}
// endregion

// region find-network
std::vector<ReportedNetwork> reported_networks(std::int64_t classes) {
  return {{ReportNetwork::k001, "001", network_001(classes), 64},
          {ReportNetwork::k003, "003", network_003(classes), 128},
          {ReportNetwork::k002, "002", network_002(classes), 512}};
}

ReportedNetwork reported_network(const std::string& number,
                                 std::int64_t classes) {
  for (const ReportedNetwork& network : reported_networks(classes)) {
    if (network.number == number) return network;
  }
  throw InputError(
      fmt::format("network: found '{}', expected 001, 002 or 003", number));
}

}  // namespace cnn
// endregion
