"""Whole builds of a small site: what a page shows, and the faults that must fail a
strict build (one that treats each warning as an error)."""

import json
import shutil
import unittest
import zipfile

from small_site import Site


class SoundSite(unittest.TestCase):
    """One build, many looks."""

    @classmethod
    def setUpClass(cls) -> None:
        holder = cls("test_no_warning")
        cls.addClassCleanup(holder.doCleanups)
        cls.site = Site(holder)
        cls.html = cls.site.build()

    def test_no_warning(self) -> None:
        self.assertEqual(self.site.warnings, "")

    def test_region_shows_real_line_numbers_and_no_markers(self) -> None:
        self.assertIn('data-line="6"', self.html)
        self.assertIn("lines 6\u201315", self.html)
        self.assertNotIn("region loop", self.html)

    def test_region_links_to_the_complete_source(self) -> None:
        self.assertIn('href="../../sources/01_sample/sum.cpp.html#L6"', self.html)
        source = (self.site.root / "html/sources/01_sample/sum.cpp.html").read_text(encoding="utf-8")
        self.assertIn('id="L6"', source)
        self.assertIn("region loop", source)

    def test_context_is_apart_from_what_is_copied(self) -> None:
        self.assertIn('<pre class="context"><span class="line" data-line="15">}</span>', self.html)

    def test_change_marks_added_lines(self) -> None:
        self.assertIn('class="line added" data-line="20"', self.html)
        self.assertIn('class="line" data-line="25"', self.html)
        self.assertIn("against sum: 7 new, 6 gone", self.html)

    def test_results(self) -> None:
        self.assertIn('<span class="result">800\u00a0\u00b5s</span>', self.html)
        self.assertIn("<td class=\"col-speedup\">1.95\u00d7</td>", self.html)
        self.assertIn("./course run 1 --quick", self.html)

    def test_plots_for_light_and_dark_wide_and_narrow(self) -> None:
        names = {p.name.partition("-")[2].partition("-")[2] for p in (self.site.root / "html/_images").glob("plot-*.svg")}
        self.assertEqual(names, {f"{t}-{w}.svg" for t in ("light", "dark") for w in ("wide", "narrow")})
        self.assertIn('alt="Bars; eight lanes are the fastest."', self.html)
        self.assertIn('alt="Two lines."', self.html)

    def test_formulas_are_rendered_and_nothing_is_loaded(self) -> None:
        self.assertIn('class="katex"', self.html)
        self.assertNotIn("mathjax.js", self.html.lower())
        self.assertTrue(list((self.site.root / "html/_static/katex/fonts").glob("*.woff2")))

    def test_exercises(self) -> None:
        self.assertIn('id="exercise-sum-faster"', self.html)
        self.assertIn("./course check 1 sum-faster", self.html)
        self.assertIn("<summary>Second hint</summary>", self.html)
        self.assertIn("3 lines added to the skeleton", self.html)

    def test_colophon_lists_quiet_lines(self) -> None:
        self.assertIn("but for 1 of 18", self.html)

    def test_diagram_is_inline_and_named(self) -> None:
        self.assertIn('<svg role="img" aria-label="A square."', self.html)
        self.assertIn('marker id="fox-tip"', self.html)
        self.assertIn("url(#fox-tip)", self.html)


class ChangedSite(unittest.TestCase):
    """Builds of a site that somebody has changed, and rightly."""

    def setUp(self) -> None:
        self.site = Site(self)

    def test_lines_of_a_transcript(self) -> None:
        self.site.replace("chapter.md", "```{transcript} 01\n", "```{transcript} 01\n:matching: ^ok\n")
        html = self.site.build()
        self.assertEqual(self.site.warnings, "")
        self.assertIn("sum against float64", html)
        self.assertNotIn("that we planted", html)

    def test_pages_are_read_in_the_order_of_the_home_page(self) -> None:
        self.site.path("chapters/01_sample/after.md").write_text("# After\n", encoding="utf-8")
        self.site.append("docs/index.md", "\n```{toctree}\nchapters/01_sample/after\n```\n")
        html = self.site.build()
        self.assertEqual(self.site.warnings, "")
        self.assertNotIn("but for 1 of 18", html)  # it ends the last page
        last = (self.site.root / "html/chapters/01_sample/after.html").read_text(encoding="utf-8")
        self.assertIn("but for 1 of 18", last)


