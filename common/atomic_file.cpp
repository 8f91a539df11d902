#include "common/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>

#include "common/errors.hpp"

namespace cnn {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const char* step,
                       const std::error_code& reason) {
  throw InputError(fmt::format("cannot write {}: {}: {}", path.string(), step,
                               reason.message()));
}

std::error_code last_error() {
  return {errno, std::generic_category()};
}

/// An open file that is closed, and if `temporary` removed, unless all went
/// well.
class File {
 public:
  File(const fs::path& path, int flags, bool temporary)
      : path_(path),
        temporary_(temporary),
        descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    if (temporary_) ::unlink(path_.c_str());
  }

  bool is_open() const { return descriptor_ >= 0; }

  bool write(std::span<const std::byte> bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
  }

  bool flush() const { return ::fsync(descriptor_) == 0; }

  bool rename_to(const fs::path& path) {
    if (::rename(path_.c_str(), path.c_str()) != 0) return false;
    temporary_ = false;  // it has its real name now
    return true;
  }

 private:
  fs::path path_;
  bool temporary_;
  int descriptor_;
};

/// Unique among processes (their number) and threads (the counter). Not
/// mkstemp: that would make the file unreadable for everyone else.
fs::path temporary_name(const fs::path& path) {
  static std::atomic<unsigned> counter{0};
  return path.parent_path() / fmt::format(".{}.{}-{}.part",
                                          path.filename().string(), ::getpid(),
                                          counter.fetch_add(1));
}

}  // namespace

void write_atomically(const fs::path& path, std::span<const std::byte> bytes) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status)) {
    fail(path, "opening", std::make_error_code(std::errc::is_a_directory));
  }
  // A device or a pipe (/dev/stdout) has to be written itself, not replaced.
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    const File device(path, O_WRONLY, false);
    if (!device.is_open()) fail(path, "opening", last_error());
    if (!device.write(bytes)) fail(path, "writing", last_error());
    return;
  }

  // Through symbolic links, so that a link stays one. Absolute, because a bare
  // name that does not exist yet would be left without a folder.
  const fs::path target = fs::weakly_canonical(fs::absolute(path), error);
  if (error || target.filename().empty()) {
    fail(path, "finding the folder",
         error ? error : std::make_error_code(std::errc::invalid_argument));
  }
  fs::create_directories(target.parent_path(), error);
  if (error) fail(path, "creating the folder", error);

  File part(temporary_name(target), O_WRONLY | O_CREAT | O_EXCL, true);
  if (!part.is_open()) fail(path, "creating a file beside it", last_error());
  if (!part.write(bytes)) fail(path, "writing", last_error());
  if (!part.flush()) fail(path, "flushing to disk", last_error());
  if (!part.rename_to(target)) fail(path, "renaming", last_error());
}

void write_atomically(const fs::path& path, std::string_view text) {
  write_atomically(path, std::as_bytes(std::span(text)));
}

}  // namespace cnn
