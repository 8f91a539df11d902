// The program NN_microscope, from a command line to an exit status.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>

#include "common/atomic_file.hpp"
#include "common/errors.hpp"
#include "common/simt/examination.hpp"
#include "common/simt/exhibit.hpp"
#include "common/simt/listing.hpp"
#include "common/simt/recording.hpp"

namespace cnn {
namespace {

constexpr int kAllWell = 0;
constexpr int kKernelFailed = 1;
constexpr int kBadUsage = 2;
constexpr int kSkipped = 77;

struct Wishes {
  std::string kernel;
  std::filesystem::path json;
  std::filesystem::path trace;
  bool first_warp = false;
  bool on_gpu = false;
};

/// Nothing after --help.
std::optional<Wishes> parse(int argc, const char* const* argv,
                            const std::string& name) {
  Wishes wishes;
  CLI::App app(
      "What the chapter's kernels ask of the memory, counted without a GPU:\n"
      "requests of whole warps, the 32-byte sectors of global memory that "
      "each\n"
      "touches, the passes that each takes in shared memory. Without a name, "
      "a\n"
      "table of all kernels; with one, its source with the counts of its "
      "lines.",
      name);
  app.set_help_flag("-h,--help", "Print this help and stop");
  app.add_option("kernel", wishes.kernel, "A kernel or an exhibit")
      ->type_name("NAME");
  app.add_option("--json", wishes.json, "For the counts of all that is shown")
      ->type_name("FILE");
  app.add_option("--trace", wishes.trace,
                 "For every access of the kernel's first launch, in order; of\n"
                 "an exhibit's last kernel")
      ->type_name("FILE");
  app.add_flag("--first-warp", wishes.first_warp,
               "Of that launch, the first warp of the first block alone");
  app.add_flag("--gpu", wishes.on_gpu,
               "Count nothing, but launch all on the GPU, for a profiler");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    throw InputError(fmt::format("{} (--help lists the flags)", error.what()));
  }
  if (!wishes.trace.empty() && wishes.kernel.empty()) {
    throw InputError("--trace: name the kernel whose accesses are wanted");
  }
  if (wishes.first_warp && wishes.trace.empty()) {
    throw InputError("--first-warp: it is --trace that records warps");
  }
  if (wishes.on_gpu && (!wishes.json.empty() || !wishes.trace.empty())) {
    throw InputError("--gpu: only the emulator counts; leave out the file");
  }
  return wishes;
}

void launch_on_gpu(const std::vector<Exhibit>& exhibits) {
  for (const Exhibit& exhibit : exhibits) {
    exhibit.launch();
    fmt::print("{}: {}\n", exhibit.name, exhibit.shows);
  }
}

[[noreturn]] void refuse(const std::string& kernel,
                         std::span<const simt::Examined> all) {
  std::string known;
  for (const simt::Examined& one : all) {
    known += fmt::format("\n  {}:", one.exhibit.name);
    for (const auto& counts : one.kernels) known += " " + counts.name;
  }
  throw InputError(fmt::format(
      "there is no kernel '{}'; these are the exhibits and their kernels:{}",
      kernel, known));
}

void write_trace(const std::vector<Exhibit>& exhibits,
                 const simt::Examined& wanted, const Wishes& wishes) {
  for (const Exhibit& exhibit : exhibits) {
    if (exhibit.name != wanted.exhibit.name) continue;
    // What is launched before is there to make the input.
    const simt::Recording recording(
        wanted.kernels.back().name,
        wishes.first_warp ? simt::Extent::kFirstWarp : simt::Extent::kWhole);
    exhibit.launch();
    write_atomically(wishes.trace, recording.to_json());
    return;
  }
}

/// The exhibit of this name; all, when it may be the name of a kernel.
std::vector<Exhibit> worth_a_look(const std::vector<Exhibit>& exhibits,
                                  const std::string& name) {
  for (const Exhibit& exhibit : exhibits) {
    if (exhibit.name == name) return {exhibit};
  }
  return exhibits;
}

void look(const Wishes& wishes, const std::vector<Exhibit>& exhibits,
          const std::string& name) {
  std::vector<simt::Examined> all =
      simt::examine(worth_a_look(exhibits, wishes.kernel));
  if (wishes.kernel.empty()) {
    fmt::print("{}", simt::table(all));
  } else {
    const auto found = simt::named(all, wishes.kernel);
    if (found.empty()) refuse(wishes.kernel, all);
    if (!wishes.trace.empty()) {
      write_trace(exhibits, found.front(), wishes);
    }
    for (const simt::Examined& one : found) {
      fmt::print("{}: {}\n", one.exhibit.name, one.exhibit.shows);
      for (const auto& kernel : one.kernels) {
        fmt::print("\n{}", simt::annotated_listing(kernel));
      }
      fmt::print("\n");
    }
    all = found;
  }
  if (!wishes.json.empty()) {
    write_atomically(wishes.json, simt::to_json(all, name));
  }
}

int complain(std::string_view kind, std::string_view sentence, int status) {
  std::fflush(stdout);  // so that the two streams do not overtake each other
  fmt::print(stderr, "{}: {}\n", kind, sentence);
  return status;
}

}  // namespace

int run_microscope(int argc, const char* const* argv, const std::string& name,
                   const Exhibits& make_exhibits) {
  try {
    const std::optional<Wishes> wishes = parse(argc, argv, name);
    if (!wishes) return kAllWell;
    const std::vector<Exhibit> exhibits = make_exhibits(wishes->on_gpu);
    if (wishes->on_gpu) {
      launch_on_gpu(exhibits);
    } else {
      look(*wishes, exhibits, name);
    }
    if (std::fflush(stdout) != 0) {
      return complain("error", "cannot write to standard output", kBadUsage);
    }
    return kAllWell;
  } catch (const InputError& error) {
    return complain("error", error.what(), kBadUsage);
  } catch (const SkipError& error) {
    return complain("skipped", error.what(), kSkipped);
  } catch (const std::exception& error) {
    return complain("error", error.what(), kKernelFailed);
  }
}

}  // namespace cnn
