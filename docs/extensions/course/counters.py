"""{counters-table}: the microscope's counts beside a GPU's, from
docs/results/<machine>/NN_counters.json; as long as there is no such record, the
microscope's alone, from docs/results/microscope/NN_counters.json.
{counters-reasons} and {counters}: how many kernels agree, and why others do not."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from .result_directives import store_of, words
from .results import ResultError, Store

logger = logging.getLogger(__name__)

SCHEMA = "loops-to-warps/counters/1"
MOST_NAME = 28  # letters
ALONE = "microscope"  # stands for a machine where no GPU has counted


def rows_of(record: dict[str, Any], exhibits: list[str]) -> list[dict[str, Any]]:
    """The kernels of these exhibits, in their order; of all when none is named."""
    kernels: list[dict[str, Any]] = record["kernels"]
    missing = [e for e in exhibits if e not in {k["exhibit"] for k in kernels}]
    if missing:
        raise ResultError(f"no counters of {', '.join(missing)}; there are: {', '.join(dict.fromkeys(k['exhibit'] for k in kernels))}")
    return [k for e in exhibits for k in kernels if k["exhibit"] == e] or kernels


def columns_of(rows: list[dict[str, Any]], wanted: list[str]) -> list[str]:
    """What any of the kernels counts; global before shared, load before store. Or what is
    wanted."""
    names = sorted({name for kernel in rows for name in kernel["counters"] if "gpu" in kernel["counters"][name] or "agrees" not in kernel})
    known = sorted({name for kernel in rows for name in kernel["counters"]})
    missing = [name for name in wanted if name not in known]
    if missing:
        raise ResultError(f"nothing counts {', '.join(missing)}; there are: {', '.join(known)}")
    return wanted or names


def table(rows: list[dict[str, Any]], names: list[str], caption: str) -> str:
    """A row for each kernel, a column for each of the names."""
    body = []
    for kernel in rows:
        cells = "".join(f"<td>{_cell(kernel['counters'].get(name))}</td>" for name in names)
        body.append(f'<tr><th scope="row" class="col-label">{_name(kernel["kernel"])}'
                    f'<span class="counter-exhibit">{escape(kernel["exhibit"])}</span></th>{cells}</tr>')
        if kernel.get("explanation"):
            body.append(f'<tr><td colspan="{len(names) + 1}" class="counter-why">{escape(kernel["explanation"])}</td></tr>')
    head = '<th class="col-label" scope="col">kernel</th>' + "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    return (f'<div class="table-wrapper"><table class="docutils results-table counters-table"><caption>{escape(caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>\n")


def _name(kernel: str) -> str:
    """Long template arguments would push the numbers off the page; they are told on demand."""
    if len(kernel) <= MOST_NAME:
        return f"<code>{escape(kernel)}</code>"
    return f'<code title="{escape(kernel)}">{escape(kernel.partition("<")[0])}&lt;\u2026&gt;</code>'


def _cell(count: dict[str, Any] | None) -> str:
    """The microscope's count on the left, the GPU's on the right where it has one."""
    if count is None:
        return "-"
    if "gpu" not in count:
        return f'{count["microscope"]:,}'
    sign = "=" if count["microscope"] == count["gpu"] else "\u2260"
    return f'{count["microscope"]:,}\u00a0{sign}\u00a0{count["gpu"]:,}'


def machine_with(store: Store, chapter: str) -> str:
    """The first machine whose GPU has counted this chapter's kernels."""
    return next((m for m in store.machines() if (store.folder / m / f"{chapter}_counters.json").is_file()), ALONE)


def read(store: Store, name: str) -> tuple[str, dict[str, Any]]:
    """The machine and the record of [MACHINE/]NN; OSError where there is none."""
    machine, _, chapter = name.rpartition("/")
    machine = machine or machine_with(store, chapter)
    path = store.folder / machine / f"{chapter}_counters.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    if record.get("schema") != SCHEMA:
        raise ResultError(f"{path.name} does not have the schema {SCHEMA!r}")
    return machine, record | {"path": str(path)}


def exact(kernel: dict[str, Any]) -> bool:
    """Whether each of its counts is the GPU's to the last one."""
    return all(c["microscope"] == c.get("gpu", c["microscope"]) for c in kernel["counters"].values())


