"""Recorded results: finding a number, computing with it, writing it for people.

A key is ``[MACHINE/]CHAPTER:PATH``. Nothing here knows Sphinx.
"""

from __future__ import annotations

import ast
import json
import math
import operator
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

SCHEMA = "loops-to-warps/results/1"
OWN = "yours"  # the machine name of the reader's own run

_KEY = re.compile(r"^(?:(?P<machine>[a-z0-9-]+)/)?(?P<chapter>[0-9]{2}):(?P<path>\S+)$")
_CHAPTER_FILE = re.compile(r"^[0-9]{2}\.json$")
_DERIVED = ("gflops", "gbs", "intensity", "percent_of_peak", "percent_of_bandwidth", "percent_of_roof")


class ResultError(Exception):
    """A number that is not there, or an expression that cannot be computed."""


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ResultError(f"{what} is not a number")
    return value


@dataclass
class Run:
    """One recorded run of one chapter on one machine."""

    machine: str
    chapter: str
    data: dict[str, Any]

    @property
    def where(self) -> str:
        """How messages name this run."""
        return f"{self.machine}/{self.chapter}"

    def measurement(self, identifier: str) -> dict[str, Any]:
        """The measurement with this id; raises ResultError."""
        for entry in self.data.get("measurements", []):
            if entry.get("id") == identifier:
                return entry
        raise ResultError(f"{self.where} has no measurement {identifier!r}")

    def peaks(self, entry: dict[str, Any]) -> tuple[str, str]:
        """Names of the arithmetic and the bandwidth peak that bound `entry`."""
        if entry.get("device") == "gpu":
            return "gpu_fp32_flops", "gpu_bytes_per_s"
        group = "cpu_1" if entry.get("threads", 1) == 1 else "cpu_all"
        return f"{group}_flops", f"{group}_bytes_per_s"

    def peak(self, name: str) -> float:
        """A measured peak; raises ResultError."""
        return _number(self.data.get("peaks", {}).get(name), f"{self.where}:peaks.{name}")

    def field(self, entry: dict[str, Any], name: str) -> Any:
        """A field of a measurement, recorded or derived."""
        what = f"{self.where}:{entry.get('id')}"
        if name not in _DERIVED:
            if entry.get(name) is None:
                raise ResultError(f"{what} has no {name!r}")
            return entry[name]

        def get(key: str) -> float:
            return _number(entry.get(key), f"{what}.{key}")

        if name == "gflops":
            return get("flop") / get("median_s") / 1e9
        if name == "gbs":
            return get("bytes") / get("median_s") / 1e9
        if name == "intensity":
            return get("flop") / get("bytes")
        arithmetic, bandwidth = self.peaks(entry)
        if name == "percent_of_peak":
            return 100 * get("flop") / get("median_s") / self.peak(arithmetic)
        if name == "percent_of_bandwidth":
            return 100 * get("bytes") / get("median_s") / self.peak(bandwidth)
        roof = min(self.peak(arithmetic), self.peak(bandwidth) * get("flop") / get("bytes"))
        return 100 * get("flop") / get("median_s") / roof

    def lookup(self, path: str) -> Any:
        """The value at PATH; raises ResultError."""
        if path.startswith("values."):
            return self._value(path.removeprefix("values."))
        if path.startswith("checks/"):
            identifier, _, name = path.removeprefix("checks/").rpartition(".")
            for entry in self.data.get("checks", []):
                if entry.get("id") == identifier and entry.get(name) is not None:
                    return entry[name]
            raise ResultError(f"{self.where} has no check {identifier!r} with {name!r}")
        head = path.split(".")[0]
        if head in ("peaks", "machine", "provenance", "dataset") or path == "mode":
            value: Any = self.data
            for part in path.split("."):
                value = value.get(part) if isinstance(value, dict) else None
            if value is None:
                raise ResultError(f"{self.where} has no {path!r}")
            return value
        identifier, _, name = path.rpartition(".")
        return self.field(self.measurement(identifier), name)

    def _value(self, key: str) -> Any:
        values = self.data.get("values", {})
        if values.get(key) is not None:
            return values[key]
        name, _, index = key.rpartition(".")
        if index.isdigit() and isinstance(values.get(name), list) and int(index) < len(values[name]):
            return values[name][int(index)]
        raise ResultError(f"{self.where} has no value {key!r}")


