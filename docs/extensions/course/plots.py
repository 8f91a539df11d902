"""Plots drawn from recorded measurements: bars, roofline, ladder, curves, and lines
and points of recorded values.

Each plot is drawn four times, for light and dark pages and for wide and narrow
screens, so that its letters are as large as those of the text around it.
Nothing here knows Sphinx.
"""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  (the backend is chosen first)
from fontTools.ttLib import TTFont  # noqa: E402
from matplotlib import font_manager  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter  # noqa: E402

from . import labels  # noqa: E402
from .curves import Lines, draw_curves  # noqa: E402
from .lines import Axes as Edges, draw_lines  # noqa: E402
from .points import Point as ValuePoint, draw_points  # noqa: E402
from .results import ResultError, Run, format_time, significant  # noqa: E402
from .value_bars import Bar, draw_bars  # noqa: E402

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"


@dataclass(frozen=True)
class Theme:
    """Colours of one appearance. The series are told apart by every common kind
    of colour blindness (after Okabe and Ito), and by their markers."""

    ink: str
    faint: str
    grid: str
    paper: str
    series: tuple[str, ...]


THEMES = {
    "light": Theme("#24292e", "#5f6670", "#dcd9d0", "#fdfcf9", ("#0b62a8", "#c25a00", "#00795c", "#9c4682", "#7a6a00", "#5f6670")),
    "dark": Theme("#d9dee5", "#98a2b0", "#363c46", "#14171c", ("#6fb3f2", "#f0a04b", "#4fc9a4", "#e59bca", "#d9cb5a", "#a9b3c0")),
}
MARKERS = ("o", "s", "^", "D")
WIDTHS = {"wide": 7.2, "narrow": 3.6}  # inches at 100 px: the column at 1280 px, and at 390 px
UNITS = {"gflops": "GFLOP/s", "gbs": "GB/s", "median_s": "time", "percent_of_peak": "% of peak"}

Series = list[tuple[Run, str, list[dict[str, Any]]]]  # run, its label, its measurements


@cache
def family() -> list[str]:
    """The site's sans serif, made known to matplotlib; DejaVu fills the gaps."""
    with tempfile.TemporaryDirectory() as folder:
        for weight in ("400", "600"):
            font = TTFont(FONTS / f"source-sans-3-latin-{weight}-normal.woff")
            font.flavor = None
            path = Path(folder) / f"{weight}.ttf"
            font.save(path)
            # Fonts are opened again when a figure is drawn, so the files stay.
            kept = Path(matplotlib.get_cachedir()) / f"course-sans-{weight}.ttf"
            kept.write_bytes(path.read_bytes())
            font_manager.fontManager.addfont(str(kept))
    return [font_manager.FontProperties(fname=str(kept)).get_name(), "DejaVu Sans"]


def _style(theme: Theme) -> dict[str, Any]:
    return {
        "font.family": family(), "font.size": 10.5, "svg.fonttype": "path", "mathtext.default": "regular", "svg.hashsalt": "course",
        "text.color": theme.ink, "axes.labelcolor": theme.ink, "axes.edgecolor": theme.faint,
        "xtick.color": theme.ink, "ytick.color": theme.ink, "axes.linewidth": 0.8,
        "axes.spines.top": False, "axes.spines.right": False, "axes.grid": False,
        "figure.facecolor": "none", "axes.facecolor": "none", "legend.frameon": False,
        "xtick.major.size": 3, "ytick.major.size": 0, "xtick.minor.size": 0, "ytick.minor.size": 0,
    }


def draw(kind: str, series: Series, value: str, theme_name: str, width_name: str, axis: str = "") -> str:
    """One plot as SVG. Raises ResultError when a number is missing.

    `axis` is what curves are drawn over, in words."""
    theme = THEMES[theme_name]
    with plt.rc_context(_style(theme)):
        if kind == "roofline":
            figure = _roofline(series, theme, width_name)
        elif kind == "curves":
            if len(series) != 1:
                raise ResultError("curves show one machine: name it in :machines:")
            run, _, entries = series[0]
            figure = draw_curves(run, entries, value, UNITS[value], axis, theme, WIDTHS[width_name])
        else:
            figure = _bars(series, theme, width_name, value, logarithmic=kind == "ladder")
        return _svg(figure)


def draw_values(lines: Lines, edges: Edges, theme_name: str, width_name: str) -> str:
    """Lists of values as SVG, a line for each."""
    theme = THEMES[theme_name]
    with plt.rc_context(_style(theme)):
        return _svg(draw_lines(lines, edges, theme, WIDTHS[width_name]))


def draw_value_points(points: list[ValuePoint], edges: Edges, theme_name: str, width_name: str) -> str:
    """Pairs of values as SVG, a point for each."""
    theme = THEMES[theme_name]
    with plt.rc_context(_style(theme)):
        return _svg(draw_points(points, edges, theme, WIDTHS[width_name]))


