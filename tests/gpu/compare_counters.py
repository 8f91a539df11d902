#!/usr/bin/env python3
"""Compares what the memory microscope counts with what a GPU's counters say.

    05_microscope --json counts.json
    ncu --csv --page raw --metrics "$(tests/gpu/compare_counters.py --metrics)" \\
        --log-file ncu.csv 05_microscope --gpu
    tests/gpu/compare_counters.py counts.json ncu.csv \\
        --output docs/results/MACHINE/05_counters.json

Both programs launch the same kernels in the same order, so that counts are compared
exhibit by exhibit and kernel by kernel. Exit status: 0, each count agrees within 1 %
or the difference is explained; 1, one does not; 2, bad usage or input.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from pathlib import Path
from typing import Any

# What is compared: kind and field of the microscope's counts, and the GPU's name for it.
COUNTERS = {
    "global load requests": ("global_load", "requests", "l1tex__t_requests_pipe_lsu_mem_global_op_ld.sum"),
    "global load sectors": ("global_load", "sectors", "l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum"),
    "global store requests": ("global_store", "requests", "l1tex__t_requests_pipe_lsu_mem_global_op_st.sum"),
    "global store sectors": ("global_store", "sectors", "l1tex__t_sectors_pipe_lsu_mem_global_op_st.sum"),
    "shared load conflicts": ("shared_load", "conflicts", "l1tex__data_bank_conflicts_pipe_lsu_mem_shared_op_ld.sum"),
    "shared store conflicts": ("shared_store", "conflicts", "l1tex__data_bank_conflicts_pipe_lsu_mem_shared_op_st.sum"),
}
TOLERANCE = 0.01


class InputError(Exception):
    """A file that does not say what it should."""


def kernel_name(text: str) -> str:
    """"transpose<1>" of "void cnn::hardware::<unnamed>::transpose<(int)1>(const float *, int)"."""
    text = re.sub(r"<?unnamed>::|\(anonymous namespace\)::", "", text)
    text = re.sub(r"\((?:int|unsigned int|bool|long)\)", "", text)
    depth, end, begin = 0, len(text), 0
    for i, c in enumerate(text):
        depth += (c == "<") - (c == ">")
        if depth == 0 and c == "(":
            end = i
            break
        if depth == 0 and c in " :":
            begin = i + 1
    return text[begin:end].replace(", ", ",")


def base(name: str) -> str:
    """Without template arguments, which ncu may leave out."""
    return name.partition("<")[0]


def read_ncu(path: Path) -> list[tuple[str, dict[str, int]]]:
    """The launches, in order: kernel and counts. The second row holds units."""
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith('"ID"')), None)
    if start is None:
        raise InputError(f"{path}: no line begins with \"ID\": this is not ncu's --csv --page raw")
    launches = []
    for row in list(csv.DictReader(lines[start:]))[1:]:
        counts = {}
        for name, (_, _, metric) in COUNTERS.items():
            text = (row.get(metric) or "").replace(",", "")
            if not re.fullmatch(r"\d+(\.0*)?", text):
                raise InputError(f"{path}: launch {row.get('ID')} has {text!r} for {metric}, expected a count")
            counts[name] = int(float(text))
        launches.append((kernel_name(row["Kernel Name"]), counts))
    return launches


def read_microscope(path: Path) -> dict[str, Any]:
    """What --json wrote."""
    data = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or data.get("schema") != "loops-to-warps/microscope/1":
        raise InputError(f"{path} does not have the schema loops-to-warps/microscope/1")
    return data


def sums_by_kernel(expected: list[str], launches: list[tuple[str, dict[str, int]]], exhibit: str) -> dict[str, dict[str, int]]:
    """The GPU's counts of one exhibit; `expected` are the emulator's launches."""
    found = [name for name, _ in launches]
    if [base(n) for n in found] != [base(n) for n in expected]:
        raise InputError(f"{exhibit}: the GPU launched {found}, the emulator {expected}")
    sums: dict[str, dict[str, int]] = {}
    for name, (_, counts) in zip(expected, launches):
        total = sums.setdefault(name, dict.fromkeys(COUNTERS, 0))
        for counter, count in counts.items():
            total[counter] += count
    return sums


def agrees(microscope: int, gpu: int) -> bool:
    """Within 1 % of the GPU's count."""
    return abs(microscope - gpu) <= TOLERANCE * gpu


