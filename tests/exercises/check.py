#!/usr/bin/env python3
"""check.py CHAPTER [EXERCISE...] [--sanitize]: builds and tests your exercises.

Your files are exercises/NN/EXERCISE.cpp, or .cu for kernels; where there is
none yet, it is made from the skeleton. Kernels run in the emulator, and on the
GPU as well where there is one. Exit status: 0 all tests pass, 1 not yet, 2 no
such exercise, 77 this machine cannot run it.
"""

from __future__ import annotations

import argparse
import pathlib
import shutil
import subprocess
import sys

from only_adds import MARKER, REPAIR
from outcome import Outcome, Test, run_tests

TIME_LIMIT_S = 60
SHOWN_LINES = 14  # of a compiler's message, or of a failed test's


class Exercise:
    """One exercise with code, and where its parts lie."""

    def __init__(self, root: pathlib.Path, folder: pathlib.Path):
        self.folder = folder
        self.slug = folder.name
        self.number = folder.parents[1].name[:2]
        self.is_kernel = (folder / "skeleton.cu").exists()
        self.ending = "cu" if self.is_kernel else "cpp"
        self.own = (root / "exercises" / self.number
                    / f"{self.slug}.{self.ending}")
        self.target = f"check_{self.number}_{self.slug}"

    @property
    def title(self) -> str:
        for line in (self.folder / "exercise.md").read_text("utf-8").splitlines():
            if line.startswith("# "):
                return line[2:].strip()
        return self.slug

    def begin(self) -> bool:
        """Makes the reader's file from the skeleton; False if there is one."""
        if self.own.exists():
            return False
        self.own.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.folder / f"skeleton.{self.ending}", self.own)
        return True

    def places(self, marker: str) -> list[int]:
        """Lines of the reader's file that still hold a marker."""
        lines = self.own.read_text("utf-8").splitlines()
        return [number for number, line in enumerate(lines, 1) if marker in line]


def find_exercises(root: pathlib.Path, chapter: int) -> list[Exercise]:
    pattern = f"chapters/{chapter:02d}_*/exercises/*/test.cpp"
    return [Exercise(root, test.parent) for test in sorted(root.glob(pattern))]


def quietly(command: list[str], root: pathlib.Path) -> str:
    """Runs a command; returns what it said if it failed, else nothing."""
    run = subprocess.run(command, cwd=root, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, check=False)
    if run.returncode == 0:
        return ""
    text = run.stdout.decode("utf-8", "replace")
    return text.replace(f"{root}/", "") or f"{command[0]} failed"


def indented(text: str, limit: int = SHOWN_LINES) -> str:
    lines = text.splitlines()
    if len(lines) > limit:
        lines = lines[:limit] + [f"... and {len(lines) - limit} more lines"]
    return "\n".join(f"           {line}" for line in lines)


def compiler_message(text: str) -> str:
    """From the first error on; the lines before it are the build's own."""
    lines = [line for line in text.splitlines() if not line.startswith("ninja:")]
    first = next((i for i, line in enumerate(lines) if "error:" in line), 0)
    return "\n".join(lines[first:])


def verdict(test: Test) -> str:
    if test.failure:
        return "not yet"
    return "skipped" if test.skipped else "passed"


def report(exercise: Exercise, outcome: Outcome, root: pathlib.Path,
           sanitized: bool) -> None:
    for test in outcome.tests:
        print(f"  {verdict(test):8} {test.name}")
    failed = [test for test in outcome.tests if test.failure]
    if failed:
        print(f"\n  The first that failed, {failed[0].name}, says:")
        print(indented(failed[0].failure.replace(f"{root}/", "")))
    print()
    if outcome.trouble:
        print(f"  The program {outcome.trouble}.")
        if not sanitized:
            print("  To learn which line did it: ./course check "
                  f"{int(exercise.number)} {exercise.slug} --sanitize")
    elif not failed:
        made = len(outcome.tests) - len(outcome.skipped)
        which = " that can be made here" if outcome.skipped else ""
        print(f"  All {made} tests{which} pass. The solution, to compare: "
              f"{exercise.folder.relative_to(root)}/solution.{exercise.ending}")
    else:
        print(f"  {len(outcome.tests) - len(failed)} of {len(outcome.tests)} "
              "tests pass.")
    if not outcome.passed:
        point_the_way(exercise, root)


def point_the_way(exercise: Exercise, root: pathlib.Path) -> None:
    own = exercise.own.relative_to(root)
    places = exercise.places(MARKER)
    if places:
        lines = ", ".join(map(str, places))
        word = "line" if len(places) == 1 else "lines"
        print(f'  {own} still says "your code here" in {word} {lines}.')
    if exercise.places(REPAIR):
        print(f"  Something in {own} is wrong: find it, and mend it.")
    print(f"  Task and hints: {exercise.folder.relative_to(root)}/")


