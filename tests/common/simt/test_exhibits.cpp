// What the microscope says of exhibits, and how its program ends.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/simt/examination.hpp"
#include "common/simt/kernel_source.hpp"
#include "common/simt/listing.hpp"
#include "common/simt/recording.hpp"
#include "common/simt/remark.hpp"
#include "tests/common/simt/exhibits.hpp"

namespace cnn {
namespace {

using simt::Examined;
using simt::Recording;

void expect_words(const std::string& text,
                  std::initializer_list<const char*> words) {
  for (const char* word : words) {
    EXPECT_NE(text.find(word), std::string::npos)
        << "\"" << word << "\" is missing in:\n"
        << text;
  }
}

Exhibit exhibit(const std::string& name) {
  for (const Exhibit& one : small_exhibits(false)) {
    if (one.name == name) return one;
  }
  throw std::out_of_range(name);
}

Examined look_at(const std::string& name) {
  const std::vector<Exhibit> one{exhibit(name)};
  return simt::examine(one).at(0);
}

TEST(Remark, SaysWhatStandsOut) {
  const auto of = [](const char* name) {
    return simt::remark(look_at(name).kernels.at(0));
  };
  expect_words(of("side_by_side"), {"nothing stands out"});
  expect_words(of("every_eighth"), {"a load touches 32.0 sectors where 4.00",
                                    "neighbouring threads"});
  expect_words(of("bare_transpose"), {"a shared load takes 32.0 passes where "
                                      "1.00 would do",
                                      "one bank"});
  expect_words(of("padded_transpose"), {"nothing stands out"});
  // Its rows are half a sector long.
  expect_words(of("tiled_product"), {"a load touches 4.00 sectors where 2.00"});
}

TEST(Listing, HasTheWholeKernelWithCountsBelowItsLines) {
  const Examined found = look_at("bare_transpose");
  const std::string text = simt::annotated_listing(found.kernels.at(0));
  expect_words(text, {"transpose<0>\n", "tests/common/simt/kernels.cuh\n",
                      "| /// to = from transposed", "| template <int kPadding>",
                      "|   __shared__ float tile[32][32 + kPadding];\n",
                      "| }\n", "What stands out: line "});
  const std::size_t line = text.find("to[(column + y) * size + row + x]");
  const std::size_t store = text.find("global store", line);
  const std::size_t load = text.find("shared load", line);
  ASSERT_NE(load, std::string::npos) << text;
  // 4 blocks of 32 warps.
  expect_words(text.substr(store, 60), {"128 requests of 4.00 sectors"});
  expect_words(text.substr(load, 80),
               {"128 requests of 32.0 passes", "1.00 without bank conflicts"});
  EXPECT_EQ(text.find("histogram"), std::string::npos);
}

TEST(Listing, TheTableHasARowForEachKernel) {
  const std::string text = simt::table(simt::examine(small_exhibits(false)));
  expect_words(text, {"every_eighth: a sector for each thread", "multiply<4>",
                      "transpose<0>", "transpose<1>", "FLOP/"});
}

TEST(Examination, FindsExhibitsAndKernelsByName) {
  const auto all = simt::examine(small_exhibits(false));
  EXPECT_EQ(simt::named(all, "tiled_product").size(), 1U);
  EXPECT_EQ(simt::named(all, "gather").size(), 2U);
  EXPECT_EQ(simt::named(all, "transpose").size(), 2U);
  EXPECT_EQ(simt::named(all, "transpose<1>").size(), 1U);
  EXPECT_TRUE(simt::named(all, "trans").empty());
  EXPECT_EQ(all.at(2).launches, std::vector<std::string>{"multiply<4>"});
  EXPECT_DOUBLE_EQ(
      all.at(2).arithmetic_intensity(),
      1024.0 /
          static_cast<double>(all.at(2).kernels.at(0).global_traffic_bytes()));
}

TEST(Examination, WritesItsCountsAsJson) {
  const auto json = nlohmann::json::parse(
      simt::to_json(simt::examine(small_exhibits(false)), "a program"));
  EXPECT_EQ(json["schema"], "loops-to-warps/microscope/1");
  const auto& kernel = json["exhibits"][1]["kernels"][0];
  EXPECT_EQ(kernel["kernel"], "gather");
  EXPECT_EQ(kernel["total"]["global_load"]["requests"], 2);
  EXPECT_EQ(kernel["total"]["global_load"]["sectors"], 64);
  EXPECT_FALSE(kernel["total"].contains("shared_load"));
  EXPECT_EQ(kernel["lines"][0]["file"], "tests/common/simt/kernels.cuh");
}

TEST(Recording, HoldsEveryRequestInOrder) {
  const Recording recording("multiply<4>");
  exhibit("tiled_product").launch();
  // Of each of 4 blocks: 2 steps of 2 copies and 4 x 2 reads, and the result.
  ASSERT_EQ(recording.requests().size(), 4U * (2 * (4 + 8) + 1));
  const auto& first = recording.requests().front();
  EXPECT_EQ(first.places.size(), 16U);
  EXPECT_EQ(first.places[5], (1 * 8 + 1) * 4);  // row 1, column 1 of a
  EXPECT_EQ(first.meetings, 0U);
  EXPECT_EQ(recording.requests()[4].meetings, 1U);  // behind the barrier

  const auto json = nlohmann::json::parse(recording.to_json());
  EXPECT_EQ(json["schema"], "loops-to-warps/trace/1");
  std::vector<std::string> names;
  for (const auto& array : json["arrays"]) names.push_back(array["name"]);
  EXPECT_EQ(names,
            (std::vector<std::string>{"a", "tile_a", "b", "tile_b", "c"}));
  EXPECT_EQ(json["arrays"][1]["space"], "shared");
  EXPECT_EQ(json["arrays"][1]["bytes"], 64);
  EXPECT_EQ(json["arrays"][4]["bytes"], 256);
  const int line = json["requests"][0]["line"];
  const int first_line = json["first_line"];
  expect_words(json["source"][static_cast<std::size_t>(line - first_line)],
               {"tile_a[y][x] = a["});
}

TEST(Recording, PutsTheWarpsOfAnIntervalTogether) {
  const Recording recording("transpose<1>");
  exhibit("padded_transpose").launch();
  const auto& requests = recording.requests();
  for (std::size_t i = 1; i < requests.size(); ++i) {
    if (requests[i].block.x == requests[i - 1].block.x &&
        requests[i].block.y == requests[i - 1].block.y) {
      EXPECT_GE(requests[i].meetings, requests[i - 1].meetings);
    }
  }
  EXPECT_EQ(requests.at(63).warp, 31U);  // all have written the tile
}

TEST(Recording, KeepsTheFirstWarpAloneWhenAsked) {
  const Recording recording("transpose<1>", simt::Extent::kFirstWarp);
  exhibit("padded_transpose").launch();
  ASSERT_EQ(recording.requests().size(), 4U);  // in, tile, tile, out
  for (const auto& request : recording.requests()) {
    EXPECT_EQ(request.warp, 0U);
    EXPECT_EQ(request.block.x + request.block.y, 0U);
    EXPECT_EQ(request.places.size(), 32U);
  }
}

TEST(Recording, TakesTheFirstLaunchOfOneKernelAlone) {
  const Recording recording("gather");
  EXPECT_THROW(Recording("gather"), std::logic_error);
  EXPECT_THROW(static_cast<void>(recording.to_json()), std::out_of_range);
  exhibit("tiled_product").launch();
  EXPECT_TRUE(recording.requests().empty());
  exhibit("side_by_side").launch();
  exhibit("every_eighth").launch();
  EXPECT_EQ(recording.requests().size(), 2U * 2);
}

TEST(Source, FindsAFunctionAndItsParameters) {
  const std::vector<std::string> lines{
      "int before() {",
      "}",
      "",
      "/// What it does.",
      "template <int kSize>",
      "__global__ void kernel(const float* __restrict__ from,",
      "                       std::array<int, 2> sizes, float* to) {",
      "  int i = 0;",
      "",
      "#pragma unroll",
      "  to[i] = from[i];",
      "}"};
  EXPECT_EQ(simt::function_around(lines, 11), std::pair(4, 12));
  EXPECT_EQ(simt::parameter_names(std::span(lines).subspan(3), "kernel"),
            (std::vector<std::string>{"from", "sizes", "to"}));
  EXPECT_TRUE(simt::parameter_names(lines, "kerne").empty());
}

/// Exit status, standard output and error.
struct Outcome {
  int status = 0;
  std::string out;
  std::string error;
};

Outcome run(std::vector<const char*> words) {
  words.insert(words.begin(), "microscope");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Outcome outcome;
  outcome.status = run_microscope(static_cast<int>(words.size()), words.data(),
                                  "microscope", small_exhibits);
  outcome.out = testing::internal::GetCapturedStdout();
  outcome.error = testing::internal::GetCapturedStderr();
  return outcome;
}

TEST(MicroscopeProgram, Statuses) {
  EXPECT_EQ(run({}).status, 0);
  EXPECT_EQ(run({"--help"}).status, 0);
  EXPECT_EQ(run({"--gpu"}).status, 77);
  EXPECT_EQ(run({"--fly"}).status, 2);
  EXPECT_EQ(run({"--trace", "file"}).status, 2);
  EXPECT_EQ(run({"--gpu", "--json", "file"}).status, 2);
  EXPECT_EQ(run({"tiled_product", "--first-warp"}).status, 2);
  const Outcome unknown = run({"nobody"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_EQ(unknown.out, "");
  expect_words(unknown.error, {"no kernel 'nobody'", "every_eighth: gather"});
}

TEST(MicroscopeProgram, ShowsOneKernelAndWritesFiles) {
  const auto folder = std::filesystem::temp_directory_path();
  const std::string json = folder / "loops-to-warps-exhibit.json";
  const std::string trace = folder / "loops-to-warps-trace.json";
  const Outcome outcome =
      run({"tiled_product", "--json", json.c_str(), "--trace", trace.c_str()});
  EXPECT_EQ(outcome.status, 0) << outcome.error;
  expect_words(outcome.out, {"tile_a[y][x] = a[row * size + k + x];"});
  EXPECT_EQ(outcome.out.find("gather"), std::string::npos);
  const auto counts = nlohmann::json::parse(std::ifstream(json));
  EXPECT_EQ(counts["exhibits"].size(), 1U);
  const auto requests = nlohmann::json::parse(std::ifstream(trace));
  EXPECT_EQ(requests["kernel"], "multiply<4>");
  std::filesystem::remove(json);
  std::filesystem::remove(trace);
}

}  // namespace
}  // namespace cnn
