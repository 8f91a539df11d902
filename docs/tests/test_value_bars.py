"""Bars of single values: what they are made of, and that they are drawn."""

import unittest
from pathlib import Path

import small_site
from course import plots, results, value_bars

STORE = (small_site.FIXTURE / "docs" / "results", Path("/nowhere"), "box")


class ValueBars(unittest.TestCase):
    def setUp(self) -> None:
        self.store = results.Store(*STORE)

    def bars(self, text: str) -> list[value_bars.Bar]:
        return value_bars.bars_of(self.store, text)[0]

    def test_a_value_its_text_and_its_group(self) -> None:
        bars = self.bars("[01:sum/plain.median_s] | time as ours: CPU; 2 * [01:values.copies] | int as theirs")
        self.assertEqual([bar.value for bar in bars], [8e-4, 34])
        self.assertEqual([bar.text for bar in bars], ["800\u00a0\u00b5s", "34"])
        self.assertEqual([bar.label for bar in bars], ["ours: CPU", "theirs"])
        self.assertEqual([bar.group for bar in bars], ["ours", ""])

    def test_pages_depend_on_the_files(self) -> None:
        files = value_bars.bars_of(self.store, "[other/01:sum/gpu.median_s] as x; [01:values.copies] as y")[1]
        self.assertEqual(len(files), 2)

    def test_what_cannot_be_drawn_is_refused(self) -> None:
        for text in ("", "[01:values.copies]", "[01:sum/plain.label] as text", "[01:values.nothing] as x"):
            with self.subTest(text), self.assertRaises(results.ResultError):
                self.bars(text)

    def test_drawn_in_every_theme_and_width(self) -> None:
        bars = self.bars("[01:values.copies] as ours: one; 100 as theirs: two")
        for scale in value_bars.SCALES:
            for theme in plots.THEMES:
                for width in plots.WIDTHS:
                    self.assertTrue(plots.draw_value_bars(bars, "copies", scale, theme, width).startswith("<svg"))

    def test_no_logarithm_of_nothing(self) -> None:
        with self.assertRaises(results.ResultError):
            plots.draw_value_bars(self.bars("0 as none"), "", "log-x", "light", "wide")


if __name__ == "__main__":
    unittest.main()
