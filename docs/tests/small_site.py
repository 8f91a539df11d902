"""A small site in a temporary folder, for the tests to damage and build."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent
FIXTURE = Path(__file__).resolve().parent / "fixtures" / "site"
sys.path.insert(0, str(DOCS))
sys.path.insert(0, str(DOCS / "extensions"))

from sphinx.application import Sphinx  # noqa: E402
from sphinx.util.docutils import docutils_namespace, patch_docutils  # noqa: E402

from course import staging  # noqa: E402

# Most tests draw the same plots, so they are drawn once for all of them.
PLOTS = tempfile.TemporaryDirectory()

SETTINGS = {
    "project": "A small site",
    "copyright": "nobody",
    "version": "1",
    "course_plots": PLOTS.name,
    "extensions": ["myst_parser", "sphinxcontrib.bibtex", "course"],
    "myst_enable_extensions": ["dollarmath"],
    "html_math_renderer": "course-katex",
    "html_theme": "basic",
    "course_default_machine": "box",
    "bibtex_bibfiles": [str(DOCS / "references.bib")],
    "suppress_warnings": ["bibtex"],
}
CHAPTER = "chapters/01_sample/chapter"


class Site:
    """A copy of the fixture, in a folder of its own."""

    def __init__(self, test: unittest.TestCase) -> None:
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "site"
        shutil.copytree(FIXTURE, self.root)
        self.warnings = ""

    def path(self, name: str) -> Path:
        """A file of the copy; bare names are the chapter's."""
        return self.root / name if "/" in name else self.root / "chapters/01_sample" / name

    def replace(self, name: str, old: str, new: str) -> None:
        """Damages one file."""
        text = self.path(name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        self.path(name).write_text(text.replace(old, new, 1), encoding="utf-8")

    def append(self, name: str, text: str) -> None:
        """Adds to the end of one file."""
        with self.path(name).open("a", encoding="utf-8") as file:
            file.write(text)

    def build(self, builder: str = "html") -> str:
        """Builds; returns the chapter's HTML ("dummy" only reads the pages).
        self.warnings has what a strict build would fail on."""
        staging.stage(self.root, self.root / "source")
        warning = io.StringIO()
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                str(self.root / "source"), None, str(self.root / builder), str(self.root / "doctrees"), builder,
                confoverrides={**SETTINGS, "course_root": str(self.root)},
                status=io.StringIO(), warning=warning, freshenv=True,
            )
            app.build()
        self.warnings = warning.getvalue()
        pages = list((self.root / builder).rglob("chapter.*html"))
        return pages[0].read_text(encoding="utf-8") if pages else ""
