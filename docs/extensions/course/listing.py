"""A box of source code: file name, line numbers, faint context, bright additions."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import PurePosixPath

import pygments
from docutils import nodes
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

LANGUAGES = {
    ".cpp": "c++", ".hpp": "c++", ".h": "c++", ".cu": "cuda", ".cuh": "cuda",
    ".py": "python", ".sh": "bash", ".cmake": "cmake", ".txt": "cmake", ".json": "json",
}


def language_of(name: str) -> str:
    """The Pygments lexer for a file name."""
    return LANGUAGES.get(PurePosixPath(name).suffix, "text")


def highlighted(text: tuple[str, ...], language: str) -> list[str]:
    """HTML of each line. The whole file is read at once, so that a comment that
    began above the shown lines keeps its colour."""
    lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    html = pygments.highlight("\n".join(text), lexer, HtmlFormatter(nowrap=True))
    return html.split("\n")


@dataclass
class Listing:
    """What a box shows. Line numbers count from 1 in `text`."""

    title: str
    text: tuple[str, ...]
    language: str
    lines: tuple[int, ...]
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()
    added: frozenset[int] = field(default_factory=frozenset)
    remark: str = ""  # plain text at the right of the bar
    identifier: str = ""
    line_anchors: bool = False


class listing_node(nodes.General, nodes.Element):
    """Holds a Listing's HTML with a place for the address of the file's page."""


HREF = "\0HREF\0"


def _line(number: int, html: str, classes: str, anchor: bool) -> str:
    identifier = f' id="L{number}"' if anchor else ""
    return f'<span class="{classes}" data-line="{number}"{identifier}>{html}</span>\n'


def render(listing: Listing) -> str:
    """The box as XHTML; HREF stands where the address of the file's page goes."""
    lines = highlighted(listing.text, listing.language)

    def block(numbers: tuple[int, ...]) -> str:
        return "".join(
            _line(n, lines[n - 1], "line added" if n in listing.added else "line", listing.line_anchors)
            for n in numbers
        )

    def context(numbers: tuple[int, ...]) -> str:
        if not numbers:
            return ""
        text = "".join(_line(n, escape(listing.text[n - 1]), "line", False) for n in numbers)
        return f'<pre class="context">{text}</pre>'

    identifier = f' id="{escape(listing.identifier)}"' if listing.identifier else ""
    first, last = (listing.lines[0], listing.lines[-1]) if listing.lines else (0, 0)
    where = f"line {first}" if first == last else f"lines {first}\u2013{last}"
    remark = f'<span class="listing-remark">{escape(listing.remark)}</span>' if listing.remark else ""
    changed = " listing-change" if listing.added else ""
    return (
        f'<figure class="listing{changed}"{identifier}>'
        f'<figcaption class="listing-bar"><span class="listing-file">{HREF}{escape(listing.title)}</a></span>'
        f'<span class="listing-lines">{where}</span>{remark}</figcaption>'
        f'<div class="listing-body"><div class="listing-width">{context(listing.before)}'
        f'<div class="highlight"><pre>{block(listing.lines)}</pre></div>'
        f"{context(listing.after)}</div></div></figure>\n"
    )


def make_node(listing: Listing, page: str = "") -> listing_node:
    """A node for `listing`; `page` is the docname of the file's own page."""
    node = listing_node()
    node["html"] = render(listing)
    node["page"] = page
    node["anchor"] = f"L{listing.lines[0]}" if listing.lines else ""
    return node


def visit_listing(self, node: listing_node) -> None:
    """Writes the box, linked to the file's page where there is one."""
    link = "<a>"
    page = node["page"]
    if page and page in self.builder.env.found_docs:
        uri = self.builder.get_relative_uri(self.builder.current_docname, page)
        link = f'<a href="{escape(uri)}#{node["anchor"]}">'
    self.body.append(node["html"].replace(HREF, link))
    raise nodes.SkipNode
