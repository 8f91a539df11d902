// Running out of memory: which batch would have fitted.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "chapters/05_naive_cuda/device.hpp"
#include "chapters/05_naive_cuda/fitting_batch.hpp"
#include "common/out_of_memory.hpp"

namespace {

using namespace cnn;

/// What build_or_advise() says when so many pictures fit, and which batches it
/// tries.
std::string advice(std::int64_t batch, std::int64_t fitting,
                   std::vector<std::int64_t>& tried) {
  try {
    build_or_advise(batch, [&](std::int64_t size) {
      tried.push_back(size);
      if (size > fitting) {
        throw OutOfMemory("9 GiB asked for, " + std::to_string(size));
      }
    });
  } catch (const OutOfMemory&) {
    return "not caught";
  } catch (const InputError& error) {
    return error.what();
  }
  return "built";
}

using Batches = std::vector<std::int64_t>;

TEST(FittingBatch, BuildsOnceWhatFits) {
  Batches tried;
  EXPECT_EQ(advice(512, 512, tried), "built");
  EXPECT_EQ(tried, (Batches{512}));
}

TEST(FittingBatch, NamesTheLargestHalfThatFits) {
  Batches tried;
  EXPECT_EQ(advice(512, 100, tried),
            "a batch of 512: 9 GiB asked for, 512; a batch of 64 would fit");
  EXPECT_EQ(tried, (Batches{512, 256, 128, 64}));
}

TEST(FittingBatch, SaysWhenNothingFits) {
  Batches tried;
  EXPECT_EQ(advice(5, 0, tried),
            "a batch of 5: 9 GiB asked for, 5; not even a single picture "
            "would fit");
  EXPECT_EQ(tried, (Batches{5, 2, 1}));
}

TEST(FittingBatch, LetsOtherErrorsPass) {
  const auto fail = [](std::int64_t) { throw InputError("no such picture"); };
  try {
    build_or_advise(64, fail);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "no such picture");
  }
}

TEST(FittingBatch, ADevicesMemoryRunsOutLikeThat) {
  for (const Device device : usable_devices()) {
    const auto backend = make_naive_backend(device);
    const auto build = [&](std::int64_t batch) {
      backend->allocate(batch > 8 ? std::int64_t{1} << 48 : batch);
    };
    try {
      build_or_advise(20, build);
      FAIL() << to_string(device);
    } catch (const InputError& error) {
      const std::string text = error.what();
      EXPECT_TRUE(text.starts_with("a batch of 20: the GPU has too little"))
          << text;
      EXPECT_NE(text.find("asked for"), std::string::npos) << text;
      EXPECT_NE(text.find("free"), std::string::npos) << text;
      EXPECT_TRUE(text.ends_with("a batch of 5 would fit")) << text;
    }
  }
}

}  // namespace
