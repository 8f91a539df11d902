#include "common/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <string>
#include <system_error>

#include "common/errors.hpp"

namespace cnn {

namespace {

constexpr std::uint64_t kMostThreads = 1024;

/// The whole of `text` as a number from `low` to `high`. CLI11 would read it
/// too, but says neither what was expected nor that -1 is not 2^64 - 1.
std::uint64_t whole_number(const std::string& flag, const std::string& text,
                           std::uint64_t low, std::uint64_t high) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number < low || number > high) {
    throw InputError(
        fmt::format("{}: found '{}', expected a whole number from {} to {}",
                    flag, text, low, high));
  }
  return number;
}

InputError usage_error(const std::string& what) {
  return InputError(what + " (--help lists the flags)");
}

}  // namespace

std::optional<Options> parse_options(int argc, const char* const* argv,
                                     const ProgramInfo& info) {
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
  options.seed = whole_number("--seed", seed, 0, kLargest);
  if (app.count("--threads") > 0) {
    options.threads =
        static_cast<int>(whole_number("--threads", threads, 1, kMostThreads));
  }
  if (options.data.empty()) {
    throw usage_error("--data: found nothing, expected a name or a path");
  }
  if (options.out.empty()) {
    throw usage_error("--out: found nothing, expected a folder");
  }
  return options;
}

}  // namespace cnn
