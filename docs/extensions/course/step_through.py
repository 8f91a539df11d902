"""{step-through}: a recorded launch, played in the page one instruction at a time.

The page gets the picture of one step, drawn here, and what happens in the others, as
JSON; docs/static/step-through.js moves on from there. Without scripts, and in the
EPUB, the picture stays.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import escape
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from . import traces
from .access_map import traces_folder
from .traces import Array, Request, Trace, TraceError

logger = logging.getLogger(__name__)

CELL = 24
_LEGEND = ('<p class="step-legend"><span class="step-key reading"></span>read now <span class="step-key writing"></span>written now '
           '<span class="step-key filled"></span>written before; in shared memory with the number of the element it holds '
           '<span class="step-key followed"></span>by the chosen thread</p>')
_SHAPE = re.compile(r"^(?P<name>\w+) (?P<rows>\d+)x(?P<columns>\d+)$")


@dataclass(frozen=True)
class Step:
    """What one warp does, or that all wait for each other (`request` is None)."""

    line: int
    request: Request | None
    text: str
    elements: tuple[int | None, ...] = ()  # of the array, for each thread of the block
    origins: tuple[str, ...] = ()  # of a write: which element each thread carries there

    def data(self, arrays: list[Array]) -> dict[str, Any]:
        """For the script."""
        if self.request is None:
            return {"line": self.line, "text": self.text, "does": "wait"}
        return {"line": self.line, "text": self.text, "does": self.request.does, "array": arrays.index(self.request.array),
                "elements": self.elements, "origins": self.origins}


def steps_of(trace: Trace, blocks: int) -> list[Step]:
    """The first blocks' requests, with the barriers between them."""
    chosen = sorted({r.block for r in trace.requests}, key=lambda b: b[::-1])[:blocks]
    steps: list[Step] = []
    for block in chosen:
        before: Request | None = None
        read: Request | None = None
        for request in (r for r in trace.requests if r.block == block):
            if before is not None and request.meetings > before.meetings:
                line = _barrier_after(trace, before.line)
                steps.append(Step(line, None, "__syncthreads(): all threads of the block have arrived; on they go."))
            copied = read if read is not None and read.line == request.line and read.warp == request.warp else None
            steps.append(_step(trace, request, copied))
            before = request
            read = request if request.does == "read" else None
    return steps


def _barrier_after(trace: Trace, line: int) -> int:
    """The next line with a barrier, in the loop's next turn perhaps."""
    lines = list(range(line + 1, trace.first_line + len(trace.source))) + list(range(trace.first_line, line))
    return next((n for n in lines if "__syncthreads" in trace.text(n)), line)


