#include "common/child_process.hpp"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>
#include <thread>

namespace cnn {

namespace {

/// A file that only lives in memory, closed in other programs.
class MemoryFile {
 public:
  explicit MemoryFile(const char* name)
      : descriptor_(memfd_create(name, MFD_CLOEXEC)) {
    if (descriptor_ < 0) fail("cannot make a file in memory");
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int descriptor() const { return descriptor_; }

  /// Fills it and goes back to its beginning, for someone who reads it.
  void fill(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = write(descriptor_, text.data(), text.size());
      if (written < 0) fail("cannot write to a file in memory");
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    lseek(descriptor_, 0, SEEK_SET);
  }

  /// All of it, or its first megabyte, if it is longer.
  std::string content() const {
    std::string text(std::size_t{1} << 20, '\0');
    const ssize_t size = pread(descriptor_, text.data(), text.size(), 0);
    text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return text;
  }

 private:
  [[noreturn]] static void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
  }

  int descriptor_;
};

/// Which descriptors the child finds at 0, 1 and 2.
class Redirections {
 public:
  Redirections(int input, int output, int errors) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
  }
  ~Redirections() { posix_spawn_file_actions_destroy(&actions_); }
  Redirections(const Redirections&) = delete;
  Redirections& operator=(const Redirections&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// Waits for `child`, at most until the time is up; then kills it. Looks every
/// few milliseconds, which costs the child nothing.
ChildOutcome wait_for(pid_t child, double timeout_s) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::duration<double>(timeout_s);
  bool killed = false;
  int status = 0;
  for (;;) {
    const pid_t ended = waitpid(child, &status, killed ? 0 : WNOHANG);
    if (ended == child) break;
    if (ended < 0 && errno != EINTR) {
      return {ChildOutcome::End::kNotStarted, errno, "", ""};
    }
    if (!killed && Clock::now() >= deadline) {
      killed = kill(child, SIGKILL) == 0;
    } else if (!killed) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  if (killed) return {ChildOutcome::End::kTimedOut, 0, "", ""};
  if (WIFSIGNALED(status)) {
    return {ChildOutcome::End::kSignalled, WTERMSIG(status), "", ""};
  }
  return {ChildOutcome::End::kExited, WEXITSTATUS(status), "", ""};
}

}  // namespace

ChildOutcome run_child(const std::vector<std::string>& command,
                       std::string_view input, double timeout_s) {
  const MemoryFile in("input");
  const MemoryFile out("output");
  const MemoryFile errors("errors");
  in.fill(input);
  const Redirections redirections(in.descriptor(), out.descriptor(),
                                  errors.descriptor());

  // posix_spawn takes pointers to characters that it promises not to change.
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);

  pid_t child = 0;
  const int failed = posix_spawnp(&child, words.front(), redirections.get(),
                                  nullptr, words.data(), environ);
  if (failed != 0) return {ChildOutcome::End::kNotStarted, failed, "", ""};
  ChildOutcome outcome = wait_for(child, timeout_s);
  outcome.output = out.content();
  outcome.errors = errors.content();
  return outcome;
}

}  // namespace cnn
