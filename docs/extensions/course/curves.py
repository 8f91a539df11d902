"""Curves: one quantity measured over a range of sizes, a line for each series.

The ids say what is what: the last part is the size, the part before it the
series, as in ``sizes/rows-inside/64``. Nothing here knows Sphinx.
"""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

from .results import ResultError, Run

MARKERS = ("o", "s", "^", "D", "v", "P")

Lines = dict[str, list[tuple[float, float]]]


def lines_of(run: Run, entries: list[dict[str, Any]], value: str) -> Lines:
    """Series name → its (size, value) pairs, in rising order of size."""
    lines: Lines = {}
    for entry in entries:
        *_, name, size = ["", *entry["id"].split("/")]
        if not size.isdigit():
            raise ResultError(f"{entry['id']}: a curve needs ids that end in /SERIES/SIZE")
        lines.setdefault(name, []).append((float(size), float(run.field(entry, value))))
    return {name: sorted(points) for name, points in lines.items()}


def draw_curves(run: Run, entries: list[dict[str, Any]], value: str, unit: str, axis_label: str,
                theme: Any, inches: float) -> plt.Figure:
    """Both axes logarithmic; each line carries its name at its right end."""
    lines = lines_of(run, entries, value)
    narrow = inches < 5
    figure, axes = plt.subplots(figsize=(inches, 3.9 if narrow else 4.3))
    figure.subplots_adjust(left=0.12, right=0.98, top=0.98, bottom=0.1)
    sizes = sorted({size for points in lines.values() for size, _ in points})
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(sizes[0] / 1.15, sizes[-1] * (sizes[-1] / sizes[0]) ** (0.46 if narrow else 0.24))
    for index, (name, points) in enumerate(lines.items()):
        axes.plot(*zip(*points), color=theme.series[index % len(theme.series)], linewidth=1.6,
                  marker=MARKERS[index % len(MARKERS)], markersize=4.5 if narrow else 5.5)
    axes.xaxis.set_major_locator(FixedLocator(_spread(sizes, 7 if narrow else 12)))
    axes.xaxis.set_minor_locator(NullLocator())
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        axis.set_minor_formatter(NullFormatter())
    axes.grid(True, color=theme.grid, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel(axis_label, fontsize=10, color=theme.faint)
    axes.set_ylabel(unit, fontsize=10, color=theme.faint)
    name_lines(axes, lines, theme, 9 if narrow else 10)
    return figure


def _spread(sizes: list[float], most: int) -> list[float]:
    """At most `most` of the sizes, no two too close on a logarithmic axis."""
    least = (sizes[-1] / sizes[0]) ** (1 / (most + 2))
    kept = [sizes[0]]
    for size in sizes[1:]:
        if size >= kept[-1] * least:
            kept.append(size)
    return kept


def name_lines(axes: Axes, lines: Lines, theme: Any, size: float) -> None:
    """Names at the lines' right ends, moved apart where they would collide."""
    axes.figure.canvas.draw()
    ends = sorted(
        ((axes.transData.transform(points[-1]), index, name) for index, (name, points) in enumerate(lines.items())),
        key=lambda end: end[0][1])
    lowest = float("-inf")
    for (x, y), index, name in ends:
        place = max(y, lowest + size * 1.6)
        lowest = place
        axes.annotate(name.replace("-", " "), axes.transData.inverted().transform((x, y)), (8, (place - y) * 0.72),
                      textcoords="offset points", va="center", ha="left", fontsize=size,
                      color=theme.series[index % len(theme.series)])
