"""Formulas, rendered at build time by KaTeX: one process per page, not per formula.

HTML pages get KaTeX's HTML (with MathML for screen readers), EPUB gets MathML.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)

MODULES = ("/usr/share/nodejs/katex/dist/katex.js", "/usr/share/javascript/katex/katex.js")
STYLES = ("/usr/share/javascript/katex/katex.min.css", "/usr/share/nodejs/katex/dist/katex.min.css")
FONTS = ("/usr/share/fonts/truetype/katex",)

_SCRIPT = """
const katex = require(process.argv[1]);
const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
const render = (tex, displayMode, output) =>
  katex.renderToString(tex, {displayMode, output, throwOnError: true, strict: "error"});
process.stdout.write(JSON.stringify(formulas.map(([tex, display]) => {
  try {
    return {html: render(tex, display, "htmlAndMathml"), mathml: render(tex, display, "mathml")};
  } catch (error) {
    return {error: String(error.message)};
  }
})));
"""

Formula = tuple[str, bool]  # TeX, and whether it stands on its own


def first_existing(candidates: tuple[str, ...]) -> Path:
    """The first path that exists; raises ExtensionError."""
    for candidate in candidates:
        if Path(candidate).exists():
            return Path(candidate)
    raise ExtensionError(f"KaTeX is not installed (Debian: katex, fonts-katex); looked for {', '.join(candidates)}")


def render(formulas: list[Formula]) -> list[dict[str, str]]:
    """Renders all formulas in one process: {"html", "mathml"} or {"error"} each."""
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None:
        raise ExtensionError("Node.js is not installed; KaTeX renders the formulas with it")
    done = subprocess.run(
        [node, "-e", _SCRIPT, str(first_existing(MODULES))],
        input=json.dumps(formulas), capture_output=True, text=True, check=False,
    )
    if done.returncode != 0:
        raise ExtensionError(f"KaTeX: {done.stderr.strip()}")
    return json.loads(done.stdout)


def _tex(node: nodes.Node) -> str:
    tex = node.astext().strip()
    if "\\\\" in tex and "\\begin" not in tex:
        tex = "\\begin{split}" + tex + "\\end{split}"
    return tex


def _cache(env: BuildEnvironment) -> dict[Formula, dict[str, str]]:
    if not hasattr(env, "course_formulas"):
        env.course_formulas = {}
    return env.course_formulas


def render_page(app: Sphinx, doctree: nodes.document) -> None:
    """Renders all formulas of a page that has just been read."""
    found = [n for n in doctree.findall(lambda n: isinstance(n, (nodes.math, nodes.math_block)))]
    cache = _cache(app.env)
    wanted: list[Formula] = []
    for node in found:
        formula = (_tex(node), isinstance(node, nodes.math_block))
        if formula not in cache and formula not in wanted:
            wanted.append(formula)
    rendered = dict(zip(wanted, render(wanted))) if wanted else {}
    for node in found:
        formula = (_tex(node), isinstance(node, nodes.math_block))
        if "error" in rendered.get(formula, {}):
            logger.warning("katex: %s", rendered[formula]["error"], location=node)
    cache.update({f: r for f, r in rendered.items() if "error" not in r})


def _markup(self, node: nodes.Node, display: bool) -> str:
    rendered = _cache(self.builder.env).get((_tex(node), display))
    if rendered is None:
        return f"<code>{escape(_tex(node))}</code>"
    return rendered["mathml" if self.builder.name == "epub" else "html"]


def visit_inline(self, node: nodes.math) -> None:
    """Writes a formula within a line."""
    self.body.append(f'<span class="math">{_markup(self, node, False)}</span>')
    raise nodes.SkipNode


def visit_block(self, node: nodes.math_block) -> None:
    """Writes a formula of its own, with its number where it has one."""
    number = ""
    if node.get("number"):
        number = f'<span class="eqno">({node["number"]})</span>'
    identifiers = "".join(f'<span id="{escape(i)}"></span>' for i in node["ids"])
    self.body.append(f'<div class="math math-block">{identifiers}{_markup(self, node, True)}{number}</div>\n')
    raise nodes.SkipNode


def copy_assets(app: Sphinx, exception: Exception | None) -> None:
    """Puts KaTeX's style sheet and fonts beside the pages."""
    if exception or app.builder.name != "html":
        return
    target = Path(app.outdir) / "_static" / "katex"
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(first_existing(STYLES), target / "katex.min.css")
    for font in first_existing(FONTS).glob("*.woff2"):
        shutil.copyfile(font, target / "fonts" / font.name)


def add_style(app: Sphinx) -> None:
    """Links the style sheet from the pages (not from the EPUB)."""
    if app.builder.name == "html":
        app.add_css_file("katex/katex.min.css")
