"""Points of recorded values: whose they are, where they lie, and that they are drawn."""

import unittest

import small_site  # noqa: F401  (puts the extension on the path)
from course import labels, plots, points
from course.lines import SCALES, Axes
from course.results import ResultError, Run

VALUES = {"a.size": 10, "a.said": 1, "a.found": 2, "b.size": 1000, "b.found": 4, "c.size": 7}
RUN = Run("box", "01", {"values": VALUES})


def label(text: str, y: float) -> labels.Label:
    return labels.Label(text, text, (0, 0), 0, y, 50, False)


class Points(unittest.TestCase):
    def test_a_point_for_each_pair(self) -> None:
        found = points.points_of(RUN, "a as A, b", "said, found as here", "size")
        self.assertEqual([(p.thing, p.group, p.at) for p in found],
                         [("A", "said", (10, 1)), ("A", "here", (10, 2)), ("b", "here", (1000, 4))])

    def test_a_multiple(self) -> None:
        self.assertEqual(points.points_of(RUN, "a", "found * 20 as here", "size")[0].at, (10, 40))

    def test_bad_requests_are_refused(self) -> None:
        for things, values, over in (("", "found", "size"), ("a", "", "size"), ("a", "found", "gone"),
                                     ("gone", "found", "size"), ("c", "found", "size"), ("b", "said", "size"), ("a", "found * x", "size"),
                                     ("a, c", "found", "size")):
            with self.subTest(things=things, values=values, over=over), self.assertRaises(ResultError):
                points.points_of(RUN, things, values, over)

    def test_drawn_in_every_scale_theme_and_width(self) -> None:
        found = points.points_of(RUN, "a, b", "said, found", "size")
        for scale in SCALES:
            for theme in plots.THEMES:
                for width in plots.WIDTHS:
                    drawn = plots.draw_value_points(found, Axes("size", "size", "what", scale), theme, width)
                    self.assertTrue(drawn.startswith("<svg"))

    def test_names_that_would_collide_move_apart(self) -> None:
        names = [label("low", 10), label("high", 12), label("far", 100)]
        labels.spread(names, 15, 0)
        places = sorted(name.place for name in names)
        self.assertGreaterEqual(min(b - a for a, b in zip(places, places[1:])), 15)


if __name__ == "__main__":
    unittest.main()
