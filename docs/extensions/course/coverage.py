"""Every line of a chapter's sources is shown on one of the chapter's pages, or is quiet.

Quiet lines are at most one in ten of a chapter and are listed at the end of its
last page. The pages of complete sources do not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from . import paths, regions
from .listing import Listing, language_of, make_node

logger = logging.getLogger(__name__)

QUIET_LIMIT = 0.10


def _shown(env: BuildEnvironment) -> dict[str, dict[str, set[int]]]:
    if not hasattr(env, "course_shown"):
        env.course_shown = {}
    return env.course_shown


def note_shown(env: BuildEnvironment, docname: str, file: str, lines: tuple[int, ...]) -> None:
    """Remembers that the page `docname` shows these lines of `file`."""
    _shown(env).setdefault(docname, {}).setdefault(file, set()).update(lines)


def _shown_by(env: BuildEnvironment, pages: list[str], file: str) -> set[int]:
    return set().union(*(_shown(env).get(page, {}).get(file, set()) for page in pages))


@dataclass(frozen=True)
class FileCoverage:
    """One source file, seen from its chapter's page."""

    file: str
    total: int
    quiet: tuple[int, ...]
    missing: tuple[int, ...]


def examine(source: regions.SourceFile, shown: set[int]) -> FileCoverage:
    """Compares a file's lines with those that are shown."""
    code = source.code_lines()
    quiet = {n for r in source.regions if r.quiet for n in r.lines} & code
    return FileCoverage(
        source.name,
        len(code),
        tuple(sorted(quiet - shown)),
        tuple(sorted(code - shown - quiet)),
    )


def complaints(files: list[FileCoverage], chapter: str) -> list[str]:
    """What is wrong with a chapter's coverage, one sentence each."""
    found = [
        f"{file.file}: no page shows line{'s' if len(file.missing) > 1 else ''} "
        f"{regions.ranges(list(file.missing))}"
        for file in files
        if file.missing
    ]
    total = sum(file.total for file in files)
    quiet = sum(len(file.quiet) for file in files)
    if quiet > QUIET_LIMIT * total:
        where = "; ".join(f"{f.file} {regions.ranges(list(f.quiet))}" for f in files if f.quiet)
        found.append(
            f"chapters/{chapter}: {quiet} of {total} lines are quiet ({100 * quiet / total:.1f} %), "
            f"at most {100 * QUIET_LIMIT:.0f} % may be: {where}"
        )
    return found


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Warns, and so fails a strict build, about lines that no page shows."""
    for chapter in sorted({paths.chapter_of(docname) for docname in env.found_docs} - {""}):
        pages = paths.pages_of(env, chapter)
        docname = pages[0]
        files = []
        for path in paths.chapter_sources(paths.root(env) / "chapters" / chapter):
            name = paths.relative(env, path)
            try:
                files.append(examine(regions.load(path, name), _shown_by(env, pages, name)))
            except regions.RegionError as error:
                logger.warning("region: %s", error, location=docname)
        for sentence in complaints(files, chapter):
            logger.warning("coverage: %s", sentence, location=docname)


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forgets what a page showed before it is read again."""
    _shown(env).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    """Takes over what a parallel reader saw."""
    for docname in docnames:
        if docname in _shown(other):
            _shown(env)[docname] = _shown(other)[docname]


def append_colophon(app: Sphinx, docname: str, source: list[str]) -> None:
    """Ends every chapter with the list of its files and its quiet lines."""
    chapter = paths.chapter_of(docname)
    if chapter and paths.pages_of(app.env, chapter)[-1] == docname:
        source[0] = source[0].rstrip() + "\n\n```{chapter-colophon}\n```\n"


class colophon_node(nodes.General, nodes.Element):
    """Becomes the list of a chapter's files once all regions are known."""


class details_node(nodes.General, nodes.Element):
    """A collapsed box: summary, then anything."""


def visit_details(self, node: details_node) -> None:
    """Opens the box."""
    self.body.append(f'<details class="{" ".join(node["classes"])}"><summary>{node["summary"]}</summary>\n')


def depart_details(self, node: details_node) -> None:
    """Closes the box."""
    self.body.append("</details>\n")


class Colophon(SphinxDirective):
    """Placed at the end of each chapter by append_colophon."""

    def run(self) -> list[nodes.Node]:
        chapter = paths.chapter_of(self.env.docname)
        for path in paths.chapter_sources(paths.root(self.env) / "chapters" / chapter):
            self.env.note_dependency(str(path))
        return [colophon_node(chapter=chapter)]


def fill_colophons(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replaces the placeholder by the files and their quiet lines."""
    for placeholder in list(doctree.findall(colophon_node)):
        placeholder.replace_self(_colophon(app.env, docname, placeholder["chapter"]))


def _colophon(env: BuildEnvironment, docname: str, chapter: str) -> nodes.Node:
    box = nodes.container(classes=["colophon"])
    files = nodes.bullet_list(classes=["source-files"])
    quiet_boxes: list[nodes.Node] = []
    total = quiet_total = 0
    pages = paths.pages_of(env, chapter)
    for path in paths.chapter_sources(paths.root(env) / "chapters" / chapter):
        name = paths.relative(env, path)
        try:
            source = regions.load(path, name)
        except regions.RegionError:
            continue
        seen = examine(source, _shown_by(env, pages, name))
        total += seen.total
        quiet_total += len(seen.quiet)
        files += nodes.list_item("", nodes.paragraph("", "", _link(env, docname, path.name, name)))
        quiet_boxes += _quiet_listings(source, seen, name, path)
    if total == 0:
        return box
    where = "on this page" if len(pages) == 1 else f"on its {len(pages)} pages"
    summary = f"Every line of this chapter is {where}, but for {quiet_total} of {total} that would only bore"
    box += nodes.paragraph("", "The complete files: ", classes=["colophon-title"])
    box += files
    if quiet_boxes:
        details = details_node(summary=summary, classes=["quiet-lines"])
        details += quiet_boxes
        box += details
    return box


def _quiet_listings(source: regions.SourceFile, seen: FileCoverage, name: str, path: Path) -> list[nodes.Node]:
    found: list[nodes.Node] = []
    for region in source.regions:
        lines = source.shown(region)
        if region.quiet and set(lines) & set(seen.quiet):
            found.append(make_node(
                Listing(path.name, source.text, language_of(path.name), lines, remark=region.why_quiet),
                paths.source_page(name)))
    return found


def _link(env: BuildEnvironment, docname: str, text: str, name: str) -> nodes.Node:
    page = paths.source_page(name)
    code = nodes.literal(text, text)
    if page not in env.found_docs:
        return code
    uri = env.app.builder.get_relative_uri(docname, page)
    return nodes.reference("", "", code, internal=True, refuri=uri)
