"""The directive {results-plot}."""

from __future__ import annotations

import hashlib
import os
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from .result_directives import SELECTION, select, store_of
from .results import ResultError

logger = logging.getLogger(__name__)

KINDS = ("bars", "roofline", "ladder", "curves")
NARROW = "(max-width: 34rem)"


class plot_node(nodes.General, nodes.Element):
    """A plot's files, caption and alternative text."""


class ResultsPlot(SphinxDirective):
    """``{results-plot} NN`` with :kind:, :alt: and what {results-table} takes."""

    required_arguments = 1
    option_spec = {
        **SELECTION,
        "kind": lambda argument: directives.choice(argument, KINDS),
        "value": directives.unchanged_required,
        "axis": directives.unchanged_required,
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
        value = self.options.get("value", "gflops")
        if value not in plots.UNITS:
            raise ResultError(f"unknown :value: {value!r}; known: {', '.join(plots.UNITS)}")
        axis = self.options.get("axis", "")
        store = store_of(self.env)
        series = [(run, store.label(run.machine), entries) for run, entries in select(self)]
        folder = Path(self.env.config.course_plots or Path(self.env.app.outdir).parent / "plots")
        key = hashlib.sha256(repr([
            kind, value, axis,
            [Path(plots.__file__).with_name(name).read_text(encoding="utf-8") for name in ("plots.py", "curves.py")],
            [(label, run.data.get("peaks"), entries) for run, label, entries in series],
        ]).encode()).hexdigest()[:16]
        for theme in plots.THEMES:
            for width in plots.WIDTHS:
                path = folder / f"{key}-{theme}-{width}.svg"
                if not path.is_file():
                    folder.mkdir(parents=True, exist_ok=True)
                    draft = path.with_suffix(".draft")
                    draft.write_text(plots.draw(kind, series, value, theme, width, axis), encoding="utf-8")
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
