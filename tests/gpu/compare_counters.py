#!/usr/bin/env python3
"""Compares what the memory microscope counts with what a GPU's counters say.

    05_microscope --json counts.json
    ncu --csv --page raw --metrics "$(tests/gpu/compare_counters.py --metrics)" \\
        --log-file ncu.csv 05_microscope --gpu
    tests/gpu/compare_counters.py counts.json ncu.csv \\
        --output docs/results/MACHINE/05_counters.json

Both programs launch the same kernels in the same order, so that counts are compared
exhibit by exhibit and kernel by kernel. Without a GPU's counts, the record holds the
microscope's alone, for docs/results/microscope; --check says whether a record still
does. Exit status: 0, each count agrees within 1 % or the difference follows a rule
(RULES, each with its reason) or is explained; 1, one does not; 2, bad usage or input.
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
# Instructions that load from shared memory are not among it: the GPU's counter for them,
# smsp__inst_executed_op_shared_ld, takes some that belong to asynchronous copies for such.
COUNTERS = {
    "global load requests": ("global_load", "requests", "l1tex__t_requests_pipe_lsu_mem_global_op_ld.sum"),
    "global load sectors": ("global_load", "sectors", "l1tex__t_sectors_pipe_lsu_mem_global_op_ld.sum"),
    "global store requests": ("global_store", "requests", "l1tex__t_requests_pipe_lsu_mem_global_op_st.sum"),
    "global store sectors": ("global_store", "sectors", "l1tex__t_sectors_pipe_lsu_mem_global_op_st.sum"),
    "shared load conflicts": ("shared_load", "conflicts", "l1tex__data_bank_conflicts_pipe_lsu_mem_shared_op_ld.sum"),
    "shared store conflicts": ("shared_store", "conflicts", "l1tex__data_bank_conflicts_pipe_lsu_mem_shared_op_st.sum"),
    "shared load passes": ("shared_load", "wavefronts", "l1tex__data_pipe_lsu_wavefronts_mem_shared_op_ld.sum"),
    "shared store passes": ("shared_store", "wavefronts", "l1tex__data_pipe_lsu_wavefronts_mem_shared_op_st.sum"),
}
# What only the microscope knows: it saw every address.
OWN = ("times each byte is read", "FLOP for each byte moved")
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


def count_of(kernel: dict[str, Any], counter: str) -> int:
    """The microscope's. What asynchronous copies bring to shared memory is no store for a
    GPU: an H200's counters show none where nothing else is stored."""
    kind, field, _ = COUNTERS[counter]
    counts = kernel["total"].get(kind, {})
    return int(counts.get(field, 0) - counts.get("arrivals", {}).get(field, 0))


def waited(kernel: dict[str, Any], counter: str, gpu: int) -> str | None:
    """Stores and loads also wait for each other: an H200 counts up to a sixth of a pass a
    request where addresses make no conflict at all, the more the busier it is."""
    kind, field, _ = COUNTERS[counter]
    more = gpu - count_of(kernel, counter)
    if kind.startswith("shared") and 0 < more <= kernel["total"].get(kind, {}).get("requests", 0) / 4:
        return "The GPU counts waiting for the memory's other users, too, not addresses alone."
    return None


def widened(kernel: dict[str, Any], counter: str, gpu: int) -> str | None:
    """The compiler reads neighbours by one instruction of 16 bytes: half the passes, where
    all lanes want the same. Seen in the machine code of this one kernel."""
    mine = count_of(kernel, counter)
    if base(kernel["kernel"]) == "column_product" and counter == "shared load passes" and mine / 2 <= gpu < mine:
        return "The compiler reads four neighbours by one instruction; the source asks for one at a time."
    return None


