#!/usr/bin/env python3
"""Tests of what tests the exercises: would it notice?

Builds a small project with one exercise in a temporary folder, and looks at
what the checks say when something is wrong with it.
"""

import contextlib
import io
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import unittest.mock

import check
import only_adds
from outcome import run_tests

HERE = pathlib.Path(__file__).resolve().parent

PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(fixture LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
find_package(GTest REQUIRED)
find_package(Python3 COMPONENTS Interpreter REQUIRED)
add_library(common INTERFACE)
add_library(course_flags INTERFACE)
add_library(chapter_07 INTERFACE)
enable_testing()
# A stand-in for the emulator: any C++ will do for a kernel.
add_library(simt INTERFACE)
function(course_simt target source)
  target_sources(${target} PRIVATE "${source}")
  set_source_files_properties("${source}" PROPERTIES LANGUAGE CXX)
endfunction()
include("%s/Exercises.cmake")
file(GLOB exercises "${CMAKE_SOURCE_DIR}/chapters/07_fixture/exercises/*")
foreach(exercise IN LISTS exercises)
  course_exercise("${exercise}")
endforeach()
"""
PRESETS = """{"version": 6,
"configurePresets": [{"name": "release", "generator": "Ninja",
                      "binaryDir": "${sourceDir}/build/release"}],
"buildPresets": [{"name": "release", "configurePreset": "release"}]}
"""
HEADER = "int add_up(int a, int b);\n"
SKELETON = """#include "exercise.hpp"
int add_up(int a, int b) {
  int sum = 0;
  // your code here
  return sum;
}
"""
SOLUTION = SKELETON.replace("// your code here", "sum = a + b;")
TEST = """#include <gtest/gtest.h>
#include "exercise.hpp"
TEST(AddUp, Nothing) { EXPECT_EQ(add_up(0, 0), 0); }
TEST(AddUp, OneAndTwo) { EXPECT_EQ(add_up(1, 2), 3); }
"""


KERNEL = SKELETON.replace("sum = 0;\n  // your code here", "sum = a - b;")
KERNEL = "// mend this\n" + KERNEL
SKIPPED = """
TEST(AddUp, Counts) { GTEST_SKIP() << "nothing counts here"; }
"""


def make_project(root: pathlib.Path, worlds: str = "") -> pathlib.Path:
    """Writes the fixture; returns the exercise's folder.

    worlds: what CMake is told of kernels, such as "set(COURSE_HAS_SIMT ON)"."""
    folder = root / "chapters/07_fixture/exercises/add-up"
    folder.mkdir(parents=True)
    (root / "CMakeLists.txt").write_text(
        (PROJECT % HERE).replace("# A stand-in", f"{worlds}\n# A stand-in"))
    (root / "CMakePresets.json").write_text(PRESETS)
    (folder / "exercise.md").write_text("# Add up\n\nTime: 1 minute\n")
    (folder / "exercise.hpp").write_text(HEADER)
    (folder / "skeleton.cpp").write_text(SKELETON)
    (folder / "solution.cpp").write_text(SOLUTION)
    (folder / "test.cpp").write_text(TEST)
    return folder


class OnlyAdds(unittest.TestCase):
    def test_added_lines_are_fine(self):
        self.assertIsNone(only_adds.problem(SKELETON, SOLUTION))

    def test_the_marker_may_stay(self):
        solution = SKELETON.replace("  return", "  sum = a + b;\n  return")
        self.assertIsNone(only_adds.problem(SKELETON, solution))

    def test_a_removed_line_is_caught(self):
        solution = SOLUTION.replace("  int sum = 0;\n", "")
        self.assertIn("line 3", only_adds.problem(SKELETON, solution))

    def test_a_changed_line_is_caught(self):
        solution = SOLUTION.replace("return sum;", "return a + b;")
        self.assertIn("return sum;", only_adds.problem(SKELETON, solution))

    def test_swapped_lines_are_caught(self):
        skeleton = "one\ntwo\n// your code here\n"
        self.assertIn("line 2", only_adds.problem(skeleton, "two\none\nx\n"))

    def test_a_repeated_line_has_to_be_repeated(self):
        skeleton = "}\n// your code here\n}\n"
        self.assertIn("line 3", only_adds.problem(skeleton, "}\nx\n"))

    def test_a_skeleton_without_a_place_is_caught(self):
        self.assertIn("your code here", only_adds.problem("a\n", "a\nb\n"))

    def test_a_solution_that_adds_nothing_is_caught(self):
        self.assertIn("is the skeleton", only_adds.problem(SKELETON, SKELETON))
        self.assertIn("is the skeleton", only_adds.problem(
            KERNEL, KERNEL.replace("// mend this\n", "")))

    def test_a_repair_may_change_a_line(self):
        self.assertIsNone(
            only_adds.problem(KERNEL, KERNEL.replace("a - b", "a + b")))

    def test_a_repair_that_rewrites_is_caught(self):
        lines = [f"line {i};" for i in range(only_adds.MOST_MENDED + 1)]
        broken = "\n".join(["// mend this", *lines, "end"])
        self.assertIn("lines of the skeleton are gone",
                      only_adds.problem(broken, "end"))
        self.assertIsNone(only_adds.problem(broken, "line 0;\nend"))


class TestPrograms(unittest.TestCase):
    """What is made of programs that do not behave like a test."""

    def trouble(self, script: str) -> str:
        return run_tests(["/bin/sh", "-c", script], timeout_s=0.5).trouble

    def test_a_program_that_hangs(self):
        self.assertIn("within 0.5 seconds", self.trouble("exec sleep 20"))

    def test_a_program_that_crashes_says_where(self):
        told = self.trouble("echo '[ RUN      ] Sum.Big'; kill -SEGV $$")
        self.assertIn("SIGSEGV", told)
        self.assertIn("in Sum.Big", told)

    def test_a_program_that_leaves_early(self):
        self.assertIn("ended early with status 0", self.trouble("exit 0"))

    def test_a_program_that_is_not_there(self):
        self.assertIn("could not be started",
                      run_tests(["/nowhere/program"], 1).trouble)


class Fixture(unittest.TestCase):
    """The whole machinery, on a project of one exercise."""

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.place.name).resolve()
        cls.folder = make_project(cls.root)
        cls.own = cls.root / "exercises/07/add-up.cpp"

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def setUp(self):
        shutil.rmtree(self.root / "exercises", ignore_errors=True)
        (self.folder / "skeleton.cpp").write_text(SKELETON)
        (self.folder / "solution.cpp").write_text(SOLUTION)

    def check(self, *arguments):
        """Runs check.py; returns its exit status and what it printed."""
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = check.main([*arguments, "--root", str(self.root)])
        return status, said.getvalue()

    def ctest(self):
        """Names of the tests that fail when all is built and tested."""
        for command in (["cmake", "--preset", "release"],
                        ["cmake", "--build", "--preset", "release"]):
            subprocess.run(command, cwd=self.root, check=True,
                           stdout=subprocess.DEVNULL)
        run = subprocess.run(["ctest", "--test-dir", "build/release"],
                             cwd=self.root, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True,
                             check=False)
        self.assertIn("3", run.stdout.split("tests failed out of")[1])
        return {part.split(".")[-1].split(" ")[0]
                for part in run.stdout.split("The following")[-1].splitlines()
                if "(Failed)" in part}

    def test_a_sound_exercise_passes(self):
        self.assertEqual(self.ctest(), set())

    def test_a_skeleton_that_passes_is_caught(self):
        (self.folder / "skeleton.cpp").write_text(
            SKELETON.replace("sum = 0", "sum = a + b"))
        (self.folder / "solution.cpp").write_text(
            SOLUTION.replace("sum = 0", "sum = a + b"))
        self.assertEqual(self.ctest(), {"skeleton_fails"})

    def test_a_skeleton_that_crashes_is_caught(self):
        (self.folder / "skeleton.cpp").write_text(
            SKELETON.replace("  return", "  __builtin_trap();\n  return"))
        self.assertEqual(self.ctest(), {"skeleton_fails", "solution_only_adds"})

    def test_a_solution_that_fails_or_removes_a_line_is_caught(self):
        (self.folder / "solution.cpp").write_text(
            SOLUTION.replace("a + b", "a - b").replace("  int sum = 0;\n", "")
            .replace("sum = a", "int sum = a"))
        self.assertEqual(self.ctest(), {"solution_passes", "solution_only_adds"})

    def test_check_begins_the_readers_file(self):
        status, said = self.check("7")
        self.assertEqual(status, 1)
        self.assertEqual(self.own.read_text(), SKELETON)
        self.assertEqual((self.folder / "skeleton.cpp").read_text(), SKELETON)
        self.assertIn("Made exercises/07/add-up.cpp", said)
        self.assertIn("passed   AddUp.Nothing", said)
        self.assertIn("not yet  AddUp.OneAndTwo", said)
        self.assertIn("1 of 2 tests pass", said)
        self.assertIn("in line 4", said)

    def test_check_builds_the_readers_file(self):
        self.check("7")
        self.own.write_text(SOLUTION)
        status, said = self.check("7", "add-up")
        self.assertEqual(status, 0)
        self.assertEqual(self.own.read_text(), SOLUTION)
        self.assertNotIn("Made", said)
        self.assertIn("All 2 tests pass", said)

    def test_check_shows_the_compilers_message(self):
        self.check("7")
        self.own.write_text(SKELETON.replace("// your code", "sum = a + c;//"))
        status, said = self.check("7")
        self.assertEqual(status, 1)
        self.assertIn("does not compile yet", said)
        self.assertIn("exercises/07/add-up.cpp:4:", said)
        self.assertNotIn(str(self.root), said)

    def test_check_survives_a_crash(self):
        self.check("7")
        self.own.write_text(
            SKELETON.replace("// your code here", "__builtin_trap();"))
        status, said = self.check("7")
        self.assertEqual(status, 1)
        self.assertIn("SIGILL", said)
        self.assertIn("./course check 7 add-up --sanitize", said)

    def test_check_names_what_there_is(self):
        status, said = self.check("7", "subtract")
        self.assertEqual(status, 2)
        self.assertIn("no exercise subtract; it has add-up", said)
        self.assertEqual(self.check("8")[0], 2)
        self.assertFalse(self.own.exists())


class Kernels(unittest.TestCase):
    """Exercises with a .cu, on machines that can do more or less with it."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.root = pathlib.Path(place.name).resolve()

    def make(self, worlds: str) -> None:
        folder = make_project(self.root, worlds)
        for name in ("skeleton", "solution"):
            (folder / f"{name}.cpp").unlink()
        (folder / "skeleton.cu").write_text(KERNEL)
        (folder / "solution.cu").write_text(KERNEL.replace("a - b", "a + b"))
        (folder / "test.cpp").write_text(TEST + SKIPPED)

    def check(self):
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = check.main(["7", "add-up", "--root", str(self.root)])
        return status, said.getvalue()

    def test_with_the_emulator(self):
        self.make("set(COURSE_HAS_SIMT ON)\nset(COURSE_HAS_SIMT_TRACE ON)")
        status, said = self.check()
        self.assertEqual(status, 1)
        self.assertIn("Made exercises/07/add-up.cu", said)
        self.assertIn("not yet  AddUp.OneAndTwo", said)
        self.assertIn("add-up.cu is wrong: find it", said)
        own = self.root / "exercises/07/add-up.cu"
        own.write_text(KERNEL.replace("a - b", "a + b"))
        status, said = self.check()
        self.assertEqual(status, 0)
        self.assertIn("skipped  AddUp.Counts", said)
        self.assertIn("All 2 tests that can be made here pass", said)
        self.assertIn("exercises/add-up/solution.cu", said)

    def test_with_neither_emulator_nor_toolkit(self):
        self.make("")
        status, said = self.check()
        self.assertEqual(status, 77)
        self.assertIn("libboost-context-dev", said)
        self.assertIn("neither is here", said)

    def test_with_a_toolkit_but_no_gpu(self):
        self.make("")
        listed = self.root / "build/release/kernel-worlds.txt"
        exercises = check.find_exercises(self.root, 7)
        listed.parent.mkdir(parents=True)
        listed.write_text("gpu\n")
        with unittest.mock.patch.object(check, "has_gpu", lambda: False):
            self.assertIn("There is no GPU here",
                          check.cannot_run(exercises, self.root, "release"))
        with unittest.mock.patch.object(check, "has_gpu", lambda: True):
            self.assertEqual(
                check.cannot_run(exercises, self.root, "release"), "")


if __name__ == "__main__":
    unittest.main()
