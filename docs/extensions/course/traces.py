"""Recorded launches of small kernels: docs/results/traces/NAME.json.

They are written by the microscope programs (--trace), and a test proves that they are
what the kernels do today. Nothing here knows Sphinx.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

SCHEMA = "loops-to-warps/trace/1"
SECTOR = 32  # bytes
WORD = 4
BANKS = 32


class TraceError(Exception):
    """A trace, or a question to it, that makes no sense."""


@dataclass(frozen=True)
class Array:
    """A piece of memory that the kernel touches."""

    name: str
    shared: bool
    size: int  # bytes
    phase: int  # where in 128 bytes it begins


@dataclass(frozen=True)
class Request:
    """One instruction of one warp."""

    block: tuple[int, ...]
    warp: int
    meetings: int
    line: int
    does: str  # read, write or atomic
    array: Array
    width: int  # bytes of each lane
    places: tuple[int | None, ...]  # of each lane, in bytes from where the array begins

    @cached_property
    def words(self) -> dict[int, list[int]]:
        """Numbers of the 4-byte words that are touched, and by which lanes."""
        found: dict[int, list[int]] = {}
        for lane, place in enumerate(self.places):
            if place is not None:
                for word in range((self.array.phase + place) // WORD, (self.array.phase + place + self.width - 1) // WORD + 1):
                    found.setdefault(word, []).append(lane)
        return dict(sorted(found.items()))

    @property
    def sectors(self) -> list[int]:
        """Numbers of the sectors that are touched."""
        return sorted({word * WORD // SECTOR for word in self.words})

    @property
    def lanes(self) -> int:
        """How many take part."""
        return sum(place is not None for place in self.places)

    @property
    def passes(self) -> int:
        """The most different words that one bank of shared memory has to give."""
        load = [0] * BANKS
        for word in self.words:
            load[word % BANKS] += 1
        return max(load)


@dataclass(frozen=True)
class Trace:
    """One launch."""

    name: str
    kernel: str
    block: tuple[int, ...]
    first_line: int
    source: tuple[str, ...]
    arrays: tuple[Array, ...]
    requests: tuple[Request, ...] = field(repr=False)

    def text(self, line: int) -> str:
        """A line of the kernel's source, without what stands before it."""
        index = line - self.first_line
        return self.source[index].strip() if 0 <= index < len(self.source) else ""

    def find(self, access: str, number: int = 1) -> Request:
        """The request number `number` of all that are `access`: "read from"."""
        does, _, name = access.partition(" ")
        fitting = [r for r in self.requests if r.does == does and r.array.name == name]
        if not fitting:
            known = sorted({f"{r.does} {r.array.name}" for r in self.requests})
            raise TraceError(f"{self.name}: nothing does {access!r}; there are: {', '.join(known)}")
        if not 1 <= number <= len(fitting):
            raise TraceError(f"{self.name}: there are {len(fitting)} requests {access!r}, not {number}")
        return fitting[number - 1]


def read(path: Path) -> Trace:
    """Reads a trace; raises TraceError."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        known = ", ".join(sorted(p.stem for p in path.parent.glob("*.json"))) or "none"
        raise TraceError(f"there is no recorded trace {path.stem!r}; there are: {known}") from error
    except ValueError as error:
        raise TraceError(f"{path.name} is not JSON: {error}") from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise TraceError(f"{path.name} does not have the schema {SCHEMA!r}")
    return _trace(path.stem, data)


def _trace(name: str, data: dict[str, Any]) -> Trace:
    try:
        arrays = tuple(Array(a["name"], a["space"] == "shared", a["bytes"], a["phase"]) for a in data["arrays"])
        requests = tuple(
            Request(tuple(r["block"]), r["warp"], r["meetings"], r["line"], r["do"], arrays[r["array"]], r["bytes"],
                    tuple(r["at"]))
            for r in data["requests"])
        return Trace(name, data["kernel"], tuple(data["block"]), data["first_line"], tuple(data["source"]), arrays, requests)
    except (KeyError, TypeError, IndexError) as error:
        raise TraceError(f"{name}: not a trace: {error!r}") from error
