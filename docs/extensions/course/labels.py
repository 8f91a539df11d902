"""Names beside points, moved apart where they would collide. Nothing here knows Sphinx."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matplotlib import patheffects
from matplotlib.axes import Axes


def halo(theme: Any) -> list[patheffects.AbstractPathEffect]:
    """Keeps letters legible where a line runs through them."""
    return [patheffects.withStroke(linewidth=2.5, foreground=theme.paper)]


@dataclass
class Label:
    """A point's name: where the point is, in data and in pixels, and where it goes."""

    identifier: str
    text: str
    at: tuple[float, float]
    x: float
    y: float
    width: float
    to_left: bool
    place: float = 0.0

    def meets(self, other: Label) -> bool:
        """True when the two would share some columns of pixels."""
        left, right = (self.x - self.width, self.x) if self.to_left else (self.x, self.x + self.width)
        low, high = (other.x - other.width, other.x) if other.to_left else (other.x, other.x + other.width)
        return left < high + 8 and low < right + 8


def beside(axes: Axes, identifier: str, text: str, at: tuple[float, float], size: float) -> Label:
    """A name for a point of axes that are drawn; left of it where the right has no room."""
    x, y = axes.transData.transform(at)
    width = len(text) * size * 0.72
    return Label(identifier, text, at, x, y, width, x + width + 12 > axes.bbox.x1)


def write(axes: Axes, labels: list[Label], size: float, theme: Any) -> None:
    """All names, none on another."""
    spread(labels, size * 1.72, axes.bbox.y0 + size)
    for label in labels:
        moved = label.place - label.y
        line = {"arrowstyle": "-", "color": theme.faint, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 4}
        axes.annotate(label.text, label.at, (-9 if label.to_left else 9, moved * 0.72), textcoords="offset points",
                      ha="right" if label.to_left else "left", va="center", fontsize=size, path_effects=halo(theme),
                      arrowprops=line if abs(moved) > 5 else None)


def spread(labels: list[Label], gap: float, bottom: float) -> None:
    """Moves names apart: down from the highest, then up again from the bottom."""
    labels.sort(key=lambda label: -label.y)
    for n, label in enumerate(labels):
        above = [other.place - gap for other in labels[:n] if label.meets(other)]
        label.place = min([label.y, *above])
    for n in range(len(labels) - 1, -1, -1):
        below = [other.place + gap for other in labels[n + 1:] if labels[n].meets(other)]
        labels[n].place = max([labels[n].place, bottom, *below])
