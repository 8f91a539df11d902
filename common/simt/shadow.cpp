#include "common/simt/shadow.hpp"

namespace cnn::simt {
namespace {

using Kind = Suspicion::Kind;

constexpr int kWarp = 32;

Kind conflict(const Stamp& before, const Stamp& now, const Era& era) {
  if (before.interval < era.first_of_launch || before.interval == 0 ||
      (before.bytes & now.bytes) == 0 || (before.atomic && now.atomic)) {
    return Kind::kNone;
  }
  if (before.interval < era.first_of_block) return Kind::kRaceBetweenBlocks;
  const bool ordered = before.interval != now.interval ||
                       before.thread == now.thread ||
                       (before.thread / kWarp == now.thread / kWarp &&
                        before.warp_interval != now.warp_interval);
  return ordered ? Kind::kNone : Kind::kRace;
}

void remember_read(ShadowWord& word, const Stamp& now) {
  const bool mine =
      word.read.thread == now.thread || word.read.interval != now.interval;
  (mine ? word.read : word.other_read) = now;
}

}  // namespace

Suspicion examine(ShadowWord& word, AccessKind kind, const Stamp& now,
                  const Era& era) {
  Suspicion found;
  const auto compare = [&](const Stamp& before, bool wrote) {
    const Kind verdict = conflict(before, now, era);
    if (verdict != Kind::kNone && found.kind == Kind::kNone) {
      found = {verdict, before, wrote};
    }
  };
  compare(word.write, true);
  if (kind != AccessKind::kRead) {
    compare(word.read, false);
    compare(word.other_read, false);
  }
  const bool reads = kind != AccessKind::kWrite;
  if (reads && found.kind == Kind::kNone &&
      (word.written & now.bytes) != now.bytes) {
    found.kind = Kind::kUnwritten;
  }
  if (kind == AccessKind::kRead) {
    remember_read(word, now);
  } else {
    word.write = now;
    word.written = static_cast<std::uint8_t>(word.written | now.bytes);
  }
  return found;
}

void mark_written(std::span<ShadowWord> words, std::size_t offset,
                  std::size_t bytes) {
  for (std::size_t byte = offset; byte < offset + bytes; ++byte) {
    ShadowWord& word = words[byte / 4];
    word.written = static_cast<std::uint8_t>(word.written | 1U << byte % 4);
  }
}

}  // namespace cnn::simt