def kernel_worlds(root: pathlib.Path, preset: str) -> list[str]:
    """What the build can make of a kernel: traced or emulated, and gpu."""
    listed = root / "build" / preset / "kernel-worlds.txt"
    return listed.read_text("utf-8").split() if listed.exists() else []


def has_gpu() -> bool:
    return any(pathlib.Path(device).exists()
               for device in ("/dev/nvidia0", "/dev/dxg"))


def check_kernel(exercise: Exercise, root: pathlib.Path, preset: str) -> bool:
    """In the emulator; once that is content, on the GPU."""
    worlds = kernel_worlds(root, preset)
    emulated = worlds and worlds[0] != "gpu"
    if emulated and not check(exercise, root, preset, exercise.target):
        return False
    if "gpu" not in worlds or not has_gpu():
        return True
    if emulated:
        print("\n  And on the GPU:")
    target = f"{exercise.target}_gpu"
    passed = check(exercise, root, preset, target)
    if not passed:
        print("  The GPU's own opinion: compute-sanitizer "
              f"build/{preset}/bin/{target}")
    return passed


def cannot_run(exercises: list[Exercise], root: pathlib.Path,
               preset: str) -> str:
    """Why none of the exercises can run here, in a sentence, or nothing."""
    if not all(exercise.is_kernel for exercise in exercises):
        return ""
    worlds = kernel_worlds(root, preset)
    if not worlds:
        return ("Kernels need the emulator, which needs Boost.Context "
                "(libboost-context-dev), or the CUDA toolkit and a GPU; "
                "neither is here.")
    if worlds == ["gpu"] and not has_gpu():
        return ("There is no GPU here, and the emulator, which does without, "
                "needs Boost.Context (libboost-context-dev).")
    return ""


def check(exercise: Exercise, root: pathlib.Path, preset: str,
          target: str) -> bool:
    failure = quietly(["cmake", "--build", "--preset", preset,
                       "--target", target], root)
    if failure:
        print("  It does not compile yet. The compiler says:")
        print(indented(compiler_message(failure)))
        point_the_way(exercise, root)
        return False
    program = root / "build" / preset / "bin" / target
    outcome = run_tests([str(program)], TIME_LIMIT_S)
    report(exercise, outcome, root, preset == "sanitize")
    return outcome.passed


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./course check", description=(
        "Builds and tests your exercises, exercises/NN/EXERCISE.cpp or .cu. "
        "Where there is no such file yet, it is made from the skeleton."))
    parser.add_argument("chapter", type=int, help="number of the chapter")
    parser.add_argument("exercise", nargs="*", help="which; without: all")
    parser.add_argument("--sanitize", action="store_true",
                        help="find bad memory accesses (slower)")
    parser.add_argument("--root", type=pathlib.Path, help=argparse.SUPPRESS,
                        default=pathlib.Path(__file__).resolve().parents[2])
    chosen = parser.parse_args(arguments)
    root = chosen.root.resolve()

    exercises = find_exercises(root, chosen.chapter)
    if not exercises:
        print(f"Chapter {chosen.chapter} has no exercises to check.",
              file=sys.stderr)
        return 2
    known = {exercise.slug: exercise for exercise in exercises}
    for slug in chosen.exercise:
        if slug not in known:
            print(f"Chapter {chosen.chapter} has no exercise {slug}; it has "
                  f"{', '.join(known)}.", file=sys.stderr)
            return 2
    exercises = [known[slug] for slug in chosen.exercise] or exercises

    for exercise in exercises:
        if exercise.begin():
            print(f"Made {exercise.own.relative_to(root)} from the skeleton: "
                  "write your code there.")
    preset = "sanitize" if chosen.sanitize else "release"
    if not (root / "build" / preset / "bin" / exercises[0].target).exists():
        print("Building; the first time takes a minute or two.", flush=True)
    failure = quietly(["cmake", "--preset", preset], root)
    if failure:
        print(failure, file=sys.stderr)
        return 1
    why_not = cannot_run(exercises, root, preset)
    if why_not:
        print(why_not, file=sys.stderr)
        return 77
    passed = []
    for exercise in exercises:
        print(f"\n{exercise.title}  ({exercise.own.relative_to(root)})",
              flush=True)
        passed.append(check_kernel(exercise, root, preset)
                      if exercise.is_kernel
                      else check(exercise, root, preset, exercise.target))
    if len(passed) > 1:
        print(f"\n{sum(passed)} of {len(passed)} exercises done.")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
