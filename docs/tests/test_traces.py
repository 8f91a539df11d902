"""Pictures drawn from recorded launches: {access-map} and {step-through}."""

import json
import re
import unittest

import small_site
from small_site import Site

from course import access_map, step_through, traces

MIRROR = small_site.FIXTURE / "docs" / "results" / "traces" / "mirror.json"
SHAPES = "from 4x8, tile 1x4, to 1x4"


def request(places: list, shared: bool = False, width: int = 4, phase: int = 0) -> traces.Request:
    array = traces.Array("tile" if shared else "from", shared, 4096, phase)
    return traces.Request((0, 0, 0), 0, 0, 1, "read", array, width, tuple(places))


class Requests(unittest.TestCase):
    def test_sectors(self) -> None:
        lanes = range(32)
        self.assertEqual(request([4 * n for n in lanes]).sectors, [0, 1, 2, 3])
        self.assertEqual(len(request([32 * n for n in lanes]).sectors), 32)
        self.assertEqual(len(request([4 * n for n in lanes], phase=4).sectors), 5)
        self.assertEqual(len(request([0] * 32).sectors), 1)
        self.assertEqual(request([0, None], width=16).words, {0: [0], 1: [0], 2: [0], 3: [0]})

    def test_passes(self) -> None:
        lanes = range(32)
        self.assertEqual(request([4 * n for n in lanes], True).passes, 1)
        self.assertEqual(request([128 * n for n in lanes], True).passes, 32)
        self.assertEqual(request([132 * n for n in lanes], True).passes, 1)
        self.assertEqual(request([0] * 32, True).passes, 1)

    def test_sentences(self) -> None:
        self.assertEqual(access_map.sentence(request([32 * n for n in range(32)])),
                         "32 lanes read 4 bytes each: 128 bytes asked for, 32 sectors of 32 bytes touched, 1,024 bytes moved.")
        self.assertIn("takes 32 passes", access_map.sentence(request([128 * n for n in range(32)], True)))


class Maps(unittest.TestCase):
    def test_every_lane_has_its_number_and_every_sector_its_tint(self) -> None:
        svg = access_map.draw(request([32 * n for n in range(32)]), "many", 32, 21, True)
        self.assertEqual(re.findall(r'class="map-number">(\d+)<', svg), [str(n) for n in range(32)])
        self.assertEqual(svg.count("map-sector touched"), 32)
        self.assertIn('role="img" aria-label="many"', svg)

    def test_lanes_that_share_a_word_are_counted(self) -> None:
        self.assertIn(">32\u00d7<", access_map.draw(request([0] * 32), "one", 32, 21, True))

    def test_gaps_and_rows_left_out(self) -> None:
        svg = access_map.draw(request([0, 1024]), "gap", 32, 21, True)
        self.assertIn("\u22ef", svg)
        svg = access_map.draw(request([128 * n for n in range(32)]), "tall", 32, 21, True, most=4)
        self.assertIn("and 28 more rows", svg)
        self.assertEqual(svg.count("map-number"), 4)

    def test_crowded_banks_stand_out(self) -> None:
        self.assertEqual(access_map.draw(request([0, 128], True), "", 32, 21, True).count("crowded"), 2)
        self.assertNotIn("crowded", access_map.draw(request([0, 132], True), "", 32, 21, True))
        self.assertNotIn("crowded", access_map.draw(request([0, 128]), "", 32, 21, True))


class Steps(unittest.TestCase):
    def setUp(self) -> None:
        self.trace = traces.read(MIRROR)
        self.steps = step_through.steps_of(self.trace, 1)

    def test_barriers_lie_between(self) -> None:
        self.assertEqual([s.line for s in self.steps], [13, 13, 14, 15, 15])
        self.assertIsNone(self.steps[2].request)

    def test_a_copy_says_what_it_carries(self) -> None:
        self.assertEqual(self.steps[1].origins, ("0", "8", "16", "24"))
        self.assertEqual(self.steps[3].origins, ())
        self.assertEqual(self.steps[3].elements, (3, 2, 1, 0))

    def test_a_scene_shows_what_was_written_before(self) -> None:
        scene = step_through.Scene(self.trace, step_through.shapes_of(SHAPES, self.trace), self.steps, 3, 1)
        html = scene.html(False, "caption", "alt")
        tile = html[html.index(">tile "):html.index(">to ")]
        self.assertEqual(tile.count("step-cell filled reading"), 4)
        self.assertEqual(re.findall(r">(\d+)</text>", tile), ["0", "8", "16", "24"])
        self.assertEqual(tile.count("followed"), 1)
        self.assertNotIn("<script", html)
        self.assertNotIn("button", html)

    def test_shapes(self) -> None:
        for text, sentence in (("from 4by8", "'from 4by8' is no shape"), ("from 4x8", "the shape of tile, to is missing")):
            with self.assertRaisesRegex(traces.TraceError, sentence):
                step_through.shapes_of(text, self.trace)


