"""The directive {results-plot}."""

from __future__ import annotations

import hashlib
import os
from html import escape
from pathlib import Path
from typing import Any, Callable

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from .result_directives import SELECTION, select, store_of
from .results import ResultError

logger = logging.getLogger(__name__)

KINDS = ("bars", "roofline", "ladder", "curves", "lines", "points")
NARROW = "(max-width: 34rem)"


class plot_node(nodes.General, nodes.Element):
    """A plot's files, caption and alternative text."""


class ResultsPlot(SphinxDirective):
    """``{results-plot} NN`` with :kind:, :alt: and what {results-table} takes.

    Lines take lists of values instead: :values: KEY as NAME, KEY as NAME; :over: KEY
    of the places; :axis: and :unit: in words; :scale: linear, log-x, log-y or log-log.

    Points take beginnings of keys, :things: KEY as NAME, and ends, :values: KEY as GROUP;
    :over: is the end of the key of their place. The rest is as for lines.

    Bars of single values, computed as {result} does: :rows: EXPR | FORMAT as GROUP: NAME,
    with a semicolon between two of them; :unit: in words; :scale: linear or log-x.
    """

    required_arguments = 1
    option_spec = {
        **SELECTION,
        "kind": lambda argument: directives.choice(argument, KINDS),
        "value": directives.unchanged_required,
        "axis": directives.unchanged_required,
        "values": directives.unchanged_required,
        "things": directives.unchanged_required,
        "rows": directives.unchanged_required,
        "over": directives.unchanged_required,
        "unit": directives.unchanged_required,
        "scale": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "alt": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        try:
            return [self._plot()]
        except ResultError as error:
            logger.warning("results-plot: %s", error, location=self.get_location())
            return []

    def _plot(self) -> nodes.Node:
        from . import plots  # matplotlib is slow to load, and many builds draw nothing

        if not self.options.get("alt"):
            raise ResultError("a plot needs an :alt: text")
        kind = self.options.get("kind", "bars")
        if kind in ("lines", "points"):
            return self._draw(*self._lines(kind))
        if kind == "bars" and "rows" in self.options:
            return self._draw(*self._value_bars())
        value = self.options.get("value", "gflops")
        if value not in plots.UNITS:
            raise ResultError(f"unknown :value: {value!r}; known: {', '.join(plots.UNITS)}")
        axis = self.options.get("axis", "")
        store = store_of(self.env)
        series = [(run, store.label(run.machine), entries) for run, entries in select(self)]
        return self._draw(
            [kind, value, axis, [(label, run.data.get("peaks"), entries) for run, label, entries in series]],
            lambda theme, width: plots.draw(kind, series, value, theme, width, axis))

    def _lines(self, kind: str) -> tuple[list[Any], Callable[[str, str], str]]:
        """What lines or points are drawn from, and how."""
        from . import lines, plots, points

        scale = self.options.get("scale", "linear")
        if scale not in lines.SCALES:
            raise ResultError(f"unknown :scale: {scale!r}; known: {', '.join(lines.SCALES)}")
        store = store_of(self.env)
        machines = self.options.get("machines", [store.default_machine])
        if len(machines) != 1:
            raise ResultError(f"{kind} show one machine: name it in :machines:")
        run = store.run(machines[0], self.arguments[0])
        self.env.note_dependency(str(store.path(machines[0], self.arguments[0])))
        over = self.options.get("over", "")
        edges = lines.Axes(over, self.options.get("axis", ""), self.options.get("unit", ""), scale)
        if kind == "points":
            pairs = points.points_of(run, self.options.get("things", ""), self.options.get("values", ""), over)
            return [pairs, edges], lambda theme, width: plots.draw_value_points(pairs, edges, theme, width)
        drawn = lines.lines_of(run, self.options.get("values", ""), over)
        return [drawn, edges], lambda theme, width: plots.draw_values(drawn, edges, theme, width)

    def _value_bars(self) -> tuple[list[Any], Callable[[str, str], str]]:
        """What bars of single values are drawn from, and how."""
        from . import plots, value_bars

        scale = self.options.get("scale", "linear")
        if scale not in value_bars.SCALES:
            raise ResultError(f"unknown :scale: {scale!r}; known: {', '.join(value_bars.SCALES)}")
        rows, files = value_bars.bars_of(store_of(self.env), self.options["rows"])
        for file in files:
            self.env.note_dependency(str(file))
        unit = self.options.get("unit", "")
        return [rows, unit, scale], lambda theme, width: plots.draw_value_bars(rows, unit, scale, theme, width)

    def _draw(self, shown: list[Any], draw: Callable[[str, str], str]) -> nodes.Node:
        """The plot in every theme and width; drawn anew only where it would change."""
        from . import plots

        folder = Path(self.env.config.course_plots or Path(self.env.app.outdir).parent / "plots")
        code = [Path(plots.__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
                for name in ("plots", "curves", "labels", "lines", "points", "value_bars")]
        key = hashlib.sha256(repr([shown, code]).encode()).hexdigest()[:16]
        for theme in plots.THEMES:
            for width in plots.WIDTHS:
                path = folder / f"{key}-{theme}-{width}.svg"
                if not path.is_file():
                    folder.mkdir(parents=True, exist_ok=True)
                    draft = path.with_suffix(f".{os.getpid()}.draft")
                    draft.write_text(draw(theme, width), encoding="utf-8")
                    os.replace(draft, path)
        node = plot_node(key=key, alt=self.options["alt"], caption=self.options.get("caption", ""))
        node["folder"] = str(folder)
        return node


def _image(self, node: plot_node, theme: str) -> str:
    prefix = f"{self.builder.imgpath}/plot-{node['key']}-{theme}"
    alt = escape(node["alt"])
    if self.builder.name == "epub":
        return f'<img src="{prefix}-wide.svg" alt="{alt}"/>'
    return (f'<picture class="plot-{theme}"><source media="{NARROW}" srcset="{prefix}-narrow.svg"/>'
            f'<img src="{prefix}-wide.svg" alt="{alt}"/></picture>')


def visit_plot(self, node: plot_node) -> None:
    """Writes the figure; the style sheet shows the one that suits the page."""
    themes = ("light",) if self.builder.name == "epub" else ("light", "dark")
    widths = ("wide",) if self.builder.name == "epub" else ("wide", "narrow")
    for theme in themes:
        for width in widths:
            source = Path(node["folder"]) / f"{node['key']}-{theme}-{width}.svg"
            name = f"plot-{source.name}"
            target = Path(self.builder.outdir) / self.builder.imagedir / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    images = "".join(_image(self, node, theme) for theme in themes)
    caption = f"<figcaption>{escape(node['caption'])}</figcaption>" if node["caption"] else ""
    self.body.append(f'<figure class="plot">{images}{caption}</figure>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Registers the node and the directive."""
    app.add_node(plot_node, html=(visit_plot, None))
    app.add_directive("results-plot", ResultsPlot)
