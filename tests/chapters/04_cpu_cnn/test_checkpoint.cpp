#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "chapters/04_cpu_cnn/weights_file.hpp"
#include "common/errors.hpp"
#include "tests/chapters/04_cpu_cnn/training_fixture.hpp"
#include "tests/common/temporary_folder.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;

/// The sentence that a checkpoint is refused with. Checks that nothing has
/// changed then.
std::string complaint(const fs::path& path, BarsTraining& training) {
  const auto before = all_bits(training);
  const std::int64_t step = training.trainer.state().step;
  try {
    load_checkpoint(path, training.trainer);
  } catch (const InputError& error) {
    EXPECT_EQ(all_bits(training), before);
    EXPECT_EQ(training.trainer.state().step, step);
    return error.what();
  }
  return "none";
}

/// Trains, breaks off after `looks` looks at the loss, goes on in a new
/// process' stead, and compares with never having stopped.
void expect_seamless(const TrainingPlan& plan, int looks) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "checkpoint.safetensors";
  BarsTraining whole(plan);
  whole.trainer.run();
  {
    BarsTraining first(plan);
    for (int i = 0; i < looks; ++i) first.trainer.run_steps();
    save_checkpoint(path, first.trainer);
  }
  BarsTraining second(plan, 2);
  load_checkpoint(path, second.trainer);
  second.trainer.run();
  EXPECT_EQ(all_bits(whole), all_bits(second)) << looks;
}

TEST(Checkpoint, ResumesBitForBit) {
  // 6 steps an epoch, a look after 4 and 6 of them: at ends and in the midst.
  for (const int looks : {1, 2, 3, 4, 7}) {
    expect_seamless(BarsTraining::small_plan(), looks);
  }
}

TEST(Checkpoint, ResumesEarlyStoppingBitForBit) {
  for (const int looks : {1, 6, 13}) {
    expect_seamless({.epochs = 40, .schedule = {.rate = 0.3F}, .patience = 3},
                    looks);
  }
}

TEST(Checkpoint, OfAFinishedTrainingHasNothingLeftToDo) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "c";
  BarsTraining done;
  done.trainer.run();
  save_checkpoint(path, done.trainer);
  BarsTraining again;
  load_checkpoint(path, again.trainer);
  EXPECT_TRUE(again.trainer.finished());
  again.trainer.run();
  EXPECT_EQ(all_bits(done), all_bits(again));
  const EpochRecord& epoch = again.trainer.state().history.back();
  EXPECT_EQ(epoch.seconds, done.trainer.state().history.back().seconds);
}

TEST(Checkpoint, IsRefusedWhenTruncatedOrDamaged) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "c";
  BarsTraining training;
  training.trainer.run_steps();
  save_checkpoint(path, training.trainer);
  const std::string whole = read_text(path);
  training.trainer.run_steps();
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{7}, whole.size() / 3, whole.size() - 1}) {
    write_text(path, whole.substr(0, size));
    EXPECT_NE(complaint(path, training), "none") << size;
  }
  for (std::size_t at = 11; at < whole.size(); at += 97) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    write_text(path, damaged);
    EXPECT_NE(complaint(path, training), "none") << at;
  }
  write_text(path, whole);
  EXPECT_EQ(complaint(path, training), "none");
  EXPECT_NE(complaint(folder.path() / "none", training).find("no such file"),
            std::string::npos);
}

TEST(Checkpoint, IsRefusedWhenForeign) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "c";
  BarsTraining training;

  save_weights(path, training.network);  // weights are no checkpoint
  EXPECT_NE(complaint(path, training).find("format: found"), std::string::npos)
      << complaint(path, training);

  save_checkpoint(path, training.trainer);
  BarsTraining other_network(BarsTraining::small_plan(), 1,
                             {{flatten(), dense(5), relu(), dense(3)}});
  const std::string network = complaint(path, other_network);
  EXPECT_NE(network.find("network: found"), std::string::npos) << network;
  EXPECT_NE(network.find("Conv2d"), std::string::npos) << network;

  auto plan = BarsTraining::small_plan();
  plan.schedule.rate = 0.07F;
  BarsTraining other_plan(plan);
  const std::string recipe = complaint(path, other_plan);
  EXPECT_NE(recipe.find("recipe: found"), std::string::npos) << recipe;
  EXPECT_NE(recipe.find("0.07"), std::string::npos) << recipe;
}

