"""Runs a GoogleTest program and says what became of each test."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field


@dataclass
class Test:
    """One test; `failure` is the first thing it complained of, or empty.
    `skipped`: it was not made, for the reason that its output gives."""

    name: str
    failure: str = ""
    skipped: bool = False


@dataclass
class Outcome:
    """What a run came to. `trouble` is a sentence when the program did not get
    to its end; `tests` then holds those that had finished."""

    tests: list[Test] = field(default_factory=list)
    trouble: str = ""

    @property
    def passed(self) -> bool:
        return (not self.trouble and bool(self.tests)
                and not any(test.failure for test in self.tests))

    @property
    def skipped(self) -> list[Test]:
        return [test for test in self.tests if test.skipped]


def run_tests(command: list[str], timeout_s: float) -> Outcome:
    """Runs the program in its own process, for at most timeout_s seconds."""
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.json")
        try:
            run = subprocess.run(
                command + [f"--gtest_output=json:{report}"],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                timeout=timeout_s, check=False)
        except subprocess.TimeoutExpired as expired:
            return _unfinished(
                f"did not end within {timeout_s:g} seconds", expired.stdout)
        except OSError as error:
            return Outcome(trouble=f"could not be started: {error.strerror}")
        if run.returncode < 0:
            name = signal.Signals(-run.returncode)
            return _unfinished(
                f"was stopped by {name.name} ({signal.strsignal(name)})",
                run.stdout)
        if not os.path.exists(report):
            return _unfinished(
                f"ended early with status {run.returncode}", run.stdout)
        with open(report, encoding="utf-8") as file:
            outcome = Outcome(_tests_of(json.load(file)))
    if not outcome.tests:
        outcome.trouble = "ran no test"
    elif (run.returncode == 0) != outcome.passed:
        outcome.trouble = (f"ended with status {run.returncode}, which its own "
                           "report does not explain")
    return outcome


def _tests_of(report: dict) -> list[Test]:
    tests = []
    for suite in report.get("testsuites", []):
        for test in suite.get("testsuite", []):
            failures = test.get("failures", [])
            tests.append(Test(
                f"{suite['name']}.{test['name']}",
                failures[0]["failure"].strip() if failures else "",
                test.get("result") == "SKIPPED"))
    return tests


def _unfinished(trouble: str, output: bytes | None) -> Outcome:
    """A run that was cut short: its output says how far it had come, and a
    sanitizer's last words say why."""
    text = (output or b"").decode("utf-8", "replace")
    outcome = Outcome()
    running = ""
    for line in text.splitlines():
        if match := re.match(r"\[ RUN      \] (\S+)", line):
            running = match[1]
        elif match := re.match(r"\[       OK \] (\S+)", line):
            outcome.tests.append(Test(match[1]))
            running = ""
        elif match := re.match(r"\[  FAILED  \] (\S+?),? ?\(", line):
            outcome.tests.append(Test(match[1], "failed"))
            running = ""
    outcome.trouble = trouble + (f" in {running}" if running else "")
    if match := re.search(r"^SUMMARY: (.*)$|^.*(runtime error: .*)$", text,
                          re.MULTILINE):
        outcome.trouble += f": {match[1] or match[2]}"
    return outcome
