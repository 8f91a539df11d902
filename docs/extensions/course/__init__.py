"""The course's own Sphinx extension. Each module says what it adds."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from . import (
    access_map, counters, coverage, diagrams, epub, exercises, home, katex, listing, options, plot_directive, region_directives,
    result_directives, step_through, theme,
)


def _read(app: Sphinx, doctree: Any) -> None:
    katex.render_page(app, doctree)


def _start(app: Sphinx) -> None:
    result_directives.setup_store(app)
    katex.add_style(app)


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers everything."""
    app.add_config_value("course_root", "", "env")
    app.add_config_value("course_default_machine", "epyc-2-cores", "env")
    app.add_config_value("course_plots", "", "env")
    app.add_config_value("course_machine_labels", {}, "env")

    app.add_node(listing.listing_node, html=(listing.visit_listing, None))
    app.add_node(coverage.details_node, html=(coverage.visit_details, coverage.depart_details))
    app.add_node(exercises.exercise_node, html=(exercises.visit_exercise, exercises.depart_exercise))
    app.add_node(coverage.colophon_node)

    app.add_directive("region", region_directives.RegionDirective)
    app.add_directive("complete-source", region_directives.CompleteSource)
    app.add_directive("chapter-colophon", coverage.Colophon)
    app.add_role("result", result_directives.ResultRole())
    app.add_directive("results-table", result_directives.ResultsTable)
    app.add_directive("transcript", result_directives.Transcript)
    app.add_directive("diagram", diagrams.Diagram)
    app.add_directive("exercise", exercises.Exercise)
    home.setup(app)
    plot_directive.setup(app)
    access_map.setup(app)
    step_through.setup(app)
    counters.setup(app)
    theme.setup(app)
    epub.setup(app)
    app.add_html_math_renderer("course-katex", (katex.visit_inline, None), (katex.visit_block, None))

    app.connect("builder-inited", _start)
    app.connect("source-read", coverage.append_colophon)
    app.connect("source-read", options.quote)
    app.connect("doctree-read", _read)
    app.connect("doctree-resolved", coverage.fill_colophons)
    app.connect("env-purge-doc", coverage.purge)
    app.connect("env-merge-info", coverage.merge)
    app.connect("env-check-consistency", lambda app, env: coverage.check(app, env))
    app.connect("build-finished", katex.copy_assets)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
