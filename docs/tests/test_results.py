"""Recorded results: keys, expressions, formats."""

import json
import tempfile
import unittest
from pathlib import Path

import small_site
from course import results

STORE = (small_site.FIXTURE / "docs" / "results", Path("/nowhere"), "box")


class Lookup(unittest.TestCase):
    def setUp(self) -> None:
        self.store = results.Store(*STORE)

    def text(self, expression: str) -> str:
        return self.store.evaluate(expression)[0]

    def test_recorded_and_derived_fields(self) -> None:
        self.assertEqual(self.text("[01:sum/plain.median_s] | time"), "800\u00a0\u00b5s")
        self.assertEqual(self.text("[01:sum/plain.gflops] | .2f"), "1.25")
        self.assertEqual(self.text("[01:sum/plain.percent_of_peak] | .2f"), "1.14")
        self.assertEqual(self.text("[other/01:sum/gpu.percent_of_peak] | .3f"), f"{100 * 1e6 / 3e-6 / 6e13:.3f}")
        self.assertEqual(self.text("[01:sum/plain.intensity]"), "0.250")
        self.assertEqual(self.text("[01:sum/plain.label]"), "one total")

    def test_the_roof_is_the_lower_one(self) -> None:
        roof = min(1.1e11, 1.2e10 * 0.25)
        self.assertEqual(self.text("[01:sum/plain.percent_of_roof] | .4f"), f"{100 * 1.25e9 / roof:.4f}")

    def test_other_places(self) -> None:
        self.assertEqual(self.text("[01:values.copies]"), "17")
        self.assertEqual(self.text("[01:values.sizes.batch]"), "32, 64")
        self.assertEqual(self.text("[01:values.sizes.batch.1]"), "64")
        self.assertEqual(self.text("100 * [01:checks/sum/plain.largest_ratio] | percent"), "4.0\u00a0%")
        self.assertEqual(self.text("[01:machine.cpu.model]"), "Processor box")
        self.assertEqual(self.text("[01:peaks.cpu_1_flops] / 1e9 | gflops"), "110\u00a0GFLOP/s")

    def test_arithmetic(self) -> None:
        self.assertEqual(self.text("[01:sum/plain.median_s] / [01:sum/pairs.median_s] | .2f"), "1.95")
        self.assertEqual(self.text("max(1, [01:values.copies]) - 2 ** 3 | int"), "9")

    def test_a_list_stands_for_its_numbers(self) -> None:
        self.assertEqual(self.text("max([01:values.sizes.batch]) | int"), "64")
        self.assertEqual(self.text("sum([01:values.sizes.batch], 4) | int"), "100")

    def test_what_is_missing_is_refused(self) -> None:
        for expression in (
            "[01:sum/nothing.median_s]", "[01:sum/plain.colour]", "[02:sum/plain.median_s]", "[01:values.nothing]",
            "[01:values.infinite]", "[01:peaks.gpu_fp32_flops]", "[nobody/01:values.copies]", "[01:checks/no.elements]",
            "[01:values.sizes.batch.2]", "[1:values.copies]",
        ):
            with self.subTest(expression), self.assertRaises(results.ResultError):
                self.text(expression)

    def test_only_arithmetic_is_computed(self) -> None:
        for expression in ("__import__('os')", "[01:values.copies].real", "open", "1 / 0", "(1", "[01:machine.name] + 1",
                           "sqrt([01:values.sizes.batch])", "sum([01:values.curve.loss])",
                           "[01:values.copies] | x.y", "[01:machine.name] | .1f"):
            with self.subTest(expression), self.assertRaises(results.ResultError):
                self.text(expression)

    def test_another_schema_is_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "box" / "01.json"
            path.parent.mkdir()
            path.write_text(json.dumps({"schema": "loops-to-warps/results/2"}), encoding="utf-8")
            with self.assertRaisesRegex(results.ResultError, "schema"):
                results.Store(Path(folder), Path("/nowhere"), "box").run("box", "01")


class Formats(unittest.TestCase):
    def test_times(self) -> None:
        for seconds, text in ((1.234e-3, "1.23 ms"), (0.9996e-3, "1.00 ms"), (2, "2.00 s"), (123.4, "123 s"),
                              (5e-9, "5.00 ns"), (12.34e-6, "12.3 \u00b5s"), (0, "0 ns")):
            self.assertEqual(results.format_time(seconds).replace("\u00a0", " "), text)

    def test_bytes(self) -> None:
        self.assertEqual(results.format_bytes(165 * 2**20), "165\u00a0MiB")
        self.assertEqual(results.format_bytes(1536), "1.50\u00a0KiB")

    def test_significant_digits(self) -> None:
        for value, text in ((1234567, "1,230,000"), (9.996, "10.0"), (0.0123456, "0.0123"), (-4.5, "-4.50")):
            self.assertEqual(results.significant(value), text)

    def test_integers(self) -> None:
        self.assertEqual(results.format_value(12544, "int"), "12,544")
        self.assertEqual(results.format_value(12544, ""), "12,544")


if __name__ == "__main__":
    unittest.main()