def _step(trace: Trace, request: Request, copied: Request | None) -> Step:
    threads = trace.block[0] * trace.block[1] * trace.block[2]
    elements: list[int | None] = [None] * threads
    origins = [""] * threads
    for lane, place in enumerate(request.places):
        thread = request.warp * 32 + lane
        elements[thread] = None if place is None else place // request.width
        if copied is not None and request.does == "write" and copied.places[lane] is not None:
            origins[thread] = str(copied.places[lane] // copied.width)
    return Step(request.line, request, _sentence(request), tuple(elements),
                tuple(origins) if any(origins) else ())


def _sentence(request: Request) -> str:
    verb = {"read": "read", "write": "write", "atomic": "update"}[request.does]
    count = len({place for place in request.places if place is not None})
    same = "" if count == request.lanes else f", {count} different"
    if request.array.shared:
        cost = "1 pass" if request.passes == 1 else f"{request.passes} passes"
    else:
        cost = "1 sector" if len(request.sectors) == 1 else f"{len(request.sectors)} sectors"
    memory = "shared" if request.array.shared else "global"
    elements = "element" if request.lanes == 1 else "elements"
    return f"{request.lanes} threads {verb} {request.lanes} {elements} of {request.array.name}{same}: {cost} of {memory} memory."


def shapes_of(text: str, trace: Trace) -> dict[str, tuple[int, int]]:
    """"a 8x8, tile 4x4": rows and columns of every array."""
    shapes = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        match = _SHAPE.match(part)
        if not match:
            raise TraceError(f"{part!r} is no shape; write NAME ROWSxCOLUMNS")
        shapes[match["name"]] = (int(match["rows"]), int(match["columns"]))
    missing = {a.name for a in trace.arrays} - set(shapes)
    if missing:
        raise TraceError(f"{trace.name}: the shape of {', '.join(sorted(missing))} is missing")
    return shapes


@dataclass
class Scene:
    """The picture after some step."""

    trace: Trace
    shapes: dict[str, tuple[int, int]]
    steps: list[Step]
    at: int  # number of the step, from 0
    follow: int = 0  # the thread with the ring

    def html(self, playable: bool, caption: str, alt: str) -> str:
        """The whole figure."""
        step = self.steps[self.at]
        arrays = sorted(self.trace.arrays, key=lambda a: list(self.shapes).index(a.name))
        drawings = "".join([self._threads(), *(self._array(a) for a in arrays)])
        data = controls = ""
        if playable:
            content = {"first": self.trace.first_line, "source": [t.strip() for t in self.trace.source], "at": self.at,
                       "block": self.trace.block, "arrays": [[a.name, self.shapes[a.name][1]] for a in arrays], "steps": [s.data(arrays) for s in self.steps]}
            data = f'<script type="application/json">{json.dumps(content, separators=(",", ":")).replace("<", chr(92) + "u003c")}</script>'
            controls = _controls(len(self.steps), self.trace.block, self.follow)
        return (f'<figure class="step-through" role="group" aria-label="{escape(alt)}">'
                f'<div class="step-line" tabindex="0" role="group" aria-label="line of the source">'
                f'<span class="step-number">{step.line}</span><code>{escape(self.trace.text(step.line))}</code></div>'
                f'<div class="step-scene">{drawings}</div>'
                f'<p class="step-text" aria-live="polite">{escape(f"Step {self.at + 1} of {len(self.steps)}: {step.text}")}</p>'
                f'{controls}{_LEGEND if playable else ""}<figcaption>{escape(caption)}</figcaption>{data}</figure>\n')

    def _threads(self) -> str:
        width, height = self.trace.block[0], self.trace.block[1] * self.trace.block[2]
        step = self.steps[self.at]
        busy = {t for t, e in enumerate(step.elements) if e is not None}
        cells = [_cell(t, width, str(t), "busy" if t in busy else "", t == self.follow) for t in range(width * height)]
        return _panel("threads", "threads", width, height, "".join(cells), "threads of a block")

    def _array(self, array: Array) -> str:
        rows, columns = self.shapes[array.name]
        labels = [str(i) if not array.shared else "" for i in range(rows * columns)]
        kinds = [""] * (rows * columns)
        for number, step in enumerate(self.steps[:self.at + 1]):
            if step.request is None or step.request.array != array:
                continue
            for thread, element in enumerate(step.elements):
                if element is None or element >= rows * columns:
                    continue
                if step.request.does != "read":
                    kinds[element] = "filled"
                    if array.shared and step.origins:
                        labels[element] = step.origins[thread]
                if number == self.at:
                    kinds[element] += " reading" if step.request.does == "read" else " writing"
        now = self.steps[self.at]
        followed = now.elements[self.follow] if now.request is not None and now.request.array == array else None
        cells = [_cell(i, columns, labels[i], kinds[i].strip(), i == followed) for i in range(rows * columns)]
        space = "shared" if array.shared else "global"
        return _panel(array.name, space, columns, rows, "".join(cells), f"{array.name}, {rows} by {columns}, in {space} memory")


def _cell(index: int, columns: int, label: str, kind: str, followed: bool) -> str:
    x, y = index % columns * CELL, index // columns * CELL
    classes = " ".join(filter(None, ("step-cell", kind, "followed" if followed else "")))
    return (f'<g class="{classes}" transform="translate({x} {y})"><rect x="1.5" y="1.5" width="{CELL - 3}" height="{CELL - 3}" rx="3"/>'
            f'<text x="{CELL / 2:g}" y="{CELL / 2 + 3.7:g}" text-anchor="middle">{label}</text></g>')


def _panel(name: str, space: str, columns: int, rows: int, cells: str, alt: str) -> str:
    note = "" if space == name else f' <span class="step-space">{space}</span>'
    return (f'<div class="step-panel step-{space}"><div class="step-name">{escape(name)}{note}</div>'
            f'<svg role="img" aria-label="{escape(alt)}" viewBox="0 0 {columns * CELL} {rows * CELL}" '
            f'style="--columns: {columns}">{cells}</svg></div>')


def _controls(count: int, block: tuple[int, ...], follow: int) -> str:
    """Hidden until the script that works them is there."""
    threads = block[0] * block[1] * block[2]
    options = "".join(f'<option value="{t}"{" selected" if t == follow else ""}>{t}</option>' for t in range(threads))
    return ('<div class="step-controls" hidden>'
            '<button type="button" class="step-back" aria-label="one step back">\u25c0</button>'
            '<button type="button" class="step-play" aria-label="play">\u25b6\u25b6</button>'
            '<button type="button" class="step-on" aria-label="one step on">\u25b6</button>'
            f'<input type="range" class="step-range" min="1" max="{count}" value="1" aria-label="step"/>'
            f'<label>thread <select class="step-follow" aria-label="thread to follow">{options}</select></label></div>')


class StepThrough(SphinxDirective):
    """``{step-through} TRACE`` with :shapes: NAME ROWSxCOLUMNS, ... of all arrays, in the order
    in which they are drawn; perhaps :blocks: to play (1), :still: the step that is drawn where
    nothing moves (1), :follow: the thread with the ring (0), :caption: and :alt:."""

    required_arguments = 1
    option_spec = {
        "shapes": directives.unchanged_required,
        "blocks": directives.positive_int,
        "still": directives.positive_int,
        "follow": directives.nonnegative_int,
        "caption": directives.unchanged_required,
        "alt": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        path = traces_folder(self.env) / f"{self.arguments[0]}.json"
        self.env.note_dependency(str(path))
        try:
            trace = traces.read(path)
            steps = steps_of(trace, self.options.get("blocks", 1))
            still = self.options.get("still", 1)
            if not 1 <= still <= len(steps):
                raise TraceError(f"{trace.name} has {len(steps)} steps, not {still}")
            follow = self.options.get("follow", 0)
            if follow >= trace.block[0] * trace.block[1] * trace.block[2]:
                raise TraceError(f"{trace.name} has no thread {follow}")
            scene = Scene(trace, shapes_of(self.options.get("shapes", ""), trace), steps, still - 1, follow)
        except TraceError as error:
            logger.warning("step-through: %s", error, location=self.get_location())
            return []
        alt = self.options.get("alt", f"{trace.kernel}, one instruction at a time")
        caption = self.options.get("caption", "")
        playable = self.env.app.builder.name != "epub"
        return [nodes.raw("", scene.html(playable, caption, alt), format="html")]


def setup(app: Sphinx) -> None:
    """Registers the directive and its script."""
    app.add_directive("step-through", StepThrough)
    app.add_js_file("step-through.js")
