"""The directives {region} and {complete-source}."""

from __future__ import annotations

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from . import coverage, paths, regions
from .listing import Listing, language_of, make_node

logger = logging.getLogger(__name__)


class RegionDirective(SphinxDirective):
    """Shows a named region of a source file: ``{region} FILE NAME``."""

    required_arguments = 2
    optional_arguments = 0
    option_spec = {
        "context": directives.nonnegative_int,
        "compared-with": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        try:
            return [self._listing()]
        except regions.RegionError as error:
            logger.warning("region: %s", error, location=self.get_location())
            return []

    def _load(self, name: str) -> tuple[regions.SourceFile, str]:
        path = paths.resolve(self.env, self.env.docname, name)
        self.env.note_dependency(str(path))
        relative = paths.relative(self.env, path)
        return regions.load(path, relative), relative

    def _listing(self) -> nodes.Node:
        file_name, region_name = self.arguments
        source, relative = self._load(file_name)
        region = source.region(region_name)
        lines = source.shown(region)
        if not lines:
            raise regions.RegionError(f"{relative}: region {region_name!r} is empty")
        coverage.note_shown(self.env, self.env.docname, relative, region.lines)

        added: frozenset[int] = frozenset()
        remark = ""
        if "compared-with" in self.options:
            added, remark = self._compare(source, lines)
        before, after = source.context(lines, self.options.get("context", 1))
        title = relative if file_name.startswith("/") else file_name
        return make_node(
            Listing(title, source.text, language_of(file_name), lines, before, after, added, remark,
                    identifier=f"{file_name.strip('/').replace('/', '-').replace('.', '-')}-{region_name}"),
            paths.source_page(relative),
        )

    def _compare(self, source: regions.SourceFile, lines: tuple[int, ...]) -> tuple[frozenset[int], str]:
        words = self.options["compared-with"].split()
        if len(words) != 2:
            raise regions.RegionError("compared-with takes a file and a region")
        other, _ = self._load(words[0])
        old_lines = other.shown(other.region(words[1]))
        old = [other.text[n - 1] for n in old_lines]
        new = [source.text[n - 1] for n in lines]
        added = regions.added_lines(old, new)
        gone = len(regions.added_lines(new, old))
        remark = f"against {words[1]}: {len(added)} new, {gone} gone"
        return frozenset(lines[i] for i in added), remark


class CompleteSource(SphinxDirective):
    """A whole file with its markers, every line an anchor: ``{complete-source} PATH``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        path = paths.resolve(self.env, self.env.docname, self.arguments[0])
        self.env.note_dependency(str(path))
        text = tuple(path.read_text(encoding="utf-8").splitlines())
        numbers = tuple(range(1, len(text) + 1))
        return [make_node(Listing(paths.relative(self.env, path), text, language_of(path.name),
                                  numbers, line_anchors=True))]
