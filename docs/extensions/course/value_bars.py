"""Bars of single values: "EXPR | FORMAT as GROUP: NAME; EXPR | FORMAT as ...".

Expressions are those of the role {result}. Bars of one group share a colour, and the
group may be left out. Nothing here knows Sphinx.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from .results import ResultError, Store, format_value

SCALES = ("linear", "log-x")
THICKNESS, GAP, LABEL = 0.17, 0.15, 0.21  # inches


@dataclass(frozen=True)
class Bar:
    """A value, how it is written, and what it is."""

    label: str
    value: float
    text: str

    @property
    def group(self) -> str:
        return self.label.partition(":")[0] if ":" in self.label else ""


def bars_of(store: Store, text: str) -> tuple[list[Bar], set[Path]]:
    """The bars, from top to bottom, and the files they rest on."""
    bars: list[Bar] = []
    files: set[Path] = set()
    for row in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        expression, found, label = row.rpartition(" as ")
        if not found:
            raise ResultError(f"{row!r}: write EXPR | FORMAT as NAME")
        value, form, rests_on = store.compute(expression.strip())
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ResultError(f"{expression!r} is no number")
        files |= rests_on
        bars.append(Bar(label.strip(), float(value), format_value(value, form)))
    if not bars:
        raise ResultError("bars of values need :rows:")
    return bars, files


def draw_bars(bars: list[Bar], unit: str, scale: str, theme: Any, inches: float) -> plt.Figure:
    """A label above each bar, its value at its end."""
    narrow = inches < 5
    step = LABEL + THICKNESS + GAP
    figure, axes = plt.subplots(figsize=(inches, step * len(bars) + 0.1))
    figure.subplots_adjust(left=0.01, right=0.99, top=1, bottom=0)
    logarithmic = scale == "log-x"
    highest = max(bar.value for bar in bars)
    low = _floor(bars) if logarithmic else 0.0
    groups = list(dict.fromkeys(bar.group for bar in bars))
    for index, bar in enumerate(bars):
        middle = step * index + LABEL + THICKNESS / 2
        colour = theme.series[groups.index(bar.group) % len(theme.series)]
        axes.barh(middle, bar.value - low, THICKNESS, left=low, color=colour, linewidth=0)
        axes.annotate(bar.text, (bar.value, middle), (5, -0.5), textcoords="offset points", va="center", ha="left", fontsize=10)
        axes.text(0, step * index + 0.17, bar.label, transform=axes.get_yaxis_transform(), va="baseline", ha="left",
                  fontsize=10.5, fontweight=600)
    room = 0.42 if narrow else 0.2
    if logarithmic:
        axes.set_xscale("log")
        axes.set_xlim(low, highest * max((highest / low) ** room, 2))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.xaxis.set_major_locator(LogLocator(10, numticks=4 if narrow else 9))
    else:
        axes.set_xlim(0, highest * (1.45 if narrow else 1.2))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.10g}"))
    axes.set_ylim(step * len(bars), -0.06)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.xaxis.grid(True, color=theme.grid, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel(unit, fontsize=10, color=theme.faint)
    return figure


def _floor(bars: list[Bar]) -> float:
    """A decade's edge well below the smallest, for logarithmic bars."""
    lowest = min(bar.value for bar in bars)
    if lowest <= 0:
        raise ResultError("logarithmic bars need values above 0")
    floor = 1.0
    while floor > lowest / 1.6:
        floor /= 10
    while floor * 10 < lowest / 1.6:
        floor *= 10
    return floor