class PlantedFaults(unittest.TestCase):
    """Each fault alone makes the build warn, with a sentence that helps."""

    def setUp(self) -> None:
        self.site = Site(self)

    def assert_warns(self, *sentences: str) -> None:
        self.site.build("dummy")
        for sentence in sentences:
            self.assertIn(sentence, self.site.warnings)

    def test_unknown_region(self) -> None:
        self.site.replace("chapter.md", "sum.cpp pairs", "sum.cpp pears")
        self.assert_warns("chapters/01_sample/sum.cpp has no region 'pears'; did you mean 'pairs'", "chapter.md:")

    def test_unknown_file(self) -> None:
        self.site.replace("chapter.md", "sum.cpp pairs", "gone.cpp pairs")
        self.assert_warns("chapters/01_sample/gone.cpp: No such file")

    def test_region_that_is_never_closed(self) -> None:
        self.site.append("sum.cpp", "// region late\n")
        self.assert_warns("region 'late' is never closed")

    def test_line_that_no_page_shows(self) -> None:
        self.site.append("sum.cpp", "int hidden;\nint more;\n")
        self.assert_warns("coverage: chapters/01_sample/sum.cpp: no page shows lines 29-30")

    def test_file_that_no_page_shows(self) -> None:
        self.site.path("other.cu").write_text("int x;\n", encoding="utf-8")
        self.assert_warns("coverage: chapters/01_sample/other.cu: no page shows line 1")

    def test_complete_source_pages_do_not_count(self) -> None:
        self.site.replace("chapter.md", "```{region} sum.cpp sum\n```\n", "")
        self.assert_warns("no page shows lines 6-8, 10-12, 14-15")

    def test_too_many_quiet_lines(self) -> None:
        self.site.append("sum.cpp", "// region quiet: dull\nint one;\nint two;\n// endregion\n")
        self.assert_warns("coverage: chapters/01_sample: 3 of 20 lines are quiet (15.0 %), at most 10 % may be")

    def test_missing_result(self) -> None:
        self.site.replace("chapter.md", "[01:sum/plain.median_s] | time", "[01:sum/gone.median_s] | time")
        self.assert_warns("result: box/01 has no measurement 'sum/gone'", "chapter.md:3")

    def test_missing_row_of_a_table(self) -> None:
        self.site.replace("chapter.md", ":ids: sum/plain, sum/pairs", ":ids: sum/plain, sum/gone")
        self.assert_warns("results-table: no recorded run of chapter 01 has sum/gone")

    def test_missing_number_of_a_plot(self) -> None:
        path = self.site.path("docs/results/box/01.json")
        data = json.loads(path.read_text(encoding="utf-8"))
        data["measurements"][0]["flop"] = None
        path.write_text(json.dumps(data), encoding="utf-8")
        self.assert_warns("results-plot: box/01:sum/plain.flop is not a number")

    def test_plot_without_alternative_text(self) -> None:
        self.site.replace("chapter.md", ":alt: Bars; eight lanes are the fastest.\n", "")
        self.assert_warns("results-plot: a plot needs an :alt: text")

    def test_lines_of_values_that_are_no_list(self) -> None:
        self.site.replace("chapter.md", ":values: curve.loss", ":values: copies")
        self.assert_warns("results-plot: box/01: the value 'copies' is no list")

    def test_lines_of_lists_that_do_not_match(self) -> None:
        self.site.replace("chapter.md", ":over: curve.places", ":over: sizes.batch")
        self.assert_warns("results-plot: box/01: 'curve.loss' has 4 values, 'sizes.batch' has 2")

    def test_lines_on_an_unknown_scale(self) -> None:
        self.site.replace("chapter.md", ":scale: log-x", ":scale: sideways")
        self.assert_warns("results-plot: unknown :scale: 'sideways'; known: linear, log-x, log-y, log-log")

    def test_diagram_without_alternative_text(self) -> None:
        self.site.replace("chapter.md", ":alt: A square.\n", "")
        self.assert_warns("diagram: fox.svg has no :alt: text")

    def test_missing_transcript(self) -> None:
        self.site.path("docs/results/box/01.txt").unlink()
        self.assert_warns("transcript: no recorded run box/01.txt")

    def test_transcript_without_a_line_that_matches(self) -> None:
        self.site.replace("chapter.md", "```{transcript} 01\n", "```{transcript} 01\n:matching: nobody\n")
        self.assert_warns("transcript: no line of box/01.txt matches nobody")

    def test_formula_that_katex_refuses(self) -> None:
        self.site.append("chapter.md", "\n$\\frac{1}{$\n")
        self.assert_warns("katex: KaTeX parse error")

    def test_formula_is_named_with_its_page(self) -> None:
        self.site.replace("chapter.md", "k u /", "\\undefined")
        self.assert_warns("chapter.md", "Undefined control sequence: \\undefined")

    def test_exercise_without_solution(self) -> None:
        self.site.path("chapters/01_sample/exercises/warm-up/solution.md").unlink()
        self.assert_warns("exercise warm-up: solution.md is missing")

    def test_exercise_without_time(self) -> None:
        self.site.replace("chapters/01_sample/exercises/warm-up/exercise.md", "Time: 10 minutes", "")
        self.assert_warns("exercise warm-up: exercise.md has no line 'Time: 20 minutes'")

    def test_unknown_exercise(self) -> None:
        self.site.replace("chapter.md", "{exercise} warm-up", "{exercise} cool-down")
        self.assert_warns("exercise cool-down: there is no folder chapters/01_sample/exercises/cool-down")


