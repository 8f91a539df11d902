#!/usr/bin/env python3
"""Tests of ./course: what it says, what it runs, and how it ends.

Each test copies the script into a temporary folder with two small chapters,
and gives it a PATH of ordinary tools and made-up ones: a cmake that "builds" a
shell script, an apt-get that only writes down what it was asked for.
"""

import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ORDINARY = ("bash sh cat cut dirname basename env find grep head ls mkdir nproc "
            "getent printf sed sort tee touch tr uname xargs").split()

CMAKE = """#!/bin/sh
[ "$1" = --version ] && { echo "cmake version ${CMAKE_VERSION:-3.25.1}"; exit; }
echo "cmake $*" >> "$CALLS"
for name in 01_one 02_two; do
  mkdir -p build/release/bin build/strict/bin
  printf '#!/bin/sh\\necho %s "$@"\\nexit ${STATUS_%s:-0}\\n' $name $name \\
    > build/release/bin/$name
  chmod +x build/release/bin/$name
  cp -p build/release/bin/$name build/strict/bin/$name
done
case "$*" in
  *"--target help"*) [ -n "$NO_EMULATOR" ] || echo "02_microscope: phony" ;;
  *02_microscope*)
    printf '#!/bin/sh\necho microscope "$@"\nexit ${STATUS_microscope:-0}\n' \
      > build/release/bin/02_microscope
    chmod +x build/release/bin/02_microscope ;;
  *"--target 07_"*)
    program=build/release/bin/${*##* }
    printf '#!/bin/sh\nbasename "$0"; pwd; printf "<%%s>" "$@"\nexit ${STATUS_07:-0}\n' \
      > $program
    chmod +x $program ;;
esac
"""
# Knows of every package that the test has named in INSTALLED or installed.
DPKG = """#!/bin/sh
for package in $INSTALLED $(cat "$PLACE/installed" 2>/dev/null); do
  echo "installed $package"
done
"""
APT = """#!/bin/sh
echo "apt-get $*" >> "$CALLS"
[ "$1" = update ] && exit 0
for word in "$@"; do
  case " $UNAVAILABLE " in *" $word "*) echo "E: no $word" >&2; exit 100 ;; esac
done
for word in "$@"; do
  case $word in install | -*) ;; *) echo "$word" >> "$PLACE/installed" ;; esac
done
"""
BUILD = ("g++ cmake ninja-build libcli11-dev libfmt-dev nlohmann-json3-dev "
         "libboost-context-dev libstb-dev zlib1g-dev")


class Course(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.repository = self.place / "repository"
        self.bin = self.place / "bin"
        self.bin.mkdir()
        for file in ("course", "common/doctor.sh", "tests/all.sh"):
            target = self.repository / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, target)
        for chapter in ("01_one", "02_two"):
            (self.repository / "chapters" / chapter).mkdir(parents=True)
        for name in ORDINARY:
            found = shutil.which(name)
            if found:
                (self.bin / name).symlink_to(found)
        self.tool("cp", f'#!/bin/sh\nexec {shutil.which("cp")} "$@"\n')
        self.tool("chmod", f'#!/bin/sh\nexec {shutil.which("chmod")} "$@"\n')
        self.tool("cmake", CMAKE)
        self.tool("dpkg-query", DPKG)
        self.tool("apt-get", APT)
        self.tool("id", "#!/bin/sh\necho 0\n")
        self.environment = {
            "PATH": str(self.bin), "HOME": str(self.place),
            "PLACE": str(self.place), "CALLS": str(self.place / "calls"),
            "INSTALLED": BUILD + " libopenblas0-pthread", "LC_ALL": "C"}

    def tool(self, name, text):
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def course(self, *arguments, **environment):
        return subprocess.run(
            [str(self.repository / "course"), *arguments], cwd=self.place,
            env={**self.environment, **environment}, text=True, timeout=60,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, check=False)

    def calls(self):
        file = self.place / "calls"
        return file.read_text().splitlines() if file.exists() else []

    def installs(self):
        return [call for call in self.calls() if "apt-get install" in call]


