/// @file
/// The command line, the same in every chapter.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace cnn {

/// What a chapter's program is called.
struct ProgramInfo {
  std::string number;       ///< "01": names the pictures' folder and the JSON
  std::string name;         ///< "01_naive_convolution"
  std::string title;        ///< "Naive convolution"
  std::string description;  ///< one line, for --help
};

/// The flags that every chapter understands.
struct Options {
  bool quick = false;                 ///< --quick: smaller, for a first look
  std::string data = "mnist";         ///< --data NAME or PATH
  std::uint64_t seed = 1;             ///< --seed
  int threads = 0;                    ///< --threads; 0: all we may use
  std::filesystem::path out = "out";  ///< --out: pictures and JSON go here
  std::filesystem::path json;         ///< --json; default: OUT/NN.json
  bool no_gpu = false;                ///< --no-gpu: as if there were none
};

/// Reads the command line. Prints the help and returns nothing when --help was
/// given. Throws InputError, one sentence that names the flag, what was found
/// and what was expected.
std::optional<Options> parse_options(int argc, const char* const* argv,
                                     const ProgramInfo& info);

}  // namespace cnn