class Pages(unittest.TestCase):
    def test_the_page_has_both(self) -> None:
        site = Site(self)
        html = site.build()
        self.assertEqual(site.warnings, "")
        self.assertIn("4 lanes read 4 bytes each: 16 bytes asked for, 4 sectors", html)
        data = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html, re.S)[1])
        self.assertEqual((data["at"], len(data["steps"]), data["first"]), (1, 5, 10))
        self.assertEqual(data["arrays"][0], ["from", 8])
        self.assertIn('<div class="step-controls" hidden>', html)

    def test_counters(self) -> None:
        html = Site(self).build()
        self.assertIn('<td>1,280\u00a0=\u00a01,280</td><td>-</td>', html)
        self.assertIn('<td>16\u00a0\u2260\u00a08</td><td>4\u00a0\u2260\u00a00</td>', html)
        self.assertIn("nvcc reads two at once.", html)
        self.assertLess(html.index("<code>turn</code>"), html.index("<code>copy&lt;2&gt;</code>"))

    def test_counters_find_a_machine_or_do_without(self) -> None:
        site = Site(self)
        site.replace("chapter.md", "{counters-table} other/01", "{counters-table} 01")
        self.assertIn('<td>1,280\u00a0=\u00a01,280</td>', site.build())
        self.assertEqual(site.warnings, "")
        site = Site(self)
        site.replace("chapter.md", "{counters-table} other/01\n:exhibits: turn, copy",
                     "{counters-table} 02\n:counters: times each byte is read, global load sectors")
        html = site.build()
        self.assertEqual(site.warnings, "")
        self.assertIn("<td>2.5</td><td>4,096</td>", html)
        self.assertIn("Counted by the microscope, on a CPU.", html)
        self.assertIn('<code title="tiled&lt;TileShape&lt;64, 128, 8&gt;, 2&gt;">tiled&lt;\u2026&gt;</code>', html)

    def test_how_many_agree_and_why_not(self) -> None:
        html = Site(self).build()
        self.assertIn('Of <span class="result">2</span> kernels <span class="result">1</span> agrees.', html)
        self.assertIn('nvcc reads two at once.</th><td>1</td><td class="col-label"><code>turn</code></td>', html)

    def test_the_epub_has_pictures_alone(self) -> None:
        site = Site(self)
        html = site.build("epub")
        self.assertEqual(site.warnings, "")
        self.assertIn('class="access-map"', html)
        self.assertNotIn("map-narrow", html)
        self.assertNotIn("step-controls", html)
        self.assertIn("step-scene", html)

    def test_faults(self) -> None:
        for old, new, sentence in (
            ("{access-map} mirror", "{access-map} miror", "access-map: there is no recorded trace 'miror'; there are: mirror"),
            ("read from", "read form", "mirror: nothing does 'read form'; there are: read from, read tile, write tile, write to"),
            ("{access-map} mirror\n:access: read from", "{access-map} mirror", "access-map: an access map needs an :access:"),
            (":still: 2", ":still: 9", "step-through: mirror has 5 steps, not 9"),
            (":follow: 3", ":follow: 4", "mirror has no thread 4"),
            (", to 1x4", "", "the shape of to is missing"),
            (":exhibits: turn", ":exhibits: tern", "counters-table: no counters of tern; there are: copy, turn"),
            ("{counters-table} other/01", "{counters-table} box/01", "counters-table: no recorded counters box/01"),
            ("{counters-table} other/01", "{counters-table} 03", "counters-table: no recorded counters 03"),
            ("{counters-reasons} other/01", "{counters-reasons} 03", "counters-reasons: no recorded counters 03"),
            ("`01 | all`", "`03 | all`", "counters: no recorded counters 03"),
            ("`01 | all`", "`02 | all`", "counters: 02 has no GPU's counts"),
            ("`01 | all`", "`01 | most`", "counters: unknown question 'most'; there are: all, exact"),
            (":exhibits: turn", ":counters: hits\n:exhibits: turn", "counters-table: nothing counts hits; there are: global load sectors"),
        ):
            with self.subTest(new):
                site = Site(self)
                site.replace("chapter.md", old, new)
                site.build("dummy")
                self.assertIn(sentence, site.warnings)

    def test_a_trace_of_another_schema(self) -> None:
        site = Site(self)
        site.replace("docs/results/traces/mirror.json", "trace/1", "trace/2")
        site.build("dummy")
        self.assertIn("does not have the schema", site.warnings)


if __name__ == "__main__":
    unittest.main()
