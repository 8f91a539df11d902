"""Lines: lists of recorded values, drawn over their numbers or over another list.

A list is named by its key among a run's values, "curve.loss as training loss"
where the line needs another name than the key's last part. Nothing here knows
Sphinx.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullFormatter

from .curves import Lines, name_lines
from .results import ResultError, Run

SCALES = ("linear", "log-x", "log-y", "log-log")


@dataclass(frozen=True)
class Axes:
    """What stands at a plot's edges."""

    over: str  # the values' key of the horizontal places, "" for 1, 2, 3 and so on
    horizontal: str
    vertical: str
    scale: str = "linear"


def named(text: str) -> list[tuple[str, str]]:
    """(key, name) of each of "KEY as NAME, KEY as NAME"."""
    parts = [part.strip() for part in re.split(r"[,\n]", text) if part.strip()]
    pairs = [re.split(r"\s+as\s+", part, maxsplit=1) for part in parts]
    return [(pair[0], pair[-1] if len(pair) > 1 else pair[0].rpartition(".")[2]) for pair in pairs]


def _list(run: Run, key: str) -> list[Any]:
    found = run.lookup(f"values.{key}")
    if not isinstance(found, list) or not found:
        raise ResultError(f"{run.where}: the value {key!r} is no list")
    return found


def lines_of(run: Run, text: str, over: str) -> Lines:
    """Name → (place, value) pairs, from left to right; what is not finite leaves a gap."""
    lines: Lines = {}
    for key, name in named(text):
        values = _list(run, key)
        places = _list(run, over) if over else range(1, len(values) + 1)
        if len(places) != len(values):
            raise ResultError(f"{run.where}: {key!r} has {len(values)} values, {over!r} has {len(places)}")
        if name in lines:
            raise ResultError(f"two lines are called {name!r}")
        lines[name] = sorted((float(x), math.nan if y is None else float(y)) for x, y in zip(places, values))
    if not lines:
        raise ResultError("lines need :values:")
    return lines


def draw_lines(lines: Lines, edges: Axes, theme: Any, inches: float) -> plt.Figure:
    """Each line carries its name at its right end."""
    narrow = inches < 5
    figure, axes = plt.subplots(figsize=(inches, 3.4 if narrow else 3.7))
    figure.subplots_adjust(left=0.12, right=0.98, top=0.98, bottom=0.1)
    axes.set_xscale("log" if edges.scale in ("log-x", "log-log") else "linear")
    axes.set_yscale("log" if edges.scale in ("log-y", "log-log") else "linear")
    places = sorted({x for points in lines.values() for x, _ in points})
    few = len(places) <= 24
    for index, points in enumerate(lines.values()):
        axes.plot(*zip(*points), color=theme.series[index % len(theme.series)], linewidth=1.6,
                  marker="o" if few else None, markersize=3.2 if narrow else 4)
    _finish(axes, places, narrow)
    axes.grid(True, color=theme.grid, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel(edges.horizontal, fontsize=10, color=theme.faint)
    axes.set_ylabel(edges.vertical, fontsize=10, color=theme.faint)
    name_lines(axes, lines, theme, 9 if narrow else 10)
    return figure


def _finish(axes: plt.Axes, places: list[float], narrow: bool) -> None:
    """Room for the names on the right, and no tick in it."""
    low, high = places[0], places[-1]
    room = 0.5 if narrow else 0.26
    if axes.get_xscale() == "log":
        axes.set_xlim(low / 1.15, high * (high / low) ** room)
    else:
        axes.set_xlim(low - 0.02 * (high - low), high + room * max(high - low, 1))
        ticks = MaxNLocator(5 if narrow else 9, integer=all(x == int(x) for x in places)).tick_values(low, high)
        axes.xaxis.set_major_locator(FixedLocator([tick for tick in ticks if low <= tick <= high]))
    for axis, scale in ((axes.xaxis, axes.get_xscale()), (axes.yaxis, axes.get_yscale())):
        if scale == "log":
            axis.set_minor_formatter(NullFormatter())
        axis.set_major_formatter(FuncFormatter(lambda x, _: _tick(x)))


def _tick(x: float) -> str:
    """1e-6 as a power, 0.01 and 50 as themselves."""
    if x and (abs(x) < 9e-3 or abs(x) >= 1e5):
        exponent = round(math.log10(abs(x)))
        if math.isclose(abs(x), 10.0**exponent):
            return f"$10^{{{exponent}}}$"
    return f"{x:g}"
