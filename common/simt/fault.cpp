#include "common/simt/fault.hpp"

#include <fmt/format.h>

#include "common/simt/describe.hpp"
#include "common/simt/source_lines.hpp"
#include "common/simt/symbols.hpp"

namespace cnn::simt {
namespace {

std::string text_of(const dim3& index) {
  return fmt::format("({},{},{})", index.x, index.y, index.z);
}

std::string text_of(const SourceLine& where) {
  return where.file.empty() ? "an unknown line"
                            : fmt::format("{}:{}", where.file, where.line);
}

}  // namespace

Fault describe(const RawFault& raw, const Block& block) {
  Fault fault;
  fault.kind = static_cast<FaultKind>(raw.kind);
  fault.kernel = kernel_name(block.grid().kernel);
  fault.block = block.index();
  fault.text =
      fmt::format("kernel {}, block {}", fault.kernel, text_of(fault.block));

  const auto index_of = [&](int thread) {
    return dim3(block.threads()[static_cast<std::size_t>(thread)].index);
  };
  SourceLine where{raw.place.file, raw.place.line, ""};
  if (raw.caller != nullptr) where = source_line(raw.caller);
  fault.file = where.file;
  fault.line = where.line;
  const bool divergent = fault.kind == FaultKind::kDivergentBarrier;
  if (raw.thread >= 0) {
    fault.thread = index_of(raw.thread);
    if (!divergent) {
      fault.text += fmt::format(", thread {}", text_of(fault.thread));
      if (!where.file.empty()) fault.text += ", " + text_of(where);
    }
  }
  fault.text += ": " + raw.what;
  if (raw.other_caller != nullptr) {
    fault.text += fmt::format(" at {}", text_of(source_line(raw.other_caller)));
    if (raw.other_thread >= 0) {
      fault.text +=
          fmt::format(" by thread {}", text_of(index_of(raw.other_thread)));
    }
  }
  fault.text += ". " + raw.advice + ".";
  return fault;
}

}  // namespace cnn::simt