def compare(data: dict[str, Any], launches: list[tuple[str, dict[str, int]]], explained: dict[str, str]) -> list[dict[str, Any]]:
    """An entry for each kernel of each exhibit."""
    entries = []
    at = 0
    for exhibit in data["exhibits"]:
        expected = exhibit["launches"]
        sums = sums_by_kernel(expected, launches[at:at + len(expected)], exhibit["name"])
        at += len(expected)
        for kernel in exhibit["kernels"]:
            entries.append(entry(exhibit["name"], kernel, sums[kernel["kernel"]], explained))
    if at != len(launches):
        raise InputError(f"the GPU launched {len(launches)} kernels, the emulator {at}")
    return entries


def entry(exhibit: str, kernel: dict[str, Any], gpu: dict[str, int], explained: dict[str, str]) -> dict[str, Any]:
    """Both counts of each kind that either has, and their ratio."""
    counters = {}
    same = True
    for name, (kind, field, _) in COUNTERS.items():
        mine = kernel["total"].get(kind, {}).get(field, 0)
        if mine or gpu[name]:
            counters[name] = {"microscope": mine, "gpu": gpu[name], "ratio": round(mine / gpu[name], 4) if gpu[name] else None}
            same = same and agrees(mine, gpu[name])
    result: dict[str, Any] = {"exhibit": exhibit, "kernel": kernel["kernel"], "agrees": same, "counters": counters}
    why = explained.get(kernel["kernel"]) or explained.get(base(kernel["kernel"]))
    if not same and why:
        result["explanation"] = why
    return result


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("microscope", nargs="?", type=Path, help="what the microscope wrote with --json")
    parser.add_argument("ncu", nargs="?", type=Path, help="what ncu wrote: --csv --page raw")
    parser.add_argument("--explained", type=Path, help="JSON: why a kernel's counts differ, by its name")
    parser.add_argument("--output", type=Path, help="for both counts, as JSON")
    parser.add_argument("--note", action="append", default=[], metavar="NAME=TEXT", help="goes on record: gpu=..., driver=...")
    parser.add_argument("--metrics", action="store_true", help="print the names that ncu has to be asked for")
    options = parser.parse_args()
    if options.metrics:
        print(",".join(metric for _, _, metric in COUNTERS.values()))
        return 0
    if options.ncu is None:
        parser.error("name the microscope's JSON and ncu's CSV")
    try:
        explained = json.loads(options.explained.read_text(encoding="utf-8")) if options.explained else {}
        data = read_microscope(options.microscope)
        entries = compare(data, read_ncu(options.ncu), explained)
    except (InputError, OSError, ValueError, KeyError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    record = {"schema": "loops-to-warps/counters/1", "program": data["program"],
              **dict(n.split("=", 1) for n in options.note), "kernels": entries}
    if options.output:
        options.output.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    open_questions = [e for e in entries if not e["agrees"] and "explanation" not in e]
    for e in entries:
        print(f"{'agrees' if e['agrees'] else 'differs'}  {e['exhibit']}: {e['kernel']}")
        for name, c in e["counters"].items():
            if not agrees(c["microscope"], c["gpu"]):
                print(f"         {name}: microscope {c['microscope']:,}, GPU {c['gpu']:,}")
    print(f"{sum(e['agrees'] for e in entries)} of {len(entries)} agree, "
          f"{len(open_questions)} differ without an explanation")
    return 1 if open_questions else 0


if __name__ == "__main__":
    sys.exit(main())
