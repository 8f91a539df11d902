#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "common/atomic_file.hpp"
#include "common/errors.hpp"
#include "tests/common/temporary_folder.hpp"

namespace cnn {
namespace {

namespace fs = std::filesystem;

/// The sentence of the InputError that writing throws; empty when it does not.
std::string complaint(const fs::path& path) {
  try {
    write_atomically(path, "text");
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

TEST(WriteAtomically, CreatesFoldersAndLeavesOneFile) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "a" / "b" / "file.txt";
  write_atomically(file, "hello");
  EXPECT_EQ(read_text(file), "hello");
  EXPECT_EQ(files_in(file.parent_path()), 1);
}

TEST(WriteAtomically, ReplacesWhatWasThere) {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "file.txt";
  write_atomically(file, "a long first text");
  write_atomically(file, "short");
  EXPECT_EQ(read_text(file), "short");
  write_atomically(file, "");
  EXPECT_EQ(read_text(file), "");
  EXPECT_EQ(files_in(folder.path()), 1);
}

TEST(WriteAtomically, TakesABareName) {
  const TemporaryFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  const std::string sentence = complaint("file.txt");
  fs::current_path(before);
  EXPECT_EQ(sentence, "");
  EXPECT_EQ(read_text(folder.path() / "file.txt"), "text");
}

TEST(WriteAtomically, KeepsALinkALink) {
  const TemporaryFolder folder;
  write_text(folder.path() / "real.txt", "old");
  fs::create_symlink("real.txt", folder.path() / "link.txt");
  write_atomically(folder.path() / "link.txt", "new");
  EXPECT_TRUE(fs::is_symlink(folder.path() / "link.txt"));
  EXPECT_EQ(read_text(folder.path() / "real.txt"), "new");
}

TEST(WriteAtomically, SaysWhatIsWrongWithTheFolder) {
  const TemporaryFolder folder;
  write_text(folder.path() / "file", "");
  const std::string below = complaint(folder.path() / "file" / "below.txt");
  EXPECT_NE(below.find("below.txt"), std::string::npos) << below;
  EXPECT_NE(below.find("Not a directory"), std::string::npos) << below;
  const std::string itself = complaint(folder.path());
  EXPECT_NE(itself.find("Is a directory"), std::string::npos) << itself;
}

TEST(WriteAtomically, LeavesNothingInAFolderItMayNotWriteTo) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write to every folder";
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  const std::string sentence = complaint(folder.path() / "file.txt");
  fs::permissions(folder.path(), fs::perms::owner_all);
  EXPECT_NE(sentence.find("Permission denied"), std::string::npos) << sentence;
  EXPECT_EQ(files_in(folder.path()), 0);
}

TEST(WriteAtomically, RefusesAFolderThatNobodyMayWriteTo) {
  if (!fs::exists("/proc/self")) GTEST_SKIP() << "there is no /proc here";
  const std::string sentence = complaint("/proc/file.txt");
  EXPECT_NE(sentence.find("cannot write /proc/file.txt"), std::string::npos)
      << sentence;
}

TEST(WriteAtomically, SaysThatTheDiskIsFull) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full here";
  const std::string sentence = complaint("/dev/full");
  EXPECT_NE(sentence.find("/dev/full"), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("No space left"), std::string::npos) << sentence;
  EXPECT_TRUE(fs::is_character_file("/dev/full")) << "it was replaced";
}

}  // namespace
}  // namespace cnn