class SecondPage(unittest.TestCase):
    """A chapter may go on on another page; both count as one."""

    def setUp(self) -> None:
        self.site = Site(self)
        self.site.replace("chapter.md", "```{region} sum.cpp sum\n```\n", "")
        self.site.append("docs/index.md", "\n```{toctree}\nchapters/01_sample/more\n```\n")

    def test_shows_what_the_first_does_not(self) -> None:
        self.site.path("more.md").write_text("# 1 · More\n\n```{region} sum.cpp sum\n```\n", encoding="utf-8")
        first = self.site.build()
        second = (self.site.root / "html/chapters/01_sample/more.html").read_text(encoding="utf-8")
        self.assertEqual(self.site.warnings, "")
        self.assertNotIn("The complete files", first)
        self.assertIn("The complete files", second)
        self.assertIn("is on its 2 pages, but for 1 of 18", second)

    def test_has_exercises_of_its_own(self) -> None:
        self.site.path("more.md").write_text(
            "# 1 · More\n\n```{region} sum.cpp sum\n```\n\n```{exercise} warm-up\n```\n", encoding="utf-8")
        self.site.build("dummy")
        self.assertEqual(self.site.warnings, "")

    def test_what_neither_shows_is_missed_once(self) -> None:
        self.site.path("more.md").write_text("# 1 · More\n", encoding="utf-8")
        self.site.build("dummy")
        self.assertEqual(self.site.warnings.count("no page shows lines 6-8, 10-12, 14-15"), 1)


class Rebuild(unittest.TestCase):
    def test_pages_whose_source_is_gone_go_too(self) -> None:
        site = Site(self)
        site.path("extra.cpp").write_text("", encoding="utf-8")
        site.build()
        page = site.root / "html/sources/01_sample/extra.cpp.html"
        self.assertTrue(page.is_file())
        site.path("extra.cpp").unlink()
        site.build()
        self.assertFalse(page.exists())


class OwnRun(unittest.TestCase):
    """The reader's own out/NN.json joins tables and plots."""

    def test_own_run_appears_beside_the_recorded_ones(self) -> None:
        site = Site(self)
        (site.root / "out").mkdir()
        shutil.copy(site.path("docs/results/other/01.json"), site.root / "out" / "01.json")
        html = site.build()
        self.assertEqual(site.warnings, "")
        self.assertIn("your machine", html)

    def test_own_run_is_never_required(self) -> None:
        site = Site(self)
        site.replace("chapter.md", ":ids: sum/plain, sum/pairs", ":ids: sum/plain\n:machines: box, yours")
        site.build("dummy")
        self.assertEqual(site.warnings, "")


class Epub(unittest.TestCase):
    def test_formulas_are_mathml(self) -> None:
        site = Site(self)
        html = site.build("epub")
        self.assertEqual(site.warnings, "")  # ill-formed pages would be named here
        with zipfile.ZipFile(next((site.root / "epub").glob("*.epub"))) as archive:
            self.assertRegex(archive.read("content.opf").decode(), r'chapter\.xhtml"[^>]*properties="mathml svg"')
            self.assertEqual(archive.infolist()[0].filename, "mimetype")
            self.assertEqual(archive.infolist()[0].compress_type, zipfile.ZIP_STORED)
        self.assertIn("<math xmlns", html)
        self.assertNotIn("katex-html", html)
        self.assertNotIn("-dark-", html)


if __name__ == "__main__":
    unittest.main()
