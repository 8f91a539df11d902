"""Regions of source files: markers, context, additions."""

import unittest

import small_site  # noqa: F401  (puts docs/extensions on the path)
from course import regions
from course.coverage import complaints, examine

SOURCE = """\
// region quiet: includes
#include <span>
// endregion

int before;

// region outer
int a;

// region inner
int b;
// endregion
int c;
// endregion
int after;
"""


class Parsing(unittest.TestCase):
    def setUp(self) -> None:
        self.source = regions.parse("a.cpp", SOURCE)

    def test_a_parent_shows_its_children_without_markers(self) -> None:
        self.assertEqual(self.source.region("outer").lines, (8, 9, 11, 13))
        self.assertEqual(self.source.region("inner").lines, (11,))

    def test_context_skips_markers_and_cuts_blank_edges(self) -> None:
        self.assertEqual(self.source.context((8, 9, 11, 13), 1), ((), (15,)))
        self.assertEqual(self.source.context((8, 9, 11, 13), 2), ((5, 6), (15,)))
        self.assertEqual(self.source.context((11,), 1), ((), (13,)))

    def test_quiet_regions_give_a_reason(self) -> None:
        self.assertEqual([r.why_quiet for r in self.source.regions if r.quiet], ["includes"])
        with self.assertRaisesRegex(regions.RegionError, "a.cpp:1: a quiet region gives its reason"):
            regions.parse("a.cpp", "// region quiet\n// endregion\n")

    def test_hash_comments_mark_regions_too(self) -> None:
        source = regions.parse("a.cmake", "# region build\nadd_library(a)\n# endregion\n")
        self.assertEqual(source.region("build").lines, (2,))

    def test_prose_about_regions_is_no_marker(self) -> None:
        self.assertEqual(regions.parse("a.cpp", "// the region a\n").markers, frozenset())

    def test_unknown_region_names_a_close_one(self) -> None:
        with self.assertRaisesRegex(regions.RegionError, "no region 'iner'; did you mean 'inner'"):
            self.source.region("iner")

    def test_broken_markers_are_refused(self) -> None:
        for text, message in (
            ("// region a\n", "a.cpp:1: region 'a' is never closed"),
            ("// endregion\n", "a.cpp:1: endregion without a region"),
            ("// region a\n// endregion\n// region a\n// endregion\n", "a.cpp:3: a second region 'a'"),
            ("// region A b\n// endregion\n", "a.cpp:1: region name 'A b'"),
        ):
            with self.subTest(text), self.assertRaisesRegex(regions.RegionError, message):
                regions.parse("a.cpp", text)


class Comparing(unittest.TestCase):
    def test_added_lines_ignore_indentation(self) -> None:
        old = ["for (a)", "  for (b)", "    work();"]
        new = ["for (b)", "  for (a)", "    work();", "", "more();"]
        added = regions.added_lines(old, new)
        self.assertIn(4, added)
        self.assertNotIn(2, added)
        self.assertNotIn(3, added)  # blank lines are never news

    def test_ranges(self) -> None:
        self.assertEqual(regions.ranges([1, 2, 3, 7, 9, 10]), "1-3, 7, 9-10")


class Coverage(unittest.TestCase):
    def test_missing_and_quiet_lines(self) -> None:
        seen = examine(regions.parse("a.cpp", SOURCE), {8, 11, 13})
        self.assertEqual(seen.missing, (5, 15))
        self.assertEqual(seen.quiet, (2,))
        self.assertEqual(seen.total, 6)

    def test_a_quiet_line_that_is_shown_is_not_quiet(self) -> None:
        self.assertEqual(examine(regions.parse("a.cpp", SOURCE), {2}).quiet, ())

    def test_at_most_one_line_in_ten_is_quiet(self) -> None:
        def chapter(quiet: int, total: int) -> str:
            return "// region quiet: why\n" + "int q;\n" * quiet + "// endregion\n" + "int x;\n" * (total - quiet)

        for quiet, fails in ((1, False), (2, True)):
            source = regions.parse("a.cpp", chapter(quiet, 10))
            found = complaints([examine(source, set(range(1, 20)) - {2, 3})], "01_sample")
            self.assertEqual(any("are quiet" in sentence for sentence in found), fails, found)


if __name__ == "__main__":
    unittest.main()
