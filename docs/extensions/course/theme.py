"""Small repairs to the theme, so that the pages work from a folder, offline.

Debian ships furo's parts unbundled: a script that imports another one, which
browsers refuse to do for files, and a style sheet that imports from the root of a
web server. Other editions of furo need none of this and are left alone.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

NORMALIZE = Path("/usr/share/javascript/normalize.css/normalize.css")
_IMPORT_STYLE = re.compile(r"@import url\(/javascript/normalize\.css/normalize\.css\);")
_IMPORT_SCRIPT = re.compile(r"^import Gumshoe from \"\./gumshoe-patched\.js\";\s*$", re.M)


def bundle_script(script: str, gumshoe: str) -> str:
    """Both scripts as one; `script` itself where it imports nothing."""
    if not _IMPORT_SCRIPT.search(script):
        return script
    return f"{gumshoe}\n(function () {{\n{_IMPORT_SCRIPT.sub('', script)}\n}})();\n"


def localise_style(style: str) -> str:
    """Imports normalize.css from beside the style sheet."""
    return _IMPORT_STYLE.sub("@import url(normalize.css);", style)


def mend(app: Sphinx, exception: Exception | None) -> None:
    """Repairs the theme's files among the built pages."""
    static = Path(app.outdir) / "_static"
    script = static / "scripts" / "furo.js"
    if exception or app.builder.name != "html" or not script.is_file():
        return
    gumshoe = script.with_name("gumshoe-patched.js")
    if gumshoe.is_file():
        script.write_text(bundle_script(script.read_text(encoding="utf-8"), gumshoe.read_text(encoding="utf-8")),
                          encoding="utf-8")
    style = static / "styles" / "furo.css"
    text = style.read_text(encoding="utf-8")
    if localise_style(text) != text:
        shutil.copyfile(NORMALIZE, style.with_name("normalize.css"))
        style.write_text(localise_style(text), encoding="utf-8")


def mend_roles(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """For screen readers: a heading needs a level, and a list of citations holds no
    list items."""
    for name in ("furo_navigation_tree", "body"):
        if context.get(name):
            text = context[name].replace('role="heading">', 'role="heading" aria-level="2">')
            context[name] = text.replace('<div role="list" class="citation-list">', '<div class="citation-list">')


def remove_old_pages(app: Sphinx, exception: Exception | None) -> None:
    """Pages whose source is gone go too; Sphinx itself leaves them."""
    if exception or app.builder.name != "html":
        return
    out = Path(app.outdir)
    for folder in ("api", "chapters", "sources"):
        for page in (out / folder).rglob("*.html"):
            if page.relative_to(out).as_posix().removesuffix(".html") not in app.env.found_docs:
                page.unlink()


def open_citations(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """docutils opens a list before the first citation of several, but takes the last
    for the neighbour of the first where nothing stands before it."""
    for citation in list(doctree.findall(nodes.citation)):
        if citation.parent.index(citation) == 0:
            citation.parent.insert(0, nodes.raw("", "", format="html"))


def setup(app: Sphinx) -> None:
    """Registers the repairs."""
    app.connect("doctree-resolved", open_citations)
    app.connect("html-page-context", mend_roles, priority=900)
    app.connect("build-finished", remove_old_pages)
    app.connect("build-finished", mend)
