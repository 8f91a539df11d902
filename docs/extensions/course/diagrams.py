"""Hand-drawn SVG in the page: colours come from the page, so light and dark both fit."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from . import paths

logger = logging.getLogger(__name__)


def inline_svg(svg: str, alt: str, prefix: str) -> str:
    """The <svg> element of a file, named for screen readers, its ids made unique."""
    svg = re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<title>.*?</title>", "", svg, flags=re.S).strip()
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r'url\(#([^)]+)\)', rf"url(#{prefix}-\1)", svg)
    svg = re.sub(r'((?:xlink:)?href)="#([^"]+)"', rf'\1="#{prefix}-\2"', svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}"', 1)


class Diagram(SphinxDirective):
    """``{diagram} FILE.svg`` with :alt: and perhaps :caption: and :width:."""

    required_arguments = 1
    option_spec = {
        "alt": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "width": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        path: Path = paths.resolve(self.env, self.env.docname, self.arguments[0])
        self.env.note_dependency(str(path))
        if not self.options.get("alt"):
            logger.warning("diagram: %s has no :alt: text", path.name, location=self.get_location())
            return []
        try:
            svg = path.read_text(encoding="utf-8")
        except OSError:
            logger.warning("diagram: cannot read %s", paths.relative(self.env, path), location=self.get_location())
            return []
        prefix = re.sub(r"[^a-z0-9]+", "-", path.stem.lower())
        width = f' style="max-width: {escape(self.options["width"])}"' if "width" in self.options else ""
        caption = self.options.get("caption")
        figcaption = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
        html = (f'<figure class="diagram"><div class="diagram-drawing"{width}>'
                f'{inline_svg(svg, self.options["alt"], prefix)}</div>{figcaption}</figure>\n')
        return [nodes.raw("", html, format="html")]
