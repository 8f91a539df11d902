// region quiet: includes
#pragma once

#include "common/program.hpp"

namespace cnn {
// endregion

// region report-table-declaration
/// The report's table of im2col by loops and by view, its sizes recovered,
/// measured again, and its figures questioned.
void tell_report_table(Program& program);

}  // namespace cnn
// endregion