def draw_value_bars(rows: list[Bar], unit: str, scale: str, theme_name: str, width_name: str) -> str:
    """Single values as SVG, a bar for each."""
    theme = THEMES[theme_name]
    with plt.rc_context(_style(theme)):
        return _svg(draw_bars(rows, unit, scale, theme, WIDTHS[width_name]))


def _svg(figure: plt.Figure) -> str:
    out = io.StringIO()
    figure.savefig(out, format="svg", bbox_inches="tight", pad_inches=0.04, metadata={"Date": None, "Creator": None})
    plt.close(figure)
    svg = out.getvalue()
    return svg[svg.index("<svg"):]


def _number(run: Run, entry: dict[str, Any], value: str) -> float:
    return float(run.field(entry, value))


def _written(value: float, name: str) -> str:
    if name == "median_s":
        return format_time(value)
    return significant(value) + ("\u00a0%" if name == "percent_of_peak" else "")


def _rows(series: Series) -> list[tuple[str, str]]:
    """(id, label) of every row: the order of the first machine, then newcomers."""
    rows: list[tuple[str, str]] = []
    for _, _, entries in series:
        for entry in entries:
            if entry["id"] not in [identifier for identifier, _ in rows]:
                rows.append((entry["id"], str(entry.get("label", entry["id"]))))
    return rows


def _bars(series: Series, theme: Theme, width_name: str, value: str, logarithmic: bool) -> plt.Figure:
    """Horizontal bars, one group a row, one colour a machine; labels above the
    bars, where a narrow screen has room for them."""
    rows = _rows(series)
    thickness, gap = 0.17, 0.34  # inches
    tops: list[float] = []
    y = 0.0
    places: list[tuple[float, int, Run, dict[str, Any]]] = []
    for identifier, _ in rows:
        tops.append(y)
        y += 0.21
        for index, (run, _, entries) in enumerate(series):
            for entry in entries:
                if entry["id"] == identifier:
                    places.append((y, index, run, entry))
                    y += thickness + 0.04
        y += gap - 0.21
    figure, axes = plt.subplots(figsize=(WIDTHS[width_name], y + 0.15))
    figure.subplots_adjust(left=0.01, right=0.99, top=1, bottom=0)
    numbers = [_number(run, entry, value) for _, _, run, entry in places]
    bases = {id(run): _number(run, entries[0], value) for run, _, entries in series}
    low = _floor(min(numbers)) if logarithmic else 0.0
    for (top, index, run, entry), number in zip(places, numbers):
        colour = theme.series[index % len(theme.series)]
        axes.barh(top + thickness / 2, number - low, thickness, left=low, color=colour, linewidth=0)
        text = _written(number, value)
        if logarithmic:
            factor = bases[id(run)] / number if value == "median_s" else number / bases[id(run)]
            text += f"   \u00d7{significant(factor, 2 if factor < 99.5 else 3)}"
        axes.annotate(text, (number, top + thickness / 2), (5, -0.5), textcoords="offset points",
                      va="center", ha="left", fontsize=10)
    _finish_bars(axes, rows, tops, y, theme, value, low, max(numbers), logarithmic, width_name)
    _legend(figure, axes, series, theme, width_name)
    return figure


def _floor(value: float) -> float:
    """A start for logarithmic bars: a decade's edge well below the smallest."""
    floor = 10.0
    while floor > value / 1.6:
        floor /= 10
    while floor * 10 < value / 1.6:
        floor *= 10
    return floor