TEST(Checkpoint, IsRefusedWhenItsStateCannotBe) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "c";
  BarsTraining training;
  training.trainer.run_steps();
  const Safetensors good = make_checkpoint(training.trainer);
  const auto with_state = [&](const std::string& state) {
    Safetensors bad = good;
    bad.metadata["training"] = state;
    write_safetensors(path, bad);
    return complaint(path, training);
  };
  for (const char* state : {"", "{}", "[1]", "nonsense", "{\"step\":-1}"}) {
    EXPECT_NE(with_state(state).find("training: found"), std::string::npos);
  }
  std::string state = good.metadata.at("training");
  EXPECT_EQ(with_state(state), "none");
  const std::size_t place = state.find("\"step\":4");
  ASSERT_NE(place, std::string::npos) << state;
  EXPECT_NE(with_state(std::string(state).replace(place, 8, "\"step\":9"))
                .find("training: found"),
            std::string::npos)
      << "step 9 lies in an epoch after the first, which has no history";

  Safetensors fewer = good;
  fewer.tensors.pop_back();
  write_safetensors(path, fewer);
  EXPECT_NE(complaint(path, training).find("none, expected shape"),
            std::string::npos);
  Safetensors more = good;
  more.tensors.push_back({"9.weight", {1}, {0}});
  write_safetensors(path, more);
  EXPECT_NE(complaint(path, training).find("\"9.weight\""), std::string::npos);
}

TEST(Checkpoint, SurvivesAKillWhileItIsWritten) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "c";
  BarsTraining training;
  training.trainer.run_steps();
  save_checkpoint(path, training.trainer);
  Safetensors contents = make_checkpoint(training.trainer);
  contents.tensors.push_back(
      {"ballast", {1 << 18}, std::vector<float>(1 << 18)});
  for (int round = 0; round < 12; ++round) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {  // writes and writes, until it is killed
      for (;;) write_safetensors(path, contents);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1 + 3 * round));
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "it should have been at it still";
    EXPECT_NO_THROW(read_safetensors(path)) << round;
  }
}

TEST(Checkpoint, IsLeftAloneWhenANewOneCannotBeWritten) {
  const TemporaryFolder folder;
  BarsTraining training;
  const fs::path path = folder.path() / "c";
  save_checkpoint(path, training.trainer);
  EXPECT_THROW(save_checkpoint(path / "below", training.trainer), InputError);
  EXPECT_NO_THROW(load_checkpoint(path, training.trainer));
}

TEST(Weights, AreWrittenAsPyTorchNamesThem) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "w.safetensors";
  BarsTraining training;
  save_weights(path, training.network);
  const Safetensors contents = read_safetensors(path);
  std::vector<std::string> names;
  for (const NamedTensor& tensor : contents.tensors) {
    names.push_back(tensor.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{
                       "0.weight", "0.bias", "1.weight", "1.bias", "6.weight",
                       "6.bias", "1.running_mean", "1.running_var"}));
  using Sizes = std::vector<std::int64_t>;
  EXPECT_EQ(contents.find("0.weight")->shape, (Sizes{4, 1, 3, 3}));
  EXPECT_EQ(contents.find("1.running_var")->shape, (Sizes{4}));
  EXPECT_EQ(contents.find("6.weight")->shape, (Sizes{3, 64}));
}

TEST(Weights, GoRound) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "w.safetensors";
  BarsTraining trained;
  trained.trainer.run();
  save_weights(path, trained.network);
  BarsTraining fresh;
  load_weights(path, fresh.network);
  EXPECT_EQ(bits_of(download_weights(fresh.network).parameters),
            bits_of(download_weights(trained.network).parameters));
  EXPECT_EQ(bits_of(download_weights(fresh.network).buffers),
            bits_of(download_weights(trained.network).buffers));
}

TEST(Weights, OfAnotherNetworkAreRefused) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "w.safetensors";
  BarsTraining training;
  save_weights(path, training.network);
  const Safetensors good = read_safetensors(path);
  const auto before = bits_of(download_weights(training.network).parameters);
  const auto refusal = [&](const Safetensors& contents) -> std::string {
    write_safetensors(path, contents);
    try {
      load_weights(path, training.network);
    } catch (const InputError& error) {
      EXPECT_EQ(bits_of(download_weights(training.network).parameters), before);
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(refusal(good), "none");

  Safetensors missing = good;
  missing.tensors.erase(missing.tensors.begin() + 1);
  EXPECT_NE(refusal(missing).find("tensor \"0.bias\": found none"),
            std::string::npos);
  Safetensors surplus = good;
  surplus.tensors.push_back({"7.bias", {1}, {0}});
  EXPECT_NE(refusal(surplus).find("\"7.bias\""), std::string::npos);
  Safetensors turned = good;
  turned.tensors[4].shape = {64, 3};
  EXPECT_NE(refusal(turned).find("found shape [64, 3], expected shape [3, 64]"),
            std::string::npos)
      << refusal(turned);
}

}  // namespace
}  // namespace cnn
