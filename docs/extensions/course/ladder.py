"""The ladder of chapters as one picture, drawn from docs/ladder.json.

On the home page it takes its colours from the page; for the README it is written
as two files: `python3 docs/extensions/course/ladder.py` refreshes them.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from html import escape
from pathlib import Path

STEP = 58  # from rung to rung
WIDTH = 700
TOP = 96  # room for the threads above the last rung


@dataclass(frozen=True)
class Rung:
    """One chapter."""

    number: str
    title: str
    note: str
    on: str  # CPU, GPU or GPUs
    page: str  # docname of its page, "" while it is only planned


def read(root: Path) -> list[Rung]:
    """The chapters, lowest first; those with a program are built."""
    rungs = []
    for entry in json.loads((root / "docs" / "ladder.json").read_text(encoding="utf-8")):
        built = sorted((root / "chapters").glob(f"{entry['number']}_*/main.cpp"))
        page = f"chapters/{built[0].parent.name}/chapter" if built else ""
        rungs.append(Rung(entry["number"], entry["title"], entry["note"], entry["on"], page))
    return rungs


def _rail(side: int, y: float, height: float) -> float:
    """The x of a rail at height y: the two lean together towards the top."""
    return 104 + side * (36 + 18 * (y - TOP) / (height - TOP))


def draw(rungs: list[Rung], hrefs: dict[str, str] | None = None) -> str:
    """The <svg> element. Classes carry all colours; `hrefs` maps pages to links."""
    height = TOP + STEP * len(rungs) + 78
    foot = height - 86
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ladder" viewBox="0 0 {WIDTH} {height}" role="group" '
        f'aria-label="The ladder of {len(rungs)} chapters, from seven loops at its foot to the GPU\'s warps at its top">'
    ]
    parts += _loops(foot)
    parts += _threads(height)
    for side in (-1, 1):
        bottom, top = _rail(side, foot + 14, height), _rail(side, TOP - 14, height)
        middle = (bottom + top) / 2 + 1.6 * side
        parts.append(f'<path class="rail" d="M{bottom:.1f} {foot + 14} Q{middle:.1f} {(foot + TOP) / 2:.1f} {top:.1f} {TOP - 14}"/>')
    for index, rung in enumerate(rungs):
        parts += _rung(rung, TOP + STEP * (len(rungs) - index) - 36, height, index, (hrefs or {}).get(rung.page, ""))
    parts += _floors(rungs)
    parts.append(f'<path class="ground" d="M6 {foot + 15} Q200 {foot + 13} 640 {foot + 15}"/></svg>')
    return "\n".join(parts)


def _loops(foot: float) -> list[str]:
    """Seven loops, one in another, that the ladder stands on."""
    loops = []
    for i in range(7):
        radius = 12 + 13 * i
        loops.append(f'<path class="loop" d="M{104 - radius} {foot + 15} A{radius} {radius * 0.72:.1f} 0 0 0 {104 + radius} {foot + 15}"/>')
    return loops


def _threads(height: float) -> list[str]:
    """Thirty-two threads that leave the ladder's top side by side."""
    threads = []
    for i in range(32):
        x = 104 + (i - 15.5) * 5.6
        start = 104 + (i - 15.5) * 1.9
        threads.append(f'<path class="thread" d="M{start:.1f} {TOP - 8} C{start:.1f} {TOP - 34} {x:.1f} {TOP - 40} {x:.1f} {TOP - 62} V{12 + 3 * math.sin(i * 1.3):.1f}"/>')
    return threads


def _rung(rung: Rung, y: float, height: float, index: int, href: str) -> list[str]:
    state = "lit" if rung.page else "planned"
    left, right = _rail(-1, y, height) - 7, _rail(1, y, height) + 7
    sag = 1.5 + (index * 7 % 3) * 0.6
    title = f'<text class="rung-title" x="196" y="{y + 1:.0f}">{escape(rung.title)}</text>'
    if href:
        title = f'<a href="{escape(href)}">{title}</a>'
    note = rung.note if rung.page else f"{rung.note} (planned)"
    return [
        f'<g class="rung {state}">',
        f'<path class="bar" d="M{left:.1f} {y + sag / 2:.1f} Q104 {y + sag:.1f} {right:.1f} {y - sag / 2:.1f}"/>',
        f'<text class="rung-number" x="{left - 12:.1f}" y="{y + 6:.1f}" text-anchor="end">{int(rung.number)}</text>',
        title,
        f'<text class="rung-note" x="196" y="{y + 20:.0f}">{escape(note)}</text>',
        "</g>",
    ]


def _floors(rungs: list[Rung]) -> list[str]:
    """What the chapters run on, at the right edge."""
    names = {"CPU": "on the CPU", "GPU": "on one GPU", "GPUs": "many"}
    parts = []
    for name in dict.fromkeys(rung.on for rung in rungs):
        at = [i for i, rung in enumerate(rungs) if rung.on == name]
        low = TOP + STEP * (len(rungs) - at[0]) - 14
        high = TOP + STEP * (len(rungs) - at[-1]) - 56
        middle = (low + high) / 2
        parts.append(f'<path class="floor" d="M650 {high} h8 V{low} h-8"/>')
        parts.append(f'<text class="floor-name" transform="translate(680 {middle:.0f}) rotate(-90)" text-anchor="middle">{names[name]}</text>')
    return parts


_COLOURS = {
    "light": ("#24292e", "#5f6670", "#b9b4a6", "#0b62a8", "#c25a00"),
    "dark": ("#d9dee5", "#98a2b0", "#4a525e", "#6fb3f2", "#f0a04b"),
}


def standalone(rungs: list[Rung], theme: str) -> str:
    """The picture as a file of its own, for the README."""
    ink, faint, line, accent, warm = _COLOURS[theme]
    style = (
        f"text{{font-family:system-ui,'Segoe UI',Helvetica,Arial,sans-serif;fill:{ink};font-size:14px}}"
        f".rung-title{{font-size:18px;font-weight:600}}.rung-note,.floor-name{{fill:{faint}}}"
        f".rung-number{{font-size:17px;font-weight:600;fill:{faint}}}.lit .rung-number,.lit .rung-title{{fill:{accent}}}"
        f"path,ellipse{{fill:none;stroke-linecap:round}}.rail{{stroke:{ink};stroke-width:5}}"
        f".bar{{stroke:{line};stroke-width:4;stroke-dasharray:2 8}}.lit .bar{{stroke:{accent};stroke-width:8;stroke-dasharray:none}}"
        f".loop{{stroke:{accent};stroke-width:1.4;opacity:.55}}.thread{{stroke:{warm};stroke-width:1.4;opacity:.75}}"
        f".ground{{stroke:{faint};stroke-width:1.5}}.floor{{stroke:{line};stroke-width:1.5}}"
    )
    svg = draw(rungs)
    cut = svg.index(">") + 1
    return svg[:cut].replace('role="group"', 'role="img"') + f"<style>{style}</style>" + svg[cut:] + "\n"


def main() -> None:
    """Writes docs/static/ladder-light.svg and ladder-dark.svg."""
    root = Path(__file__).resolve().parents[3]
    for theme in _COLOURS:
        path = root / "docs" / "static" / f"ladder-{theme}.svg"
        path.write_text(standalone(read(root), theme), encoding="utf-8")


if __name__ == "__main__":
    main()
