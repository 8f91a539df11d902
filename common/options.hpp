/// @file
/// The command line, the same in every chapter.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

/// Flags that one chapter understands beside the common ones. Each names the
/// variable that its value goes to, which keeps what it has when the flag is
/// not given, and which has to outlive the parsing.
class ChapterFlags {
 public:
  /// A whole number in [low, high].
  ChapterFlags& whole_number(std::string flag, std::string help,
                             std::int64_t& value, std::int64_t low,
                             std::int64_t high);
  /// A number in [low, high].
  ChapterFlags& number(std::string flag, std::string help, double& value,
                       double low, double high);
  /// One of `choices`; if they are many, `help` has to list them.
  ChapterFlags& choice(std::string flag, std::string help, std::string& value,
                       std::vector<std::string> choices);
  /// The path of a file; not empty.
  ChapterFlags& file(std::string flag, std::string help,
                     std::filesystem::path& value);
  /// Takes no value: true when it is there.
  ChapterFlags& yes(std::string flag, std::string help, bool& value);

  /// How one flag is shown by --help, and read.
  struct Flag {
    std::string name;        ///< "--epochs"
    std::string help;        ///< what for, and the default
    std::string value_name;  ///< "NUMBER"; empty: takes none
    std::function<void(const std::string& text)> read;
  };
  std::span<const Flag> all() const { return flags_; }

 private:
  std::vector<Flag> flags_;
};

/// Reads the command line. Prints the help and returns nothing when --help was
/// given. Throws InputError, one sentence that names the flag, what was found
/// and what was expected.
std::optional<Options> parse_options(int argc, const char* const* argv,
                                     const ProgramInfo& info,
                                     const ChapterFlags& chapter_flags = {});

}  // namespace cnn