def _finish_bars(axes: Axes, rows: list[tuple[str, str]], tops: list[float], height: float, theme: Theme,
                 value: str, low: float, high: float, logarithmic: bool, width_name: str) -> None:
    room = 1.45 if width_name == "narrow" else 1.2
    if logarithmic:
        axes.set_xscale("log")
        decades = (high / low) ** (0.42 if width_name == "narrow" else 0.2)
        axes.set_xlim(low, high * max(decades, 2))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.xaxis.set_major_locator(LogLocator(10, numticks=4 if width_name == "narrow" else 9))
    else:
        axes.set_xlim(0, high * room)
    axes.xaxis.set_major_formatter(FuncFormatter(
        lambda x, _: "0" if not x else format_time(x, 1) if value == "median_s" else f"{x:,.10g}"))
    axes.set_ylim(height, -0.06)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for top, (_, label) in zip(tops, rows):
        axes.text(0, top + 0.17, label, transform=axes.get_yaxis_transform(), va="baseline", ha="left",
                  fontsize=10.5, fontweight=600)
    axes.xaxis.grid(True, color=theme.grid, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel(UNITS[value], fontsize=10, color=theme.faint)


def _legend(figure: plt.Figure, axes: Axes, series: Series, theme: Theme, width_name: str) -> None:
    if len(series) < 2:
        return
    handles = [plt.Rectangle((0, 0), 1, 1, color=theme.series[i % len(theme.series)]) for i in range(len(series))]
    axes.legend(handles, [label for _, label, _ in series], loc="lower left", bbox_to_anchor=(-0.01, 1.0),
                ncol=1 if width_name == "narrow" else len(series), fontsize=10, handlelength=0.9,
                handleheight=0.9, borderaxespad=0.1, columnspacing=1.6, borderpad=0.1)


def _roofline(series: Series, theme: Theme, width_name: str) -> plt.Figure:
    """FLOP/s over FLOP per byte, under the measured roofs of each machine."""
    narrow = width_name == "narrow"
    figure, axes = plt.subplots(figsize=(WIDTHS[width_name], 3.7 if narrow else 4.2))
    figure.subplots_adjust(left=0.12, right=0.98, top=0.98, bottom=0.1)
    points = [
        (index, run, entry, _number(run, entry, "intensity"), _number(run, entry, "gflops"))
        for index, (run, _, entries) in enumerate(series) for entry in entries
    ]
    roofs = _roofs(series)
    ridges = [arithmetic / bandwidth for _, _, arithmetic, bandwidth in roofs]
    left = min([p[3] for p in points] + ridges) / 4
    right = max([p[3] for p in points] + ridges) * 4
    for index, name, arithmetic, bandwidth in roofs:
        colour = theme.series[index % len(theme.series)]
        ridge = arithmetic / bandwidth
        axes.plot([left, ridge, right], [left * bandwidth / 1e9, arithmetic / 1e9, arithmetic / 1e9],
                  color=colour, linewidth=1.6, solid_joinstyle="round")
        # A roof close below another one is named below its line.
        crowded = any(1 < other[2] / arithmetic < 6 or (other[2] == arithmetic and other[0] < index) for other in roofs)
        text = f"{name}: {significant(arithmetic / 1e9)} GFLOP/s, {significant(bandwidth / 1e9)} GB/s"
        axes.annotate(text, (right, arithmetic / 1e9), (0, -4 if crowded else 4), textcoords="offset points",
                      ha="right", va="top" if crowded else "bottom", fontsize=9 if narrow else 10, color=colour,
                      path_effects=labels.halo(theme))
    axes.set_xscale("log")
    axes.set_yscale("log")
    tallest = max(r[2] for r in roofs) / 1e9
    axes.set_xlim(left, right)
    axes.set_ylim(min(p[4] for p in points) / 4, tallest * 3)
    _points(axes, points, theme, narrow)
    plain = FuncFormatter(lambda x, _: f"{x:,.0f}" if x >= 1 else f"{x:g}")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(10, numticks=6 if narrow else 12))
        axis.set_major_formatter(plain)
        axis.set_minor_formatter(NullFormatter())
        axis.grid(True, color=theme.grid, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel("arithmetic intensity, FLOP per byte", fontsize=10, color=theme.faint)
    axes.set_ylabel("GFLOP/s", fontsize=10, color=theme.faint)
    _legend(figure, axes, series, theme, width_name)
    return figure


def _roofs(series: Series) -> list[tuple[int, str, float, float]]:
    """(series, name, FLOP/s, bytes/s) of every roof that some point lies under."""
    names = {"cpu_1_flops": "one thread", "cpu_all_flops": "all threads", "gpu_fp32_flops": "GPU"}
    found: list[tuple[int, str, float, float]] = []
    for index, (run, _, entries) in enumerate(series):
        pairs = dict.fromkeys(run.peaks(entry) for entry in entries)
        for arithmetic, bandwidth in pairs:
            found.append((index, names[arithmetic], run.peak(arithmetic), run.peak(bandwidth)))
    return found


Point = tuple[int, Run, dict[str, Any], float, float]  # series, run, measurement, x, y


def _points(axes: Axes, points: list[Point], theme: Theme, narrow: bool) -> None:
    """Draws the points. A measurement that several machines share is named once."""
    axes.figure.canvas.draw()
    names: list[labels.Label] = []
    size = 9 if narrow else 10
    for index, _, entry, intensity, gflops in sorted(points, key=lambda p: (p[0], -p[4])):
        axes.plot([intensity], [gflops], MARKERS[index % len(MARKERS)], color=theme.series[index % len(theme.series)],
                  markersize=6.5, markeredgecolor=theme.paper, markeredgewidth=0.8, zorder=3)
        if entry["id"] not in [name.identifier for name in names]:
            text = str(entry.get("label", entry["id"])).split("  ")[0]
            names.append(labels.beside(axes, entry["id"], text, (intensity, gflops), size))
    labels.write(axes, names, size, theme)


__all__ = ["MARKERS", "ResultError", "Series", "THEMES", "WIDTHS", "draw", "family"]
