"""Points: two recorded values of each of several things, one over the other.

A thing is named by the beginning of its keys, "002/cnn-10k as CNN 10K"; what is drawn
of it by their ends, "reported.accuracy as the report", or a multiple of one, "gpu.share *
100 as here". Each end has a colour and a marker of its own. Nothing here knows Sphinx.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

from . import labels
from .lines import Axes, _tick, named
from .results import ResultError, Run

MARKERS = ("o", "s", "^", "D")


@dataclass(frozen=True)
class Point:
    """One thing under one end of its keys."""

    thing: str
    group: str
    at: tuple[float, float]


def points_of(run: Run, things: str, values: str, over: str) -> list[Point]:
    """A point for each pair that is recorded; each thing and each end needs one."""
    points: list[Point] = []
    for multiple, group in named(values):
        end, _, factor = (part.strip() for part in multiple.partition("*"))
        for key, thing in named(things):
            x = run.lookup(f"values.{key}.{over}")
            if f"{key}.{end}" in run.data.get("values", {}):
                y = float(run.lookup(f"values.{key}.{end}")) * _number(factor or "1")
                points.append(Point(thing, group, (float(x), y)))
        if group not in [point.group for point in points]:
            raise ResultError(f"{run.where}: nothing has a value that ends in {end!r}")
    for key, thing in named(things):
        if thing not in [point.thing for point in points]:
            raise ResultError(f"{run.where}: {key!r} has none of these values")
    if not points:
        raise ResultError("points need :things: and :values:")
    return points


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ResultError(f"{text!r} is no number to multiply with") from error


def draw_points(points: list[Point], edges: Axes, theme: Any, inches: float) -> plt.Figure:
    """A thing carries its name at the first of its points, from which lines lead to the others."""
    narrow = inches < 5
    size = 9 if narrow else 10
    figure, axes = plt.subplots(figsize=(inches, 3.7 if narrow else 4.2))
    figure.subplots_adjust(left=0.12, right=0.98, top=0.98, bottom=0.1)
    axes.set_xscale("log" if edges.scale in ("log-x", "log-log") else "linear")
    axes.set_yscale("log" if edges.scale in ("log-y", "log-log") else "linear")
    groups = list(dict.fromkeys(point.group for point in points))
    first: dict[str, Point] = {}
    for point in points:
        first.setdefault(point.thing, point)
        axes.plot(*zip(first[point.thing].at, point.at), color=theme.grid, linewidth=1, zorder=1)
    for index, group in enumerate(groups):
        axes.plot(*zip(*[point.at for point in points if point.group == group]), MARKERS[index % len(MARKERS)],
                  color=theme.series[index % len(theme.series)], markersize=6.5, markeredgecolor=theme.paper,
                  markeredgewidth=0.8, zorder=3, label=group)
    _finish(axes, points, edges, theme, narrow)
    axes.figure.canvas.draw()
    names = [labels.beside(axes, point.thing, point.thing, point.at, size) for point in first.values()]
    labels.write(axes, names, size, theme)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncol=2 if narrow else len(groups), fontsize=size,
                borderaxespad=0.1, handletextpad=0.2, columnspacing=1.4)
    return figure


def _finish(axes: plt.Axes, points: list[Point], edges: Axes, theme: Any, narrow: bool) -> None:
    """Room around the points; ticks that say what they are."""
    for direction, axis, limits in ((0, axes.xaxis, axes.set_xlim), (1, axes.yaxis, axes.set_ylim)):
        low, high = (f(point.at[direction] for point in points) for f in (min, max))
        if axis.get_scale() == "log":
            limits(low / (high / low) ** 0.08 / 1.1, high * (high / low) ** 0.08 * 1.1)
            decades = [10.0**n * digit for n in range(-9, 13) for digit in (1, 2, 5)]
            ticks = [tick for tick in decades if low / 1.1 <= tick <= high * 1.1]
            if len(ticks) > 8:  # the powers of ten, without 2 and 5
                ticks = [tick for tick in ticks if tick in decades[::3]]
            axis.set_major_locator(FixedLocator(ticks[::3] if narrow and direction == 0 and len(ticks) > 4 else ticks))
            axis.set_minor_locator(NullLocator())
            axis.set_minor_formatter(NullFormatter())
        else:
            room = 0.08 * (high - low or 1)
            limits(low - room, high + room)
        axis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}" if x >= 1000 else _tick(x)))
    axes.grid(True, color=theme.grid, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel(edges.horizontal, fontsize=10, color=theme.faint)
    axes.set_ylabel(edges.vertical, fontsize=10, color=theme.faint)
