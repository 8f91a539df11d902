"""{access-map}: which memory one instruction of one warp touches, drawn from a trace."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from . import paths, traces
from .traces import BANKS, SECTOR, WORD, Request, TraceError

logger = logging.getLogger(__name__)

MOST_ROWS = 8
WORDS_OF_SECTOR = SECTOR // WORD


def sentence(request: Request) -> str:
    """What the picture shows, in words."""
    wanted = request.lanes * request.width
    lanes = f"{request.lanes} lanes {request.does} {request.width} bytes each"
    if request.array.shared:
        passes = "one pass" if request.passes == 1 else f"{request.passes} passes"
        return f"{lanes} in shared memory, which takes {passes}."
    count = len(request.sectors)
    sectors = "1 sector" if count == 1 else f"{count} sectors"
    return (f"{lanes}: {wanted:,} bytes asked for, {sectors} of {SECTOR} bytes touched, "
            f"{count * SECTOR:,} bytes moved.")


def _rows(request: Request, columns: int, most: int) -> tuple[list[int | None], int]:
    """Numbers of the rows to draw, None for a gap; and how many are left out."""
    touched = sorted({word // columns for word in request.words})
    rows: list[int | None] = []
    for row in touched[:most]:
        if rows and rows[-1] is not None and row > rows[-1] + 1:
            rows.append(None)
        rows.append(row)
    return rows, len(touched) - min(most, len(touched))


def draw(request: Request, alt: str, columns: int, cell: float, numbers: bool, most: int = MOST_ROWS) -> str:
    """The map as SVG: `columns` words a row, each word a square of `cell` px."""
    margin = 46 if columns == BANKS and cell > 15 else 36
    rows, left_out = _rows(request, columns, most)
    crowded = _crowded(request)
    body: list[str] = []
    y = 4.0
    if request.array.shared:
        step = 1 if numbers else 4
        body += [_text(margin + (c + 0.5) * cell, y + 10, str(c), "map-axis") for c in range(0, columns, step)]
        body.append(_text(margin - 6, y + 10, "bank", "map-axis", "end"))
        y += 17
    else:
        body.append(_text(margin - 6, y + 8, "byte", "map-axis", "end"))
        y += 13
    for row in rows:
        if row is None:
            body.append(_text(margin + columns * cell / 2, y + 9, "\u22ef", "map-axis"))
            y += 15
            continue
        body.append(_text(margin - 6, y + cell / 2 + 4, f"{row * columns * WORD:,}", "map-axis", "end"))
        body += _row(request, row, columns, cell, margin, y, numbers, crowded)
        y += cell + 5
    if left_out:
        more = f"and {left_out} more row{'s' if left_out > 1 else ''} like these"
        body.append(_text(margin + columns * cell / 2, y + 11, more, "map-axis"))
        y += 17
    width = margin + columns * cell + 2
    return (f'<svg role="img" aria-label="{escape(alt)}" viewBox="0 0 {width:g} {y:g}" class="access-map" '
            f'style="max-width: {width:g}px">{"".join(body)}</svg>')


def _crowded(request: Request) -> set[int]:
    """Banks that several words are wanted from."""
    if not request.array.shared:
        return set()
    banks = [word % BANKS for word in request.words]
    return {bank for bank in banks if banks.count(bank) > 1}


def _row(request: Request, row: int, columns: int, cell: float, left: float, y: float, numbers: bool,
         crowded: set[int]) -> list[str]:
    body: list[str] = []
    sectors = set(request.sectors)
    for first in range(0, columns, WORDS_OF_SECTOR):
        touched = (row * columns + first) // WORDS_OF_SECTOR in sectors and not request.array.shared
        body.append(f'<rect x="{left + first * cell + 1:g}" y="{y:g}" width="{WORDS_OF_SECTOR * cell - 2:g}" '
                    f'height="{cell:g}" rx="2" class="map-sector{" touched" if touched else ""}"/>')
    for column in range(columns):
        word = row * columns + column
        x = left + column * cell
        lanes = request.words.get(word)
        if lanes is None:
            body.append(f'<circle cx="{x + cell / 2:g}" cy="{y + cell / 2:g}" r="1.2" class="map-word"/>')
            continue
        kind = "map-lane crowded" if word % BANKS in crowded else "map-lane"
        body.append(f'<rect x="{x + 2:g}" y="{y + 1.5:g}" width="{cell - 4:g}" height="{cell - 3:g}" rx="2" class="{kind}"/>')
        if numbers:
            text = str(lanes[0]) if len(lanes) == 1 else f"{len(lanes)}\u00d7"
            body.append(_text(x + cell / 2, y + cell / 2 + 3.6, text, "map-number"))
    return body


def _text(x: float, y: float, text: str, kind: str, anchor: str = "middle") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" class="{kind}">{escape(text)}</text>'


def figure(request: Request, alt: str, caption: str, most: int, epub: bool) -> str:
    """Both widths of the map; the style sheet shows the one that suits the screen."""
    wide = draw(request, alt, 32, 21, True, most)
    drawings = f'<div class="map-wide">{wide}</div>'
    if not epub:
        shared = request.array.shared
        narrow = draw(request, alt, 32 if shared else 16, 9.6 if shared else 19, not shared, most)
        drawings += f'<div class="map-narrow">{narrow}</div>'
    return f'<figure class="access-map-figure">{drawings}<figcaption>{escape(caption)}</figcaption></figure>\n'


class AccessMap(SphinxDirective):
    """``{access-map} TRACE`` with :access: read NAME or write NAME, perhaps :number: of that
    request, :rows: to draw at most, :caption: and :alt: instead of what the trace says."""

    required_arguments = 1
    option_spec = {
        "access": directives.unchanged_required,
        "number": directives.positive_int,
        "rows": directives.positive_int,
        "caption": directives.unchanged_required,
        "alt": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        path = traces_folder(self.env) / f"{self.arguments[0]}.json"
        self.env.note_dependency(str(path))
        try:
            if "access" not in self.options:
                raise TraceError("an access map needs an :access:, as in 'read from'")
            request = traces.read(path).find(self.options["access"], self.options.get("number", 1))
        except TraceError as error:
            logger.warning("access-map: %s", error, location=self.get_location())
            return []
        said = sentence(request)
        return [nodes.raw("", figure(
            request, self.options.get("alt", said), self.options.get("caption", said),
            self.options.get("rows", MOST_ROWS), self.env.app.builder.name == "epub"), format="html")]


def traces_folder(env: Any) -> Any:
    """Where recorded traces lie."""
    return paths.root(env) / "docs" / "results" / "traces"


def setup(app: Sphinx) -> None:
    """Registers the directive and what it looks like."""
    app.add_directive("access-map", AccessMap)
    app.add_css_file("traces.css")