# What {counters} can be asked for; of kernels, each counted in each of its exhibits.
QUESTIONS = {
    "all": lambda kernel: True,
    "exact": exact,
    "agree": lambda kernel: kernel["agrees"],
    "close": lambda kernel: kernel["agrees"] and not exact(kernel),
    "differ": lambda kernel: not kernel["agrees"],
}


def by_reason(record: dict[str, Any]) -> dict[str, list[str]]:
    """The names of the kernels, each once, that differ for each reason; the most first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kernel in record["kernels"]:
        for reason in kernel.get("reasons", []):
            found.setdefault(reason, []).append(kernel)
    return {reason: [k["kernel"].partition("<")[0] for k in kernels]
            for reason, kernels in sorted(found.items(), key=lambda item: -len(item[1]))}


class CountersRole(SphinxRole):
    """{counters}`[MACHINE/]NN | QUESTION`: of how many kernels that is true."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name, _, question = (part.strip() for part in self.text.partition("|"))
        try:
            if question not in QUESTIONS:
                raise ResultError(f"unknown question {question!r}; there are: {', '.join(QUESTIONS)}")
            _, record = read(store_of(self.env), name)
            if "gpu" not in record:
                raise ResultError(f"{name} has no GPU's counts")
        except OSError:
            logger.warning("counters: no recorded counters %s", name, location=self.get_location())
            return [nodes.inline("", "?", classes=["result", "missing"])], []
        except (ValueError, ResultError) as error:
            logger.warning("counters: %s", error, location=self.get_location())
            return [nodes.inline("", "?", classes=["result", "missing"])], []
        self.env.note_dependency(record["path"])
        return [nodes.inline("", f"{sum(map(QUESTIONS[question], record['kernels'])):,}", classes=["result"])], []


class CountersReasons(SphinxDirective):
    """``{counters-reasons} [MACHINE/]NN``: how many kernels differ for each reason, and which."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        try:
            machine, record = read(store_of(self.env), self.arguments[0])
        except OSError:
            logger.warning("counters-reasons: no recorded counters %s", self.arguments[0], location=self.get_location())
            return []
        except (ValueError, ResultError) as error:
            logger.warning("counters-reasons: %s", error, location=self.get_location())
            return []
        self.env.note_dependency(record["path"])
        rows = "".join(
            f'<tr><th scope="row" class="col-label">{escape(reason)}</th><td>{len(names)}</td>'
            f'<td class="col-label">{", ".join(f"<code>{escape(name)}</code>" for name in dict.fromkeys(names))}</td></tr>'
            for reason, names in by_reason(record).items())
        caption = f"Why counts differ from those of the GPU: {store_of(self.env).label(machine)}."
        return [nodes.raw("", (
            f'<div class="table-wrapper"><table class="docutils results-table counters-table"><caption>{escape(caption)}</caption>'
            '<thead><tr><th class="col-label" scope="col">reason</th><th scope="col">kernels</th>'
            f'<th class="col-label" scope="col">which</th></tr></thead><tbody>{rows}</tbody></table></div>\n'), format="html")]


class CountersTable(SphinxDirective):
    """``{counters-table} [MACHINE/]NN`` with perhaps :exhibits: NAME, ..., :counters: NAME,
    ... and :caption:."""

    required_arguments = 1
    option_spec = {"exhibits": words, "counters": directives.unchanged_required, "caption": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        store = store_of(self.env)
        try:
            machine, record = read(store, self.arguments[0])
            rows = rows_of(record, self.options.get("exhibits", []))
            wanted = [name.strip() for name in self.options.get("counters", "").split(",") if name.strip()]
            names = columns_of(rows, wanted)
        except OSError:
            logger.warning("counters-table: no recorded counters %s", self.arguments[0], location=self.get_location())
            return []
        except (ValueError, ResultError) as error:
            logger.warning("counters-table: %s", error, location=self.get_location())
            return []
        self.env.note_dependency(record["path"])
        beside = f"Left of the sign the microscope's count, right of it the GPU's: {store.label(machine)}."
        counted = "Counted by the microscope, on a CPU." if machine == ALONE else beside
        caption = self.options.get("caption", counted)
        return [nodes.raw("", table(rows, names, caption), format="html")]


def setup(app: Sphinx) -> None:
    """Registers the directives and the role."""
    app.add_directive("counters-table", CountersTable)
    app.add_directive("counters-reasons", CountersReasons)
    app.add_role("counters", CountersRole())
