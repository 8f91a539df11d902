#!/usr/bin/env python3
"""Builds the site: docs/build.py [html|epub|both] [--draft].

Doxygen reads the headers, the pages are laid out in docs/_build/source, Sphinx
writes docs/_build/html, docs/_build/epub, or both at once. Any warning of Doxygen
or Sphinx fails the build; --draft only prints them, for work in progress.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
BUILD = DOCS / "_build"
FORMATS = ("html", "epub")
sys.path.insert(0, str(DOCS / "extensions"))

from course import staging  # noqa: E402  (needs the path above)

# What a documented class or struct tells for its members: fields, constructors,
# operators, and functions without parameters (accessors); an override is explained
# where it is declared first. All else needs words.
_SELF_EVIDENT = re.compile(
    r"Member [^ ]+ \((?:variable|enumvalue)\)"
    r"|Member (?:operator|~)"
    r"|Member .*\) (?:const )?override \(function\) of (?:class|struct) "
    r"|Member \w+\(\)(?: const)? \(function\) of (?:class|struct) "
    r"|Member (?P<name>\w+)\(.*\)[^()]* \(function\) of (?:class|struct) (?:\w+::)*(?P=name) "
)


def doxygen_warnings(log: str) -> list[str]:
    """The warnings that matter, one a line, from the top of the repository."""
    kept = []
    for line in log.splitlines():
        if line.strip() and not ("is not documented" in line and _SELF_EVIDENT.search(line)):
            kept.append(line.replace(f"{ROOT}/", ""))
    return list(dict.fromkeys(kept))


def run_doxygen() -> list[str]:
    """Reads the headers; returns what Doxygen complains of."""
    (BUILD / "doxygen").mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(["doxygen", str(DOCS / "Doxyfile")], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ["doxygen is not installed (Debian: doxygen)"]
    log = (BUILD / "doxygen" / "warnings.txt").read_text(encoding="utf-8")
    return doxygen_warnings(log) or ([done.stderr.strip()] if done.returncode else [])


def lay_out() -> None:
    """Refreshes docs/_build/source; where API pages changed, what Sphinx remembers goes."""
    if staging.stage(ROOT, BUILD / "source"):
        for builder in FORMATS:
            shutil.rmtree(BUILD / f"doctrees-{builder}", ignore_errors=True)


def run_sphinx(builder: str, draft: bool) -> int:
    """Runs Sphinx; paths of laid-out pages are printed as the real ones."""
    command = [sys.executable, "-m", "sphinx", "-b", builder, "-q", "--keep-going", "-c", str(DOCS),
               "-d", str(BUILD / f"doctrees-{builder}"), str(BUILD / "source"), str(BUILD / builder)]
    if not draft:
        command.insert(3, "-W")
    # Two builds at once should not write the same fonts there.
    environment = dict(os.environ, MPLCONFIGDIR=str(BUILD / f"matplotlib-{builder}"), PYTHONDONTWRITEBYTECODE="1")
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stderr is not None
    for line in process.stderr:
        line = line.replace(f"{BUILD}/source/chapters/", "chapters/").replace(f"{BUILD}/source/", "docs/")
        print(line.replace(f"{ROOT}/", ""), end="", file=sys.stderr)
    return process.wait()


def main() -> int:
    """Returns 0 when the site is whole, 1 when something is wrong with it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("format", nargs="?", choices=(*FORMATS, "both"), default="html")
    parser.add_argument("--draft", action="store_true", help="print warnings, fail for none")
    options = parser.parse_args()

    start = time.monotonic()
    complaints = [f"doxygen: {warning}" for warning in run_doxygen()]
    try:
        lay_out()
    except staging.StagingError as error:
        complaints.append(f"docs: {error}")
    for sentence in complaints:
        print(sentence, file=sys.stderr)
    builders = FORMATS if options.format == "both" else (options.format,)
    with ThreadPoolExecutor() as pool:
        statuses = list(pool.map(lambda builder: run_sphinx(builder, options.draft), builders))
    if max(statuses) > 1 or (not options.draft and (any(statuses) or complaints)):
        print("docs: the build has warnings, and each of them is an error", file=sys.stderr)
        return 1
    results = {"html": "html/index.html", "epub": "epub/LoopstoWarps.epub"}
    opened = " or ".join(str((BUILD / results[builder]).relative_to(ROOT)) for builder in builders)
    print(f"Built in {time.monotonic() - start:.1f} s. Open {opened}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