class Usage(Course):
    def test_help_names_every_command(self):
        for arguments in ([], ["help"], ["--help"]):
            run = self.course(*arguments)
            self.assertEqual(run.returncode, 0)
            for command in ("run test check microscope predict export doctor docs data "
                            "help").split():
                self.assertIn(f"./course {command}", run.stdout)

    def test_unknown_command(self):
        run = self.course("fly")
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assertIn('no command "fly"', run.stderr)

    def test_unknown_chapter(self):
        for wrong in ("3", "one", "003", "-1"):
            run = self.course("run", wrong)
            self.assertEqual((run.returncode, run.stdout), (2, ""))
            self.assertIn(f"no chapter {wrong}; there are: 01 02", run.stderr)

    def test_the_scripts_parts_are_sound(self):
        for script in ("course", "common/doctor.sh", "tests/all.sh", ".ci/run"):
            subprocess.run(["bash", "-n", str(ROOT / script)], check=True)


class Run(Course):
    def test_all_chapters_in_quick_mode_and_nothing_else_on_stdout(self):
        run = self.course("run")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(run.stdout, "01_one --quick --out out\n"
                                     "02_two --quick --out out\n")
        self.assertIn("out/", run.stderr)
        self.assertEqual(self.installs(), [])

    def test_one_chapter_in_full(self):
        for number in ("2", "02"):
            run = self.course("run", number, "--seed", "7 8")
            self.assertEqual(run.stdout, "02_two --seed 7 8\n")

    def test_exit_statuses(self):
        self.assertEqual(self.course("run", "2", STATUS_02_two="77").returncode,
                         77)
        run = self.course("run", STATUS_01_one="77")
        self.assertEqual(run.returncode, 0)
        self.assertIn("Chapter 01 was skipped", run.stderr)
        run = self.course("run", STATUS_01_one="1")
        self.assertEqual(run.returncode, 1)
        self.assertIn("Chapter 01 failed", run.stderr)
        self.assertIn("02_two", run.stdout)

    def test_a_build_that_fails_is_not_run(self):
        self.tool("cmake", "#!/bin/sh\necho broken line 3 >&2; exit 1\n")
        run = self.course("run")
        self.assertNotEqual(run.returncode, 0)
        self.assertEqual(run.stdout, "")
        self.assertIn("broken line 3", run.stderr)


class Microscope(Course):
    def setUp(self):
        super().setUp()
        lists = self.repository / "chapters/02_two/CMakeLists.txt"
        lists.write_text("course_microscope(02 SOURCES microscope.cpp)\n")

    def test_builds_and_runs_the_chapters_program(self):
        run = self.course("microscope", "2", "a kernel", "--json", "file")
        self.assertEqual((run.returncode, run.stdout),
                         (0, "microscope a kernel --json file\n"), run.stderr)
        self.assertIn("cmake --build --preset release --target 02_microscope",
                      self.calls())
        self.assertEqual(
            self.course("microscope", "2", STATUS_microscope="2").returncode, 2)

    def test_chapters_without_kernels(self):
        for words, sentence in (([], "which chapter"),
                                (["1"], "chapter 1 has no kernels"),
                                (["3"], "no chapter 3; there are: 01 02")):
            run = self.course("microscope", *words)
            self.assertEqual((run.returncode, run.stdout), (2, ""))
            self.assertIn(sentence, run.stderr)
            self.assertEqual(self.calls(), [])

    def test_a_build_without_the_emulator(self):
        run = self.course("microscope", "2", NO_EMULATOR="yes")
        self.assertEqual((run.returncode, run.stdout), (77, ""))
        self.assertIn("needs g++ and Boost.Context", run.stderr)


