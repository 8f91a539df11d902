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


def access(requests, sectors=0, conflicts=0, passes=0):
    return {"requests": requests, "bytes": 128 * requests, "sectors": sectors, "wavefronts": passes, "conflicts": conflicts}


def kernel(name, **total):
    return {"kernel": name, "total": total, "distinct_bytes_read": 64, "global_traffic_bytes": 512}


COUNTS = {"schema": "loops-to-warps/microscope/1", "program": "p", "exhibits": [
    {"name": "copy", "flop": 1024, "launches": ["copy<2>", "copy<2>"], "kernels": [
        kernel("copy<2>", global_load=access(20, 80), global_store=access(20, 80))]},
    {"name": "turn", "flop": 0, "launches": ["fill", "turn"], "kernels": [
        kernel("fill", global_store=access(4, 16)),
        kernel("turn", global_load=access(4, 16), shared_load=access(4, 0, 124, 128))]},
]}
LAUNCHES = [
    ("void cnn::hardware::<unnamed>::copy<(int)2>(const float *, float *)", (10, 40, 10, 40, 0, 0, 0, 0)),
    ("void cnn::hardware::<unnamed>::copy<(int)2>(const float *, float *)", (10, 40, 10, 40, 0, 0, 0, 0)),
    ("cnn::hardware::fill(float *, int)", (0, 0, 4, 16, 0, 0, 0, 0)),
    ("turn", (4, 16, 0, 0, 124, 0, 128, 0)),
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
        other = [*LAUNCHES[:3], ("turn", (4, 17, 0, 0, 124, 0, 128, 0))]
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

    def test_the_microscope_alone(self):
        (self.folder / "counts.json").write_text(json.dumps(COUNTS))
        run = subprocess.run([sys.executable, "-B", SCRIPT, self.folder / "counts.json", "--output", self.folder / "out.json"], check=False)
        self.assertEqual(run.returncode, 0)
        first, *_, last = self.out()["kernels"]
        self.assertEqual(first["counters"]["global load sectors"], {"microscope": 80})
        self.assertEqual(first["counters"]["times each byte is read"], {"microscope": 40.0})
        self.assertEqual(first["counters"]["FLOP for each byte moved"], {"microscope": 2.0})
        self.assertNotIn("FLOP for each byte moved", last["counters"])
        self.assertNotIn("agrees", first)
        self.assertEqual(self.check(COUNTS).returncode, 0)

    def check(self, counts):
        (self.folder / "today.json").write_text(json.dumps(counts))
        return subprocess.run([sys.executable, "-B", SCRIPT, self.folder / "today.json", "--check", self.folder / "out.json"],
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)

    def test_a_record_grows_old(self):
        self.run_script()
        self.assertEqual(self.check(COUNTS).returncode, 0)
        other = json.loads(json.dumps(COUNTS))
        other["exhibits"][1]["kernels"][1]["total"]["shared_load"]["conflicts"] = 0
        other["exhibits"][0]["kernels"][0]["kernel"] = "copy<4>"
        run = self.check(other)
        self.assertEqual(run.returncode, 1)
        for sentence in ("turn: turn was {", "copy: copy<4> is not recorded", "copy: copy<2> is recorded, but not there", "record it again"):
            self.assertIn(sentence, run.stdout)
        # Lanes that part may meet again elsewhere, by another compiler.
        other = json.loads(json.dumps(COUNTS))
        other["exhibits"][1]["kernels"][1]["total"]["global_load"] |= {"bytes": 500, "requests": 5}
        self.assertEqual(self.check(other).returncode, 0)

    def test_names(self):
        for text, name in (("void cnn::hardware::<unnamed>::copy<(int)2, (bool)1>(int)", "copy<2,1>"),
                           ("add", "add"), ("unnamed>::add(int, unnamed>::Sizes)", "add"), ("cnn::hardware::add(const float *, std::span<int, 3>)", "add"),
                           ("void read<float4>(const float4 *)", "read<float4>")):
            self.assertEqual(compare_counters.kernel_name(text), name)


class Rules(unittest.TestCase):
    """Each on numbers that an H200 showed, and on some that no rule may excuse."""

    def entry(self, counted, **gpu):
        counts = dict.fromkeys(compare_counters.COUNTERS, 0) | {k.replace("_", " "): n for k, n in gpu.items()}
        return compare_counters.entry({"name": "e", "flop": 0, "kernels": [counted]}, counted, counts, {})

    def test_waiting_is_no_conflict_of_addresses(self):
        # square_product on 256 x 256.
        stores = kernel("square_product", shared_store=access(8192, 0, 0, 8192))
        found = self.entry(stores, shared_store_conflicts=1240, shared_store_passes=9362)
        self.assertFalse(found["agrees"])
        self.assertIn("waiting", found["explanation"])
        self.assertNotIn("explanation", self.entry(stores, shared_store_conflicts=2049, shared_store_passes=8192))
        # Real conflicts stay sharp: a pass too few, or half a pass too many.
        real = kernel("tiled_product<32, 0>", shared_store=access(32768, 0, 507904, 540672))
        self.assertTrue(self.entry(real, shared_store_conflicts=507904, shared_store_passes=540672)["agrees"])
        self.assertNotIn("explanation", self.entry(real, shared_store_conflicts=491520, shared_store_passes=524288))
        self.assertNotIn("explanation", self.entry(real, shared_store_conflicts=524288, shared_store_passes=557056))

    def test_what_asynchronous_copies_bring_is_no_store(self):
        store = access(5120, 0, 0, 8192) | {"arrivals": {"requests": 5120, "wavefronts": 8192, "conflicts": 0}}
        copies = kernel("pipelined_product", global_load=access(5120, 32768), shared_store=store)
        found = self.entry(copies, global_load_requests=5120, global_load_sectors=32768)
        self.assertTrue(found["agrees"])
        self.assertNotIn("shared store passes", found["counters"])
        self.assertNotIn("explanation", self.entry(copies, global_load_requests=5120, global_load_sectors=32768, shared_store_passes=8192))

    def test_copies_of_nothing_are_no_requests(self):
        # An H200 counts none where a copy only fills with zeros, for all of its lanes.
        arrivals = {"shared_store": access(12) | {"arrivals": {"requests": 12, "wavefronts": 12, "conflicts": 0}}}
        copies = kernel("tuned_product<Small>", global_load=access(8, 32))
        copies["lines"] = [{"file": "panel.cuh", "counts": {"global_load": access(8, 32)} | arrivals}]
        self.assertTrue(self.entry(copies, global_load_requests=8, global_load_sectors=32)["agrees"])
        self.assertNotIn("explanation", self.entry(copies, global_load_requests=12, global_load_sectors=32))

    def test_lanes_part_at_edges_alone(self):
        idle = access(469, 1240) | {"bytes": 402 * 100}
        found = self.entry(kernel("tiled_product<32, 1>", global_load=idle), global_load_requests=402, global_load_sectors=1173)
        self.assertIn("Lanes part", found["explanation"])
        for requests, sectors in ((940, 1240), (234, 1240), (469, 1260)):
            self.assertNotIn("explanation", self.entry(kernel("k", global_load=idle), global_load_requests=requests, global_load_sectors=sectors))
        full = access(469, 1240)
        self.assertNotIn("explanation", self.entry(kernel("k", global_load=full), global_load_requests=402, global_load_sectors=1240))

    def test_one_kernel_is_read_by_wide_loads(self):
        # column_product on 256 x 256: nine loads a term in the source, three in the machine code.
        loads = access(589824, 0, 0, 589824)
        found = self.entry(kernel("column_product", shared_load=loads), shared_load_passes=327680)
        self.assertIn("four neighbours by one instruction", found["explanation"])
        self.assertNotIn("explanation", self.entry(kernel("column_product", shared_load=loads), shared_load_passes=65536))
        self.assertNotIn("explanation", self.entry(kernel("square_product", shared_load=loads), shared_load_passes=327680))

    def test_one_kernel_reads_what_is_used_alone(self):
        # forward_of_nine on 3 images of 15 x 11: 150 loads of four, 285 passes; 50 of them get by with one.
        loads = access(150, 0, 0, 285)
        found = self.entry(kernel("forward_of_nine", shared_load=loads), shared_load_passes=240)
        self.assertIn("Nobody uses two", found["explanation"])
        self.assertEqual(found["reasons"], [found["explanation"]])
        for name, passes in (("forward_of_nine", 239), ("forward_of_nine", 241), ("forward_of_ten", 240)):
            self.assertNotIn("explanation", self.entry(kernel(name, shared_load=loads), shared_load_passes=passes))

    def test_results_that_nobody_stores_are_not_loaded(self):
        # multiply_windows, two sums over 65 pixels: 536 loads of results, 335 stores.
        windows = kernel("multiply_windows<Tile, 3>", shared_load=access(2264, 0, 0, 3992), global_store=access(335, 1339))
        windows["lines"] = [{"file": "chapters/06_tiled_cuda_adam/block_tile.cuh", "counts": {"shared_load": access(536, 0, 0, 536)}},
                            {"file": "tiles.cuh", "counts": {"shared_load": access(1728, 0, 0, 3456)}}]
        stores = {"global_store_requests": 335, "global_store_sectors": 1339}
        self.assertIn("only where it will be stored", self.entry(windows, **stores, shared_load_passes=3791)["explanation"])
        for passes in (3790, 3792, 3456):
            self.assertNotIn("explanation", self.entry(windows, **stores, shared_load_passes=passes))
        self.assertNotIn("explanation", self.entry(windows | {"kernel": "multiply_batch"}, **stores, shared_load_passes=3791))

    def test_warps_without_a_number_read_no_mean(self):
        # sum_neighbours<4> on 37 channels: eight warps each read the mean, one of them has numbers.
        means = access(296, 296)
        sums = kernel("sum_neighbours<4>", global_load=access(370, 962) | {"bytes": 37888 + 17760})
        sums["lines"] = [{"file": "a.cu", "counts": {"global_load": means}},
                         {"file": "a.cu", "counts": {"global_load": access(74, 666) | {"bytes": 17760}}}]
        found = self.entry(sums, global_load_requests=111, global_load_sectors=703)
        self.assertIn("something to add up", found["explanation"])
        # Half as many are too few for the rule of parting lanes; none left is too few for this one.
        for requests, sectors in ((74, 666), (371, 962), (371, 972)):
            self.assertNotIn("explanation", self.entry(sums, global_load_requests=requests, global_load_sectors=sectors))
        self.assertNotIn("explanation", self.entry(sums | {"kernel": "spread_neighbours<4>"}, global_load_requests=111, global_load_sectors=703))

    def test_reasons_are_listed_once_each(self):
        loads = kernel("column_product", shared_load=access(64, 0, 0, 64), shared_store=access(8, 0, 0, 8))
        found = self.entry(loads, shared_load_passes=40, shared_store_passes=9)
        self.assertEqual(len(found["reasons"]), 2)
        self.assertEqual(found["explanation"], " ".join(found["reasons"]))


if __name__ == "__main__":
    unittest.main()
