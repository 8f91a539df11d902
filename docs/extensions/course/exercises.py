"""The directive {exercise}: statement, collapsed hints, skeleton, collapsed solution."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from . import paths, regions
from .coverage import details_node
from .listing import Listing, make_node

logger = logging.getLogger(__name__)

_TIME = re.compile(r"^Time:\s*(?P<time>.+?)\s*$", re.M)


class ExerciseError(Exception):
    """An exercise folder that lacks something."""


@dataclass(frozen=True)
class Statement:
    """exercise.md, taken apart."""

    title: str
    time: str
    body: str


def read_statement(text: str) -> Statement:
    """Splits exercise.md into title, time and the rest."""
    match = re.match(r"\s*# (?P<title>.+?)\s*\n(?P<rest>.*)", text, re.S)
    if not match:
        raise ExerciseError("exercise.md does not begin with '# Title'")
    rest = match["rest"]
    time = _TIME.search(rest)
    if not time:
        raise ExerciseError("exercise.md has no line 'Time: 20 minutes'")
    return Statement(match["title"], time["time"], rest[: time.start()] + rest[time.end():])


def read_hints(text: str) -> list[tuple[str, str]]:
    """Splits hints.md into (title, body); each '## Title' opens a hint."""
    parts = re.split(r"^## +(.+?)\s*$", text, flags=re.M)
    return list(zip(parts[1::2], parts[2::2]))


def _language(name: str) -> str:
    return "cuda" if name.endswith(".cu") else "c++"


class exercise_node(nodes.General, nodes.Element):
    """The box around one exercise."""


def visit_exercise(self, node: exercise_node) -> None:
    """Opens the box and writes its heading."""
    slug = escape(node["slug"])
    self.body.append(
        f'<section class="exercise" id="exercise-{slug}" aria-labelledby="exercise-{slug}-title">'
        f'<div class="exercise-head"><h3 id="exercise-{slug}-title">{escape(node["title"])}'
        f'<a class="headerlink" href="#exercise-{slug}" title="Permalink to this exercise">#</a></h3>'
        f'<span class="exercise-time">{escape(node["time"])}</span></div>\n')


def depart_exercise(self, node: exercise_node) -> None:
    """Closes the box."""
    self.body.append("</section>\n")


class Exercise(SphinxDirective):
    """``{exercise} SLUG`` shows chapters/NN/exercises/SLUG/."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        try:
            return [self._box()]
        except (ExerciseError, OSError) as error:
            logger.warning("exercise %s: %s", self.arguments[0], error, location=self.get_location())
            return []

    def _read(self, folder: Path, name: str, required: bool = True) -> str:
        path = folder / name
        if not path.is_file():
            if required:
                raise ExerciseError(f"{name} is missing")
            return ""
        self.env.note_dependency(str(path))
        return path.read_text(encoding="utf-8")

    def _prose(self, text: str, parent: nodes.Element) -> None:
        lines = text.strip("\n").split("\n")
        content = StringList(lines, source=self.env.doc2path(self.env.docname))
        self.state.nested_parse(content, self.content_offset, parent)

    def _box(self) -> nodes.Node:
        slug = self.arguments[0]
        chapter = paths.chapter_of(self.env.docname)
        folder = paths.root(self.env) / "chapters" / chapter / "exercises" / slug
        if not folder.is_dir():
            raise ExerciseError(f"there is no folder {paths.relative(self.env, folder)}")
        statement = read_statement(self._read(folder, "exercise.md"))
        number = int(chapter[:2])
        box = exercise_node(slug=slug, title=statement.title, time=statement.time)
        self._prose(statement.body, box)

        ending = "cu" if (folder / "skeleton.cu").is_file() else "cpp"
        skeleton = self._read(folder, f"skeleton.{ending}", required=False)
        if skeleton:
            box += self._code_part(skeleton, f"exercises/{chapter[:2]}/{slug}.{ending}", number, slug)
        for title, body in read_hints(self._read(folder, "hints.md")):
            box += self._details(escape(title), body, "hint")
        solution = self._details("Solution", self._read(folder, "solution.md"), "solution")
        if skeleton:
            solution.insert(0, self._solution(skeleton, self._read(folder, f"solution.{ending}"), ending))
        box += solution
        return box

    def _details(self, summary: str, body: str, kind: str) -> nodes.Element:
        box = details_node(summary=summary, classes=[kind])
        self._prose(re.sub(r"\A\s*# .*\n", "", body), box)
        return box

    def _code_part(self, skeleton: str, target: str, number: int, slug: str) -> list[nodes.Node]:
        command = f"./course check {number} {slug}"
        text = tuple(skeleton.splitlines())
        details = details_node(summary=f"Skeleton: <code>{escape(target)}</code>", classes=["skeleton"])
        details += make_node(Listing(target, text, _language(target), tuple(range(1, len(text) + 1))))
        run = nodes.raw("", f'<p class="exercise-command"><span>Check it with</span> <code>{escape(command)}</code></p>',
                        format="html")
        return [run, details]

    def _solution(self, skeleton: str, solution: str, ending: str) -> nodes.Node:
        name = f"solution.{ending}"
        old, new = skeleton.splitlines(), solution.splitlines()
        added = frozenset(i + 1 for i in regions.added_lines(old, new))
        lines = "1 line" if len(added) == 1 else f"{len(added)} lines"
        how = "new or changed" if "// mend this" in skeleton else "added to the skeleton"
        return make_node(Listing(name, tuple(new), _language(name), tuple(range(1, len(new) + 1)), added=added,
                                 remark=f"{lines} {how}"))
