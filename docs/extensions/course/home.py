"""What only the home page and the results page need: {ladder}, {run-box}, {machines}."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from . import ladder, paths
from .result_directives import store_of
from .results import OWN, ResultError, Run, Store, format_bytes, significant


class ladder_node(nodes.General, nodes.Element):
    """The place of the ladder; drawn when the pages' addresses are known."""


class Ladder(SphinxDirective):
    """``{ladder}``: the chapters as one picture."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(paths.root(self.env) / "docs" / "ladder.json"))
        self.env.note_reread()  # a chapter may have been added
        return [ladder_node()]


def visit_ladder(self, node: ladder_node) -> None:
    """Draws it, with links to the chapters that exist."""
    rungs = ladder.read(paths.root(self.builder.env))
    here = self.builder.current_docname
    links = {r.page: self.builder.get_relative_uri(here, r.page) for r in rungs if r.page in self.builder.env.found_docs}
    self.body.append(f'<figure class="ladder-figure">{ladder.draw(rungs, links)}</figure>\n')
    raise nodes.SkipNode


class RunBox(SphinxDirective):
    """``{run-box} COMMAND`` with a sentence on what it does."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        html = (f'<figure class="run-box"><figcaption class="run-bar"><code class="run-command">'
                f'{escape(self.arguments[0])}</code></figcaption>'
                f'<p class="run-note">{escape(" ".join(self.content))}</p></figure>\n')
        return [nodes.raw("", html, format="html")]


class Machines(SphinxDirective):
    """``{machines}``: the machines with recorded runs, the reader's last."""

    def run(self) -> list[nodes.Node]:
        store = store_of(self.env)
        self.env.note_reread()
        cards = [self._card(store, m, store.chapters(m)) for m in store.machines()]
        own = [f"{n:02}" for n in range(1, 100) if store.has(OWN, f"{n:02}")]
        if own:
            cards.append(self._card(store, OWN, own))
        if not cards:
            return [nodes.paragraph("", "No run is recorded yet.")]
        return [nodes.raw("", f'<div class="machines">{"".join(cards)}</div>\n', format="html")]

    def _card(self, store: Store, machine: str, chapters: list[str]) -> str:
        run = store.run(machine, chapters[-1])
        rows = "".join(
            f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in describe(run, chapters) if text)
        return f'<section class="machine"><h3>{escape(store.label(machine))}</h3><dl>{rows}</dl></section>'


def describe(run: Run, chapters: list[str]) -> list[tuple[str, str]]:
    """The rows of a machine's card; what is not recorded is left out."""
    machine: dict[str, Any] = run.data.get("machine", {})
    cpu: dict[str, Any] = machine.get("cpu") or {}
    gpu: dict[str, Any] = machine.get("gpu") or {}
    provenance: dict[str, Any] = run.data.get("provenance", {})

    def rate(name: str, unit: str) -> str:
        try:
            return f"{significant(run.peak(name) / 1e9)}\u00a0{unit}"
        except ResultError:
            return ""

    def rates(prefix: str, arithmetic: str) -> str:
        return ", ".join(t for t in (rate(f"{prefix}_{arithmetic}", "GFLOP/s"), rate(f"{prefix}_bytes_per_s", "GB/s")) if t)

    memory = machine.get("memory_bytes")
    graphics = f"{gpu.get('name', '')}, driver {gpu.get('driver', '?')}" if gpu else ""
    model = ", ".join(str(t) for t in (cpu.get("model"), f"{cpu.get('cores')} cores", cpu.get("isa")) if t)
    return [
        ("Processor", model),
        ("Memory", format_bytes(memory) if memory else ""),
        ("GPU", graphics or f"none: {machine.get('gpu_absent_because')}" if machine.get("gpu_absent_because") or graphics else ""),
        ("One thread, measured", rates("cpu_1", "flops")),
        ("All threads, measured", rates("cpu_all", "flops")),
        ("GPU, measured", rates("gpu", "fp32_flops") if not gpu else ", ".join(
            t for t in (rate("gpu_fp32_flops", "GFLOP/s"), rate("gpu_bytes_per_s", "GB/s")) if t)),
        ("System", str(machine.get("system", ""))),
        ("Compiler", f"{provenance.get('compiler', '')} {provenance.get('flags', '')}".strip()),
        ("Recorded", f"{str(provenance.get('date', ''))[:10]}, commit {str(provenance.get('commit', ''))[:12]}"),
        ("Chapters", ", ".join(str(int(c)) for c in chapters)),
    ]


def setup(app: Sphinx) -> None:
    """Registers both directives."""
    app.add_node(ladder_node, html=(visit_ladder, None))
    app.add_directive("ladder", Ladder)
    app.add_directive("run-box", RunBox)
    app.add_directive("machines", Machines)