def narrowed(kernel: dict[str, Any], counter: str, gpu: int) -> str | None:
    """Of each channel's twelve numbers, read as three fours, ten are used. The compiler reads
    the last two by an instruction of 8 bytes, which takes one pass where all lanes want the
    same: a pass a request, of a third of the requests. Seen in the machine code of this one
    kernel."""
    loads = kernel["total"].get("shared_load", {})
    mine = count_of(kernel, counter)
    if (base(kernel["kernel"]) == "forward_of_nine" and counter == "shared load passes"
            and gpu == mine * 2 // 3 + loads["requests"] // 3):
        return "Nobody uses two of the last four numbers: the compiler reads the other two alone, in half the passes."
    return None


def of_file(kernel: dict[str, Any], name: str, kind: str) -> int:
    """Requests of the lines of one file."""
    return sum(line["counts"].get(kind, {}).get("requests", 0)
               for line in kernel.get("lines", []) if line["file"].rpartition("/")[2] == name)


def not_stored(kernel: dict[str, Any], counter: str, gpu: int) -> str | None:
    """Results wait in shared memory to be stored, each row a request (write_tile). Where no lane
    may store, because the row lies outside, the compiler does not load it either: a load for
    each store. The machine code has it behind the jump that leaves the store out."""
    mine = count_of(kernel, counter)
    stores = kernel["total"].get("global_store", {}).get("requests", 0)
    if (base(kernel["kernel"]) == "multiply_windows" and counter == "shared load passes"
            and gpu == mine - of_file(kernel, "block_tile.cuh", "shared_load") + stores):
        return "The compiler loads a result from shared memory only where it will be stored."
    return None


def means_of_all(kernel: dict[str, Any]) -> int:
    """Requests of the lines in which all 32 lanes of all warps read one number."""
    loads = [line["counts"].get("global_load", {}) for line in kernel.get("lines", [])]
    return sum(each["requests"] for each in loads
               if each.get("requests") and each["bytes"] == 128 * each["requests"] and each["sectors"] == each["requests"])


def not_wanted(kernel: dict[str, Any], counter: str, gpu: int) -> str | None:
    """Before its loop over numbers a thread reads their channel's mean. The compiler does so
    behind the jump that leaves the loop out: warps for which no number is left read none.
    Seen in the machine code of these kernels; there is a mean left for at least one warp."""
    less = count_of(kernel, counter) - gpu
    if (base(kernel["kernel"]) in ("sum_neighbours", "sum_winners") and counter.startswith("global load")
            and 0 < less < means_of_all(kernel)):
        return "The compiler reads the mean only in warps that have something to add up."
    return None


def parted(kernel: dict[str, Any], counter: str, gpu: int) -> str | None:
    """Where some lanes have nothing to do, at an edge, the emulator has to guess where they
    meet the others again, and may count one request as two: more than the GPU, up to twice."""
    kind, _, _ = COUNTERS[counter]
    counts = kernel["total"].get(kind, {})
    mine = count_of(kernel, counter)
    if "conflicts" not in counter and idle(counts) and mine / 2 <= gpu < mine:
        return "Lanes part at an edge; the emulator puts them together again later than the GPU does."
    return None


# Why counts may differ: each gets a kernel, a counter, the GPU's count, and says so or not.
RULES = (waited, widened, narrowed, not_stored, not_wanted, parted)


def alone(data: dict[str, Any]) -> list[dict[str, Any]]:
    """An entry for each kernel of each exhibit, without a GPU."""
    return [{"exhibit": exhibit["name"], "kernel": kernel["kernel"],
             "counters": {name: {"microscope": count_of(kernel, name)} for name in COUNTERS if count_of(kernel, name)}
             | own_counts(exhibit, kernel)}
            for exhibit in data["exhibits"] for kernel in exhibit["kernels"]]


def own_counts(exhibit: dict[str, Any], kernel: dict[str, Any]) -> dict[str, Any]:
    """What there is no GPU's counter for."""
    total = kernel["total"]
    read = sum(total.get(kind, {}).get("bytes", 0) for kind in ("global_load", "global_atomic"))
    counts = {}
    if kernel["distinct_bytes_read"]:
        counts[OWN[0]] = {"microscope": round(read / kernel["distinct_bytes_read"], 3)}
    if exhibit["flop"] and len(exhibit["kernels"]) == 1:
        counts[OWN[1]] = {"microscope": round(exhibit["flop"] / kernel["global_traffic_bytes"], 3)}
    return counts


def idle(counts: dict[str, Any]) -> bool:
    """Whether some lanes of some requests had nothing to do."""
    return counts.get("bytes", 0) < 128 * counts.get("requests", 0)


def check(data: dict[str, Any], record: dict[str, Any]) -> list[str]:
    """What of a record is not what the microscope counts today; sentences. Where lanes part,
    another compiler may lead them other ways, and only that they are there is compared."""
    def counts(entries: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
        return {(e["exhibit"], e["kernel"]): {n: c["microscope"] for n, c in e["counters"].items() if c["microscope"]} for e in entries}
    today, then = counts(alone(data)), counts(record["kernels"])
    free = {(e["name"], k["kernel"]) for e in data["exhibits"] for k in e["kernels"] if any(map(idle, k["total"].values()))}
    wrong = [f"{exhibit}: {kernel} is not recorded" for exhibit, kernel in today.keys() - then.keys()]
    wrong += [f"{exhibit}: {kernel} is recorded, but not there" for exhibit, kernel in then.keys() - today.keys()]
    for at in (today.keys() & then.keys()) - free:
        known = set().union(*(e["counters"] for e in record["kernels"]))  # an older record may lack some kinds
        now = {n: c for n, c in today[at].items() if n in known}
        if now != then[at]:
            wrong.append(f"{at[0]}: {at[1]} was {then[at]}, and is {now}")
    return sorted(wrong)


def compare(data: dict[str, Any], launches: list[tuple[str, dict[str, int]]], explained: dict[str, str]) -> list[dict[str, Any]]:
    """An entry for each kernel of each exhibit."""
    entries = []
    at = 0
    for exhibit in data["exhibits"]:
        expected = exhibit["launches"]
        sums = sums_by_kernel(expected, launches[at:at + len(expected)], exhibit["name"])
        at += len(expected)
        for kernel in exhibit["kernels"]:
            entries.append(entry(exhibit, kernel, sums[kernel["kernel"]], explained))
    if at != len(launches):
        raise InputError(f"the GPU launched {len(launches)} kernels, the emulator {at}")
    return entries


def entry(exhibit: dict[str, Any], kernel: dict[str, Any], gpu: dict[str, int], explained: dict[str, str]) -> dict[str, Any]:
    """Both counts of each kind that either has, their ratio, and why they differ."""
    counters = {}
    reasons: list[str] = []
    open_questions = 0
    for name in COUNTERS:
        mine = count_of(kernel, name)
        if not mine and not gpu[name]:
            continue
        counters[name] = {"microscope": mine, "gpu": gpu[name], "ratio": round(mine / gpu[name], 4) if gpu[name] else None}
        if agrees(mine, gpu[name]):
            continue
        reason = next((r for r in (rule(kernel, name, gpu[name]) for rule in RULES) if r), None)
        if reason is None:
            open_questions += 1
        elif reason not in reasons:
            reasons.append(reason)
    same = not open_questions and not reasons
    result: dict[str, Any] = {"exhibit": exhibit["name"], "kernel": kernel["kernel"], "agrees": same,
                              "counters": counters | own_counts(exhibit, kernel)}
    why = explained.get(kernel["kernel"]) or explained.get(base(kernel["kernel"]))
    if open_questions and why:
        reasons.append(why)
    if reasons and (why or not open_questions):
        result["explanation"] = " ".join(reasons)
        result["reasons"] = reasons
    return result


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("microscope", nargs="?", type=Path, help="what the microscope wrote with --json")
    parser.add_argument("ncu", nargs="?", type=Path, help="what ncu wrote: --csv --page raw; none: the microscope's counts alone")
    parser.add_argument("--check", type=Path, metavar="RECORD", help="say whether the microscope's part of this record is what it counts now")
    parser.add_argument("--explained", type=Path, help="JSON: why a kernel's counts differ, by its name")
    parser.add_argument("--output", type=Path, help="for both counts, as JSON")
    parser.add_argument("--note", action="append", default=[], metavar="NAME=TEXT", help="goes on record: gpu=..., driver=...")
    parser.add_argument("--metrics", action="store_true", help="print the names that ncu has to be asked for")
    options = parser.parse_args()
    if options.metrics:
        print(",".join(metric for _, _, metric in COUNTERS.values()))
        return 0
    if options.microscope is None:
        parser.error("name the microscope's JSON, and ncu's CSV if there is one")
    try:
        explained = json.loads(options.explained.read_text(encoding="utf-8")) if options.explained else {}
        data = read_microscope(options.microscope)
        if options.check:
            return tell(options.check, check(data, json.loads(options.check.read_text(encoding="utf-8"))))
        entries = compare(data, read_ncu(options.ncu), explained) if options.ncu else alone(data)
    except (InputError, OSError, ValueError, KeyError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    record = {"schema": "loops-to-warps/counters/1", "program": data["program"],
              **dict(n.split("=", 1) for n in options.note), "kernels": entries}
    if options.output:
        options.output.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return summary(entries) if options.ncu else 0


def tell(record: Path, wrong: list[str]) -> int:
    """The outcome of --check."""
    for sentence in wrong:
        print(sentence)
    if wrong:
        print(f"{record} is not what the microscope counts today; if the kernels are right, record it again")
    return 1 if wrong else 0


def summary(entries: list[dict[str, Any]]) -> int:
    """Prints what agrees; the exit status."""
    open_questions = [e for e in entries if not e["agrees"] and "explanation" not in e]
    for e in entries:
        print(f"{'agrees' if e['agrees'] else 'differs'}  {e['exhibit']}: {e['kernel']}")
        for name, c in e["counters"].items():
            if "gpu" in c and not agrees(c["microscope"], c["gpu"]):
                print(f"         {name}: microscope {c['microscope']:,}, GPU {c['gpu']:,}")
        if "explanation" in e:
            print(f"         {e['explanation']}")
    print(f"{sum(e['agrees'] for e in entries)} of {len(entries)} agree, "
          f"{len(open_questions)} differ without an explanation")
    return 1 if open_questions else 0


if __name__ == "__main__":
    sys.exit(main())