@dataclass
class Store:
    """All recorded runs: FOLDER/<machine>/NN.json, and the reader's own."""

    folder: Path
    own_folder: Path
    default_machine: str
    labels: dict[str, str] = field(default_factory=dict)
    _runs: dict[tuple[str, str], Run] = field(default_factory=dict)

    def path(self, machine: str, chapter: str) -> Path:
        """Where a run lies, whether or not it exists."""
        folder = self.own_folder if machine == OWN else self.folder / machine
        return folder / f"{chapter}.json"

    def machines(self) -> list[str]:
        """Recorded machines, the default one first."""
        if not self.folder.is_dir():
            return []
        names = sorted(
            p.name for p in self.folder.iterdir()
            if p.is_dir() and any(_CHAPTER_FILE.match(f.name) for f in p.iterdir())
        )
        return sorted(names, key=lambda name: name != self.default_machine)

    def chapters(self, machine: str) -> list[str]:
        """The chapters recorded on `machine`, in order."""
        return sorted(f.stem for f in (self.folder / machine).iterdir() if _CHAPTER_FILE.match(f.name))

    def has(self, machine: str, chapter: str) -> bool:
        """True when this machine ran this chapter."""
        return self.path(machine, chapter).is_file()

    def label(self, machine: str) -> str:
        """A short name for people."""
        return self.labels.get(machine, "your machine" if machine == OWN else machine)

    def run(self, machine: str, chapter: str) -> Run:
        """Reads one run; raises ResultError."""
        if (machine, chapter) not in self._runs:
            path = self.path(machine, chapter)
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
            except OSError as error:
                raise ResultError(f"no recorded run {machine}/{chapter}.json") from error
            except ValueError as error:
                raise ResultError(f"{machine}/{chapter}.json is not JSON: {error}") from error
            if not isinstance(data, dict) or data.get("schema") != SCHEMA:
                raise ResultError(f"{machine}/{chapter}.json does not have the schema {SCHEMA!r}")
            self._runs[machine, chapter] = Run(machine, chapter, data)
        return self._runs[machine, chapter]

    def lookup(self, key: str) -> tuple[Any, Path]:
        """The value of a key, and the file that it came from."""
        match = _KEY.match(key)
        if not match:
            raise ResultError(f"{key!r} is not a key; write [MACHINE/]NN:PATH")
        machine = match["machine"] or self.default_machine
        value = self.run(machine, match["chapter"]).lookup(match["path"])
        return value, self.path(machine, match["chapter"])

    def evaluate(self, text: str) -> tuple[str, set[Path]]:
        """Computes ``EXPR | FORMAT``; returns the text and the files it rests on."""
        value, form, files = self.compute(text)
        return format_value(value, form), files

    def compute(self, text: str) -> tuple[Any, str, set[Path]]:
        """The value of ``EXPR | FORMAT``, its format, and the files it rests on."""
        expression, _, form = text.rpartition(" | ") if " | " in text else (text, "", "")
        files: set[Path] = set()
        names: dict[str, Any] = {}

        def substitute(match: re.Match[str]) -> str:
            value, path = self.lookup(match[1].strip())
            files.add(path)
            name = f"key{len(names)}"
            names[name] = value
            return f" {name} "

        code = re.sub(r"\[([^\]]+)\]", substitute, expression)
        return _compute(code.strip(), names, text), form.strip(), files


_BINARY: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.Pow: operator.pow,
}
_CALLS = {"min": min, "max": max, "sum": lambda *numbers: sum(numbers), "abs": abs, "sqrt": math.sqrt, "log2": math.log2}


def _compute(code: str, names: dict[str, Any], text: str) -> Any:
    """Arithmetic over the looked-up values, and nothing else."""

    def walk(node: ast.AST) -> Any:
        if isinstance(node, ast.Expression):
            return walk(node.body)
        if isinstance(node, ast.Name) and node.id in names:
            return names[node.id]
        if isinstance(node, ast.Constant):
            return _number(node.value, repr(node.value))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -_number(walk(node.operand), text)
        if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            return _BINARY[type(node.op)](_number(walk(node.left), text), _number(walk(node.right), text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            # A list stands for its numbers: min([...]) of a recorded curve.
            arguments = [walk(a) for a in node.args]
            flat = [n for a in arguments for n in (a if isinstance(a, list) else [a])]
            return _CALLS[node.func.id](*[_number(n, text) for n in flat])
        raise ResultError(f"{text!r} is not arithmetic over [keys]")

    try:
        return walk(ast.parse(code, mode="eval"))
    except (SyntaxError, ZeroDivisionError, OverflowError, ValueError, TypeError) as error:
        raise ResultError(f"{text!r}: {error}") from error


SPACE = "\u00a0"


def significant(value: float, digits: int = 3) -> str:
    """`value` with that many digits that mean something, never as 1e+03."""
    if value == 0:
        return "0"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, decimals)
    if rounded and math.floor(math.log10(abs(rounded))) > math.floor(math.log10(abs(value))):
        decimals -= 1
    return f"{rounded:,.{max(0, decimals)}f}"


def _scaled(value: float, units: list[tuple[float, str]], digits: int = 3) -> str:
    for factor, unit in units:
        if abs(value) >= factor * 0.9995:
            return significant(value / factor, digits) + SPACE + unit
    factor, unit = units[-1]
    return significant(value / factor, digits) + SPACE + unit


def format_time(seconds: float, digits: int = 3) -> str:
    """1.23 ms."""
    return _scaled(seconds, [(1, "s"), (1e-3, "ms"), (1e-6, "\u00b5s"), (1e-9, "ns")], digits)


def format_bytes(count: float) -> str:
    """165 MiB."""
    return _scaled(count, [(2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "bytes")])


def format_value(value: Any, form: str) -> str:
    """Writes a value: a named format, a Python format, or a sensible default."""
    if isinstance(value, (str, bool)):
        if form:
            raise ResultError(f"format {form!r} for {value!r}, which is not a number")
        return str(value)
    if isinstance(value, list):
        return ", ".join(format_value(item, form) for item in value)
    _number(value, repr(value))
    if form == "time":
        return format_time(value)
    if form == "bytes":
        return format_bytes(value)
    if form == "gflops":
        return significant(value) + SPACE + "GFLOP/s"
    if form == "gbs":
        return significant(value) + SPACE + "GB/s"
    if form == "percent":
        return significant(value, 2 if abs(value) < 99.5 else 3) + SPACE + "%"
    if form == "int":
        return f"{round(value):,}"
    if form == "":
        return f"{value:,}" if isinstance(value, int) else significant(value)
    try:
        return format(value, form)
    except ValueError as error:
        raise ResultError(f"format {form!r}: {error}") from error
