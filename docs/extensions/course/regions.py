"""Named regions of source files.

A line ``// region NAME`` opens a region and ``// endregion`` closes it; ``#``
serves where ``//`` is not a comment. ``// region quiet: WHY`` marks lines that
would only bore. Regions may be nested; a parent shows the text of its children.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

_MARKER = re.compile(r"^\s*(?://|#)\s*(?:region\s+(?P<open>.+?)|(?P<close>endregion))\s*$")
_NAME = re.compile(r"^[a-z0-9-]+$")
_QUIET = re.compile(r"^quiet:\s*(?P<why>\S.*)$")


class RegionError(Exception):
    """A marker, or a request for a region, that makes no sense."""


@dataclass(frozen=True)
class Region:
    """One region: its name, or the reason why it is quiet, and its lines."""

    name: str
    why_quiet: str
    lines: tuple[int, ...]  # line numbers from 1, markers left out

    @property
    def quiet(self) -> bool:
        """True for ``region quiet: WHY``."""
        return bool(self.why_quiet)


@dataclass(frozen=True)
class SourceFile:
    """A source file, its regions, and which of its lines are markers."""

    name: str
    text: tuple[str, ...]
    regions: tuple[Region, ...]
    markers: frozenset[int]

    def region(self, name: str) -> Region:
        """The region called `name`; raises RegionError when there is none."""
        for region in self.regions:
            if region.name == name:
                return region
        known = sorted(r.name for r in self.regions if not r.quiet)
        close = difflib.get_close_matches(name, known, 1)
        hint = f"; did you mean {close[0]!r}?" if close else f"; it has: {', '.join(known) or 'none'}"
        raise RegionError(f"{self.name} has no region {name!r}{hint}")

    def code_lines(self) -> frozenset[int]:
        """Lines that someone has to read: neither blank nor a marker."""
        return frozenset(
            number
            for number, line in enumerate(self.text, 1)
            if line.strip() and number not in self.markers
        )

    def shown(self, region: Region) -> tuple[int, ...]:
        """The region's lines without blank ones at its two ends."""
        lines = list(region.lines)
        while lines and not self.text[lines[0] - 1].strip():
            lines.pop(0)
        while lines and not self.text[lines[-1] - 1].strip():
            lines.pop()
        return tuple(lines)

    def context(self, lines: tuple[int, ...], count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Up to `count` lines before and after, markers skipped, blank edges cut."""
        if not lines:
            return (), ()
        plain = [n for n in range(1, len(self.text) + 1) if n not in self.markers]
        before = [n for n in plain if n < lines[0]][-count:] if count else []
        after = [n for n in plain if n > lines[-1]][:count]
        while before and not self.text[before[0] - 1].strip():
            before.pop(0)
        while after and not self.text[after[-1] - 1].strip():
            after.pop()
        return tuple(before), tuple(after)


def parse(name: str, text: str) -> SourceFile:
    """Finds the regions of `text`; `name` only serves the error messages."""
    lines = tuple(text.splitlines())
    open_regions: list[tuple[str, str, int, list[int]]] = []
    done: list[tuple[int, Region]] = []
    markers: set[int] = set()
    for number, line in enumerate(lines, 1):
        match = _MARKER.match(line)
        if not match:
            for _, _, _, inside in open_regions:
                inside.append(number)
            continue
        markers.add(number)
        if match["close"]:
            if not open_regions:
                raise RegionError(f"{name}:{number}: endregion without a region")
            title, why, start, inside = open_regions.pop()
            done.append((start, Region(title, why, tuple(inside))))
            continue
        title, why = match["open"], ""
        quiet = _QUIET.match(title)
        if quiet:
            title, why = "quiet", quiet["why"]
        elif title.startswith("quiet"):
            raise RegionError(f"{name}:{number}: a quiet region gives its reason: 'region quiet: WHY'")
        elif not _NAME.match(title):
            raise RegionError(f"{name}:{number}: region name {title!r} is not made of a-z, 0-9 and -")
        elif any(title == r.name for _, r in done) or any(title == o[0] for o in open_regions):
            raise RegionError(f"{name}:{number}: a second region {title!r}")
        open_regions.append((title, why, number, []))
    if open_regions:
        title, _, start, _ = open_regions[-1]
        raise RegionError(f"{name}:{start}: region {title!r} is never closed")
    done.sort(key=lambda item: item[0])
    return SourceFile(name, lines, tuple(region for _, region in done), frozenset(markers))


def load(path: Path, name: str | None = None) -> SourceFile:
    """Reads and parses one file; raises RegionError when it cannot be read."""
    try:
        return parse(name or path.name, path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RegionError(f"{name or path.name}: {error.strerror}") from error


def added_lines(old: list[str], new: list[str]) -> frozenset[int]:
    """Indices into `new` of the lines that `old` lacks; indentation is ignored."""
    matcher = difflib.SequenceMatcher(
        None, [line.strip() for line in old], [line.strip() for line in new], autojunk=False
    )
    kept = {block.b + i for block in matcher.get_matching_blocks() for i in range(block.size)}
    return frozenset(i for i, line in enumerate(new) if i not in kept and line.strip())


def ranges(lines: list[int]) -> str:
    """Sorted line numbers for people: "3-7, 12"."""
    parts: list[str] = []
    for number in sorted(lines):
        if parts and int(parts[-1].split("-")[-1]) == number - 1:
            parts[-1] = f"{parts[-1].split('-')[0]}-{number}"
        else:
            parts.append(str(number))
    return ", ".join(parts)