class Predict(Course):
    """predict and export: names of files mean what they mean to the caller."""

    def test_started_elsewhere(self):
        for command in ("predict", "export"):
            run = self.course(command, "a b.png", "--json")
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertEqual(
                run.stdout, f"07_{command}\n{self.place}\n<--out>"
                            f"<{self.repository}/out><a b.png><--json>")

    def test_started_at_home(self):
        run = subprocess.run(
            ["./course", "predict", "a.png"], cwd=self.repository,
            env=self.environment, text=True, timeout=60, check=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        self.assertEqual(run.stdout,
                         f"07_predict\n{self.repository}\n<a.png>")

    def test_exit_statuses(self):
        for status in (0, 1, 2, 77):
            run = self.course("predict", "a.png", STATUS_07=str(status))
            self.assertEqual(run.returncode, status)

    def test_only_export_asks_for_onnx(self):
        self.assertEqual(self.course("predict", "a.png").returncode, 0)
        self.assertEqual(self.installs(), [])
        run = self.course("export", "a.onnx", UNAVAILABLE="libonnx-dev")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("Going on without libonnx-dev", run.stderr)
        self.assertTrue(self.installs()[-1].endswith("libprotobuf-dev"))


class Packages(Course):
    def test_missing_ones_are_named_and_then_installed(self):
        run = self.course("run", INSTALLED="g++ zlib1g-dev")
        self.assertEqual(run.returncode, 0, run.stderr)
        wanted = ("ninja-build libcli11-dev libfmt-dev nlohmann-json3-dev "
                  "libboost-context-dev libstb-dev libopenblas0-pthread")
        self.assertIn(f"Missing packages: {wanted}\n", run.stderr)
        self.assertEqual(self.installs(), [
            f"apt-get install -y -q --no-install-recommends {wanted}"])
        self.assertEqual(self.calls()[0], "apt-get update -q")
        self.assertEqual(self.course("run", INSTALLED="g++ zlib1g-dev").returncode, 0)
        self.assertEqual(len(self.installs()), 1)

    def test_sudo_only_when_needed(self):
        self.tool("id", "#!/bin/sh\necho 1000\n")
        self.tool("sudo", '#!/bin/sh\necho "sudo $1" >> "$CALLS"; exec "$@"\n')
        self.assertEqual(self.course("run").returncode, 0)
        self.assertNotIn("sudo", "".join(self.calls()))
        self.assertEqual(self.course("run", INSTALLED="").returncode, 0)
        self.assertIn("sudo apt-get", self.calls())

    def test_neither_root_nor_sudo(self):
        self.tool("id", "#!/bin/sh\necho 1000\n")
        run = self.course("run", INSTALLED=BUILD.replace("libstb-dev", ""))
        self.assertEqual(run.returncode, 2)
        self.assertIn("there is no sudo", run.stderr)
        self.assertIn("apt-get install --no-install-recommends libstb-dev\n",
                      run.stderr)
        self.assertEqual(self.installs(), [])

    def test_a_yardstick_that_cannot_be_had_is_asked_for_once(self):
        run = self.course("run", INSTALLED=BUILD,
                          UNAVAILABLE="libopenblas0-pthread")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("Going on without libopenblas0-pthread", run.stderr)
        asked = len(self.installs())
        self.assertEqual(self.course("run", INSTALLED=BUILD).returncode, 0)
        self.assertEqual(len(self.installs()), asked)

    def test_a_needed_package_that_cannot_be_had(self):
        run = self.course("run", INSTALLED="", UNAVAILABLE="libfmt-dev")
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assertIn("could not be installed", run.stderr)

    def test_a_system_without_apt(self):
        (self.bin / "apt-get").unlink()
        (self.bin / "dpkg-query").unlink()
        run = self.course("run")
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assertIn("has no apt-get", run.stderr)
        self.assertIn("libcli11-dev", run.stderr)
        self.assertNotIn(" cmake", run.stderr)  # that one is in the PATH
        self.assertEqual(self.course("run", COURSE_INSTALL="no").returncode, 0)


class Doctor(Course):
    def files(self):
        return sorted(self.repository.rglob("*"))

    def test_with_nothing_installed(self):
        (self.bin / "cmake").unlink()
        before = self.files()
        run = self.course("doctor", INSTALLED="")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertIn("g++ was not found", run.stdout)
        self.assertRegex(run.stdout, "02_two +can run once the missing")
        self.assertEqual(self.files(), before)
        self.assertEqual(self.calls(), [])

    def test_old_tools_are_a_reason(self):
        run = self.course("doctor", CMAKE_VERSION="3.22.1")
        self.assertRegex(run.stdout,
                         r"01_one +cannot run: .* CMake 3\.25 or newer; this is 3\.22\.1")

    def test_a_gpu_is_described(self):
        self.tool("nvidia-smi", "#!/bin/sh\n"
                  "echo '580.1, NVIDIA H200, 9.0, 143771 MiB'\n")
        self.tool("nvcc", "#!/bin/sh\necho 'tools, release 13.0, V13.0.48'\n")
        run = self.course("doctor")
        self.assertIn("NVIDIA H200, compute capability 9.0, 143771 MiB",
                      run.stdout)
        self.assertRegex(run.stdout, "01_one +runs, with the GPU rows")

    def test_a_driver_without_a_gpu_is_a_reason(self):
        self.tool("nvidia-smi", "#!/bin/sh\n"
                  "echo 'No devices were found'; exit 6\n")
        self.tool("nvcc", "#!/bin/sh\necho 'tools, release 13.0, V13.0.48'\n")
        run = self.course("doctor")
        self.assertIn("No devices were found", run.stdout)
        self.assertRegex(run.stdout, "01_one +runs, without the GPU rows: "
                                     "the driver finds no GPU")


class AllTests(Course):
    """./course test, with every tool made up."""

    def setUp(self):
        super().setUp()
        self.tool("ctest", "#!/bin/sh\n"
                  "echo '99% tests passed, 1 tests failed out of 80'\n"
                  "exit ${CTEST_STATUS:-0}\n")
        for name in ("npm", "node", "chromium", "chromedriver", "clang++"):
            self.tool(name, "#!/bin/sh\nexit 0\n")
        for name in ("clang-format", "clang-tidy"):
            self.tool(name, "#!/bin/sh\necho 'LLVM version 14.0.6'\n")
        docs = self.repository / "docs"
        (docs / "tests").mkdir(parents=True)
        for name in ("build.py", "browser_checks.py"):
            (docs / name).write_text("print('fine')\n")
        (docs / "tests/test_one.py").write_text(
            "import unittest\n"
            "class One(unittest.TestCase):\n"
            "    def test_one(self): pass\n")
        for folder in ("build/strict", "build/fuzz/bin", "datasets"):
            (self.repository / folder).mkdir(parents=True)
        samples = self.repository / "build/strict/bin/onnx_samples"
        samples.parent.mkdir()
        samples.symlink_to(self.bin / "node")
        (self.repository / "build/strict/compile_commands.json").write_text(
            f'  "file": "{self.repository}/common/tensor.cpp"\n')
        self.environment["COURSE_INSTALL"] = "no"

    def test_all_pass(self):
        run = self.course("test")
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertTrue(run.stdout.endswith("All passed.\n"))

    def test_a_failure_is_named_and_the_rest_still_runs(self):
        run = self.course("test", CTEST_STATUS="8")
        self.assertEqual(run.returncode, 1)
        self.assertRegex(run.stdout, r"FAILED +\d+ s  Tests: 99% tests passed, "
                                     "1 tests failed out of 80\n")
        self.assertRegex(run.stdout, r"passed +\d+ s  Pages in a browser\n")
        self.assertIn("failed: Tests; Tests under sanitizers\n", run.stdout)

    def test_a_chapter_that_fails_fails_the_test(self):
        run = self.course("test", STATUS_02_two="1")
        self.assertEqual(run.returncode, 1)
        self.assertIn("failed: Every chapter, quick\n", run.stdout)

    def test_what_is_skipped_is_said_and_fails_in_ci(self):
        (self.bin / "chromium").unlink()
        run = self.course("test")
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn("but for what was skipped: Pages in a browser.",
                      run.stdout)
        self.assertEqual(self.course("test", CI="true").returncode, 1)


if __name__ == "__main__":
    unittest.main()
