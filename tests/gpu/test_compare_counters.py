#!/usr/bin/env python3
"""Tests of compare_counters.py, on what ncu might have written."""

import csv
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SCRIPT = HERE / "compare_counters.py"
sys.path.insert(0, str(HERE))

import compare_counters  # noqa: E402

METRICS = [metric for _, _, metric in compare_counters.COUNTERS.values()]


def access(requests, sectors=0, conflicts=0):
    return {"requests": requests, "bytes": 0, "sectors": sectors, "wavefronts": 0, "conflicts": conflicts}


COUNTS = {"schema": "loops-to-warps/microscope/1", "program": "p", "exhibits": [
    {"name": "copy", "launches": ["copy<2>", "copy<2>"], "kernels": [
        {"kernel": "copy<2>", "total": {"global_load": access(20, 80), "global_store": access(20, 80)}}]},
    {"name": "turn", "launches": ["fill", "turn"], "kernels": [
        {"kernel": "fill", "total": {"global_store": access(4, 16)}},
        {"kernel": "turn", "total": {"global_load": access(4, 16), "shared_load": access(4, 0, 124)}}]},
]}
LAUNCHES = [
    ("void cnn::hardware::<unnamed>::copy<(int)2>(const float *, float *)", (10, 40, 10, 40, 0, 0)),
    ("void cnn::hardware::<unnamed>::copy<(int)2>(const float *, float *)", (10, 40, 10, 40, 0, 0)),
    ("cnn::hardware::fill(float *, int)", (0, 0, 4, 16, 0, 0)),
    ("turn", (4, 16, 0, 0, 124, 0)),
]


class Compare(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_script(self, counts=None, launches=None, *more):
        (self.folder / "counts.json").write_text(json.dumps(counts or COUNTS))
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        writer.writerow(["ID", "Kernel Name", *METRICS])
        writer.writerow(["", "", *["" for _ in METRICS]])
        for number, (name, numbers) in enumerate(launches or LAUNCHES):
            writer.writerow([number, name, *(f"{n:,}" for n in numbers)])
        (self.folder / "ncu.csv").write_text("==PROF== Connected to process 7\n" + text.getvalue())
        return subprocess.run(
            [sys.executable, "-B", SCRIPT, self.folder / "counts.json", self.folder / "ncu.csv",
             "--output", self.folder / "out.json", *more],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)

    def out(self):
        return json.loads((self.folder / "out.json").read_text())

    def test_equal_counts(self):
        run = self.run_script(None, None, "--note", "gpu=a GPU")
        self.assertEqual(run.returncode, 0, run.stderr + run.stdout)
        self.assertIn("3 of 3 agree", run.stdout)
        self.assertEqual(self.out()["gpu"], "a GPU")
        first = self.out()["kernels"][0]
        self.assertEqual((first["exhibit"], first["kernel"], first["agrees"]), ("copy", "copy<2>", True))
        self.assertEqual(first["counters"]["global load sectors"], {"microscope": 80, "gpu": 80, "ratio": 1.0})
        self.assertNotIn("shared load conflicts", first["counters"])
        self.assertEqual(self.out()["kernels"][2]["counters"]["shared load conflicts"]["gpu"], 124)

    def test_a_difference_wants_an_explanation(self):
        other = [*LAUNCHES[:3], ("turn", (4, 17, 0, 0, 124, 0))]
        run = self.run_script(None, other)
        self.assertEqual(run.returncode, 1)
        self.assertIn("global load sectors: microscope 16, GPU 17", run.stdout)
        self.assertFalse(self.out()["kernels"][2]["agrees"])
        why = self.folder / "why.json"
        why.write_text(json.dumps({"turn": "The compiler turned it."}))
        run = self.run_script(None, other, "--explained", why)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertEqual(self.out()["kernels"][2]["explanation"], "The compiler turned it.")

    def test_one_in_a_hundred_is_the_limit(self):
        self.assertTrue(compare_counters.agrees(101, 100))
        self.assertFalse(compare_counters.agrees(102, 100))
        self.assertFalse(compare_counters.agrees(1, 0))
        self.assertTrue(compare_counters.agrees(0, 0))

    def test_other_launches_are_refused(self):
        for launches, sentence in ((LAUNCHES[:3], "turn: the GPU launched ['fill']"),
                                   ([LAUNCHES[2], *LAUNCHES[1:]], "copy: the GPU launched ['fill', 'copy<2>']"),
                                   ([*LAUNCHES, LAUNCHES[2]], "the GPU launched 5 kernels, the emulator 4")):
            run = self.run_script(None, launches)
            self.assertEqual(run.returncode, 2)
            self.assertIn(sentence, run.stderr)

    def test_other_files_are_refused(self):
        run = self.run_script({"schema": "other"})
        self.assertEqual(run.returncode, 2)
        self.assertIn("does not have the schema", run.stderr)
        (self.folder / "ncu.csv").write_text("==ERROR== no permission\n")
        with self.assertRaisesRegex(compare_counters.InputError, "not ncu's"):
            compare_counters.read_ncu(self.folder / "ncu.csv")

    def test_names(self):
        for text, name in (("void cnn::hardware::<unnamed>::copy<(int)2, (bool)1>(int)", "copy<2,1>"),
                           ("add", "add"), ("unnamed>::add(int, unnamed>::Sizes)", "add"), ("cnn::hardware::add(const float *, std::span<int, 3>)", "add"),
                           ("void read<float4>(const float4 *)", "read<float4>")):
            self.assertEqual(compare_counters.kernel_name(text), name)


if __name__ == "__main__":
    unittest.main()
