"""The role {result} and the directives {results-table} and {transcript}."""

from __future__ import annotations

import re
from html import escape
from typing import Any, Callable

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from . import paths
from .results import OWN, ResultError, Run, Store, format_time, significant

logger = logging.getLogger(__name__)


def store_of(env: BuildEnvironment) -> Store:
    """The recorded runs of this build."""
    store = getattr(env.app, "course_store", None)
    if store is None:
        root = paths.root(env)
        store = Store(
            root / "docs" / "results", root / "out",
            env.config.course_default_machine, dict(env.config.course_machine_labels),
        )
        env.app.course_store = store
    return store


class ResultRole(SphinxRole):
    """A number from the recorded runs: {result}`EXPR | FORMAT`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            text, files = store_of(self.env).evaluate(self.text)
        except ResultError as error:
            logger.warning("result: %s", error, location=self.get_location())
            return [nodes.inline("", "?", classes=["result", "missing"])], []
        for file in files:
            self.env.note_dependency(str(file))
        return [nodes.inline("", text, classes=["result"])], []


def words(argument: str) -> list[str]:
    """An option that lists things, separated by commas or blanks."""
    return [word for word in argument.replace(",", " ").split() if word]


SELECTION = {
    "ids": words, "group": directives.unchanged_required, "ladder": directives.flag,
    "machines": words,
}


def select(directive: SphinxDirective) -> list[tuple[Run, list[dict[str, Any]]]]:
    """The runs and measurements that a table or plot asks for, machine by machine.

    Each id must exist on at least one machine; the reader's own run is added
    where there is one, and never required. Raises ResultError.
    """
    store = store_of(directive.env)
    chapter = directive.arguments[0]
    asked = directive.options.get("machines")
    names = list(asked) if asked else [m for m in store.machines() if store.has(m, chapter)]
    if not names:
        raise ResultError(f"no machine has recorded chapter {chapter}")
    if not asked or OWN not in asked:
        if store.has(OWN, chapter) and not asked:
            names.append(OWN)
    chosen: list[tuple[Run, list[dict[str, Any]]]] = []
    found: set[str] = set()
    for name in names:
        try:
            run = store.run(name, chapter)
        except ResultError:
            if name == OWN:
                continue
            raise
        directive.env.note_dependency(str(store.path(name, chapter)))
        entries = _entries(run, directive)
        if name != OWN:
            found |= {entry["id"] for entry in entries}
        if entries:
            chosen.append((run, entries))
    missing = [i for i in directive.options.get("ids", []) if i not in found]
    if missing:
        raise ResultError(f"no recorded run of chapter {chapter} has {', '.join(missing)}")
    if not found:
        raise ResultError(f"nothing to show for chapter {chapter}")
    return chosen


def _entries(run: Run, directive: SphinxDirective) -> list[dict[str, Any]]:
    entries = [e for e in run.data.get("measurements", []) if e.get("median_s")]
    ids = directive.options.get("ids")
    if "ladder" in directive.options or directive.options.get("kind") == "ladder" and not ids:
        ids = run.data.get("ladder", [])
    if ids:
        return [e for i in ids for e in entries if e["id"] == i]
    group = directive.options.get("group")
    return [e for e in entries if e.get("group") == group] if group else entries


def _cell(run: Run, entry: dict[str, Any], name: str) -> str:
    try:
        return significant(run.field(entry, name))
    except ResultError:
        return "\u2013"


def _spread(run: Run, entry: dict[str, Any]) -> str:
    try:
        low, high, middle = (run.field(entry, n) for n in ("q1_s", "q3_s", "median_s"))
        return f"\u00b1{significant(50 * (high - low) / middle, 2)} %"
    except ResultError:
        return "\u2013"


Column = tuple[str, Callable[[Run, dict[str, Any], dict[str, Any]], str]]
COLUMNS: dict[str, Column] = {
    "label": ("", lambda run, e, base: str(e.get("label", e["id"]))),
    "threads": ("threads", lambda run, e, base: "\u2013" if e.get("device") == "gpu" else str(e.get("threads", 1))),
    "device": ("on", lambda run, e, base: str(e.get("device", "cpu")).upper()),
    "time": ("time", lambda run, e, base: format_time(e["median_s"])),
    "spread": ("spread", lambda run, e, base: _spread(run, e)),
    "minimum": ("fastest", lambda run, e, base: format_time(e["minimum_s"])),
    "repetitions": ("runs", lambda run, e, base: str(e["repetitions"])),
    "gflops": ("GFLOP/s", lambda run, e, base: _cell(run, e, "gflops")),
    "gbs": ("GB/s", lambda run, e, base: _cell(run, e, "gbs")),
    "intensity": ("FLOP/byte", lambda run, e, base: _cell(run, e, "intensity")),
    "percent_of_peak": ("% of peak", lambda run, e, base: _cell(run, e, "percent_of_peak")),
    "percent_of_bandwidth": ("% of bandwidth", lambda run, e, base: _cell(run, e, "percent_of_bandwidth")),
    "percent_of_roof": ("% of roof", lambda run, e, base: _cell(run, e, "percent_of_roof")),
    "speedup": ("speed-up", lambda run, e, base: significant(base["median_s"] / e["median_s"]) + "\u00d7"),
}


class ResultsTable(SphinxDirective):
    """Measurements of a chapter as a table, one block of rows per machine."""

    required_arguments = 1
    option_spec = {**SELECTION, "columns": words, "baseline": directives.unchanged_required,
                   "caption": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        try:
            html = self._table()
        except (ResultError, KeyError) as error:
            logger.warning("results-table: %s", error, location=self.get_location())
            return []
        return [nodes.raw("", html, format="html")]

    def _table(self) -> str:
        columns = self.options.get("columns", ["label", "time", "spread", "gflops", "percent_of_peak", "speedup"])
        for name in columns:
            if name not in COLUMNS:
                raise ResultError(f"unknown column {name!r}; known: {', '.join(COLUMNS)}")
        chosen = select(self)
        head = "".join(
            f'<th scope="col" class="col-{n}">{escape(COLUMNS[n][0]) or "<span class=visually-hidden>what</span>"}</th>'
            .replace("class=visually-hidden", 'class="visually-hidden"') for n in columns
        )
        body = "".join(self._machine(run, entries, columns) for run, entries in chosen)
        caption = f"<caption>{escape(self.options['caption'])}</caption>" if "caption" in self.options else ""
        return (f'<div class="table-wrapper results"><table class="docutils results-table">{caption}'
                f"<thead><tr>{head}</tr></thead>{body}</table></div>\n")

    def _machine(self, run: Run, entries: list[dict[str, Any]], columns: list[str]) -> str:
        base = entries[0]
        if "baseline" in self.options:
            base = run.measurement(self.options["baseline"])
        label = escape(store_of(self.env).label(run.machine))
        rows = "".join(
            "<tr>" + "".join(
                (f'<th scope="row" class="col-{n}">' if n == "label" else f'<td class="col-{n}">')
                + escape(COLUMNS[n][1](run, entry, base))
                + ("</th>" if n == "label" else "</td>")
                for n in columns) + "</tr>"
            for entry in entries)
        mode = " (quick run)" if run.data.get("mode") == "quick" else ""
        return (f'<tbody><tr class="machine-row"><th scope="rowgroup" colspan="{len(columns)}">'
                f"{label}{mode}</th></tr>{rows}</tbody>")


class Transcript(SphinxDirective):
    """A program's real output in a run box: ``{transcript} NN [machine]``, perhaps only the
    lines in which a regular expression is found: ``:matching:``."""

    required_arguments = 1
    optional_arguments = 1
    option_spec = {"matching": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        store = store_of(self.env)
        machine = self.arguments[1] if len(self.arguments) > 1 else store.default_machine
        path = store.path(machine, self.arguments[0]).with_suffix(".txt")
        self.env.note_dependency(str(path))
        try:
            command, _, output = path.read_text(encoding="utf-8").partition("\n")
        except OSError:
            logger.warning("transcript: no recorded run %s/%s", machine, path.name, location=self.get_location())
            return []
        lines = [line for line in output.strip("\n").split("\n") if re.search(self.options.get("matching", ""), line)]
        if not lines:
            logger.warning("transcript: no line of %s/%s matches %s", machine, path.name, self.options["matching"],
                           location=self.get_location())
        return [nodes.raw("", run_box(command, "\n".join(lines), store.label(machine)), format="html")]


def run_box(command: str, output: str, machine: str) -> str:
    """The run box: the command, where it ran, and what it printed."""
    command = command.removeprefix("$ ")
    lines = "\n".join(_transcript_line(line) for line in output.split("\n"))
    return (f'<figure class="run-box"><figcaption class="run-bar"><code class="run-command">{escape(command)}</code>'
            f'<span class="run-machine">{escape(machine)}</span></figcaption>'
            f'<div class="run-output"><pre>{lines}</pre></div></figure>\n')


def _transcript_line(line: str) -> str:
    text = escape(line)
    for word, style in (("ok ", "run-ok"), ("FAILED", "run-failed"), ("failed", "run-failed")):
        if text.lstrip().startswith(word):
            return text.replace(word.strip(), f'<span class="{style}">{word.strip()}</span>', 1)
    return text


def setup_store(app: Sphinx) -> None:
    """A new build reads the runs anew."""
    app.course_store = None
