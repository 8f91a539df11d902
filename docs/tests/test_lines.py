"""Lines of recorded values: their names, places and order."""

import math
import unittest

import small_site  # noqa: F401  (puts the extension on the path)
from course import lines
from course.results import ResultError, Run

RUN = Run("box", "01", {"values": {"a.loss": [3, None, 1], "b.loss": [1, 2, 3], "h": [100, 10, 1], "n": 3}})


class Lines(unittest.TestCase):
    def test_a_line_is_called_like_the_end_of_its_key(self) -> None:
        self.assertEqual(lines.named("a.loss, b.loss as the other loss"), [("a.loss", "loss"), ("b.loss", "the other loss")])

    def test_places_count_from_1(self) -> None:
        self.assertEqual(lines.lines_of(RUN, "b.loss", ""), {"loss": [(1, 1), (2, 2), (3, 3)]})

    def test_places_from_a_list_are_put_in_order(self) -> None:
        self.assertEqual(lines.lines_of(RUN, "b.loss", "h"), {"loss": [(1, 3), (10, 2), (100, 1)]})

    def test_what_is_not_finite_leaves_a_gap(self) -> None:
        self.assertTrue(math.isnan(lines.lines_of(RUN, "a.loss", "")["loss"][1][1]))

    def test_bad_requests_are_refused(self) -> None:
        for values, over in (("", ""), ("n", ""), ("gone", ""), ("a.loss, b.loss", ""), ("a.loss", "n")):
            with self.subTest(values=values, over=over), self.assertRaises(ResultError):
                lines.lines_of(RUN, values, over)

    def test_ticks(self) -> None:
        self.assertEqual([lines._tick(x) for x in (0, 0.01, 50, 1e-6)], ["0", "0.01", "50", "$10^{-6}$"])


if __name__ == "__main__":
    unittest.main()
