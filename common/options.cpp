#include "common/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <deque>
#include <numeric>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "common/errors.hpp"

namespace cnn {

namespace {

constexpr std::uint64_t kMostThreads = 1024;

/// The whole of `text` as a number from `low` to `high`. CLI11 would read it
/// too, but says neither what was expected nor that -1 is not 2^64 - 1.
template <class Number>
Number number_in(const std::string& flag, const std::string& text, Number low,
                 Number high, std::string_view kind = "whole number") {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  // Written so that NaN is refused, too.
  if (error != std::errc() || stop != end ||
      !(number >= low && number <= high)) {
    throw InputError(fmt::format("{}: found '{}', expected a {} from {} to {}",
                                 flag, text, kind, low, high));
  }
  return number;
}

InputError usage_error(const std::string& what) {
  return InputError(what + " (--help lists the flags)");
}

/// How many letters have to be added, dropped or exchanged for `a` to be `b`.
std::size_t letters_between(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);  // from what `a` has so far
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t exchanged = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({exchanged, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

/// More choices than fit here are a sentence's worth of the nearest ones.
constexpr std::size_t kFewChoices = 6;

std::string expected_of(std::vector<std::string> choices,
                        const std::string& found) {
  constexpr std::size_t kNearest = 3;
  if (choices.size() <= kFewChoices) {
    return fmt::format("{}", fmt::join(choices, " or "));
  }
  std::ranges::stable_sort(choices, {}, [&](const std::string& choice) {
    return letters_between(found, choice);
  });
  choices.resize(kNearest);
  return fmt::format("a name such as {} (--help lists all)",
                     fmt::join(choices, " or "));
}

}  // namespace

ChapterFlags& ChapterFlags::whole_number(std::string flag, std::string help,
                                         std::int64_t& value, std::int64_t low,
                                         std::int64_t high) {
  const auto read = [flag, &value, low, high](const std::string& text) {
    value = number_in<std::int64_t>(flag, text, low, high);
  };
  flags_.push_back({std::move(flag), std::move(help), "NUMBER", read});
  return *this;
}

ChapterFlags& ChapterFlags::number(std::string flag, std::string help,
                                   double& value, double low, double high) {
  const auto read = [flag, &value, low, high](const std::string& text) {
    value = number_in<double>(flag, text, low, high, "number");
  };
  flags_.push_back({std::move(flag), std::move(help), "NUMBER", read});
  return *this;
}

ChapterFlags& ChapterFlags::choice(std::string flag, std::string help,
                                   std::string& value,
                                   std::vector<std::string> choices) {
  const std::string names = choices.size() > kFewChoices
                                ? "NAME"
                                : fmt::format("{}", fmt::join(choices, "|"));
  const auto read = [flag, &value, choices](const std::string& text) {
    if (std::ranges::find(choices, text) == choices.end()) {
      throw InputError(fmt::format("{}: found '{}', expected {}", flag, text,
                                   expected_of(choices, text)));
    }
    value = text;
  };
  flags_.push_back({std::move(flag), std::move(help), names, read});
  return *this;
}

ChapterFlags& ChapterFlags::file(std::string flag, std::string help,
                                 std::filesystem::path& value) {
  const auto read = [flag, &value](const std::string& text) {
    if (text.empty()) {
      throw usage_error(flag + ": found nothing, expected a file");
    }
    value = text;
  };
  flags_.push_back({std::move(flag), std::move(help), "FILE", read});
  return *this;
}

ChapterFlags& ChapterFlags::yes(std::string flag, std::string help,
                                bool& value) {
  const auto read = [&value](const std::string&) { value = true; };
  flags_.push_back({std::move(flag), std::move(help), "", read});
  return *this;
}

std::optional<Options> parse_options(int argc, const char* const* argv,
                                     const ProgramInfo& info,
                                     const ChapterFlags& chapter_flags) {
  Options options;
  std::string seed = std::to_string(options.seed);
  std::string threads;

  CLI::App app(info.title + ": " + info.description, info.name);
  app.set_help_flag("-h,--help", "Print this help and stop");
  app.add_flag("--quick", options.quick,
               "Smaller and shorter, for a first look");
  app.add_option("--data", options.data,
                 "mnist, fashion-mnist, a folder of class\n"
                 "folders, a .csv file or an IDX file of images")
      ->type_name("NAME|PATH");
  app.add_option("--seed", seed, "Seed of all random numbers (1)")
      ->type_name("NUMBER");
  app.add_option("--threads", threads, "CPU threads (all we may use)")
      ->type_name("NUMBER");
  app.add_option("--out", options.out, "For pictures and results (out)")
      ->type_name("FOLDER");
  app.add_option("--json", options.json,
                 "For the results (OUT/" + info.number + ".json)")
      ->type_name("FILE");
  app.add_flag("--no-gpu", options.no_gpu, "Leave the GPU alone");
  std::deque<std::string> texts;  // what follows each of the chapter's flags
  for (const ChapterFlags::Flag& flag : chapter_flags.all()) {
    if (flag.value_name.empty()) {
      app.add_flag(flag.name, flag.help);
    } else {
      app.add_option(flag.name, texts.emplace_back(), flag.help)
          ->type_name(flag.value_name);
    }
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return std::nullopt;
  } catch (const CLI::ExtrasError&) {
    throw usage_error(fmt::format("'{}' is no flag of {}",
                                  app.remaining().front(), info.name));
  } catch (const CLI::ArgumentMismatch& error) {
    // "--seed: 1 required NUMBER missing": only the flag is worth keeping.
    const std::string what = error.what();
    throw usage_error(what.substr(0, what.find(':')) +
                      ": found nothing after it, expected a value");
  } catch (const CLI::ParseError& error) {
    throw usage_error(error.what());
  }

  constexpr std::uint64_t kLargest = UINT64_MAX;
  options.seed = number_in<std::uint64_t>("--seed", seed, 0, kLargest);
  if (app.count("--threads") > 0) {
    options.threads = static_cast<int>(
        number_in<std::uint64_t>("--threads", threads, 1, kMostThreads));
  }
  if (options.data.empty()) {
    throw usage_error("--data: found nothing, expected a name or a path");
  }
  if (options.out.empty()) {
    throw usage_error("--out: found nothing, expected a folder");
  }
  auto text = texts.begin();
  for (const ChapterFlags::Flag& flag : chapter_flags.all()) {
    const std::string value = flag.value_name.empty() ? "" : *text++;
    if (app.count(flag.name) > 0) flag.read(value);
  }
  return options;
}

}  // namespace cnn
