#!/usr/bin/env python3
"""only_adds.py SKELETON SOLUTION: does the solution only add to the skeleton?

A reader who has filled in the skeleton must be able to lay the solution beside
it: every line of the skeleton has to appear in the solution, unchanged and in
the same order. The lines that say "your code here" may go; they are what the
reader replaces.

A skeleton that says "mend this" holds a mistake, and to say where it is would be
half of the solution. There the solution may drop a few lines as well, no more
than MOST_MENDED: it repairs, and does not rewrite. Exit status 0 when that
holds, 1 when it does not.
"""

import difflib
import sys

MARKER = "// your code here"
REPAIR = "// mend this"
MOST_MENDED = 8


def first_lost_line(skeleton: str, solution: str):
    """The first line of the skeleton, as (number, text), that the solution
    has not kept, or None. Greedy matching finds an ordered subsequence
    whenever there is one."""
    remaining = iter(solution.splitlines())
    for number, line in enumerate(skeleton.splitlines(), start=1):
        if not line.strip() or MARKER in line:
            continue
        if not any(line == candidate for candidate in remaining):
            return number, line
    return None


def dropped_lines(skeleton: str, solution: str) -> int:
    """How many lines of the skeleton the solution has changed or removed."""
    old = [line for line in skeleton.splitlines()
           if line.strip() and REPAIR not in line]
    new = [line for line in solution.splitlines() if line.strip()]
    kept = sum(block.size for block in difflib.SequenceMatcher(
        None, old, new, autojunk=False).get_matching_blocks())
    return len(old) - kept


def without_markers(text: str) -> list[str]:
    return [line for line in text.splitlines()
            if MARKER not in line and REPAIR not in line]


def problem(skeleton: str, solution: str):
    """One sentence on what is wrong with the pair, or None."""
    if without_markers(skeleton) == without_markers(solution):
        return "the solution is the skeleton"
    if REPAIR in skeleton:
        dropped = dropped_lines(skeleton, solution)
        if dropped > MOST_MENDED:
            return (f"{dropped} lines of the skeleton are gone; a repair "
                    f"changes {MOST_MENDED} at most")
        return None
    if MARKER not in skeleton:
        return f'no line of the skeleton says "{MARKER}" or "{REPAIR}"'
    lost = first_lost_line(skeleton, solution)
    if lost:
        return (f"line {lost[0]} of the skeleton is not in the solution, "
                f"or not in this order: {lost[1].strip()}")
    return None


def main(skeleton_path: str, solution_path: str) -> int:
    with open(skeleton_path, encoding="utf-8") as file:
        skeleton = file.read()
    with open(solution_path, encoding="utf-8") as file:
        solution = file.read()
    found = problem(skeleton, solution)
    if found:
        print(f"{solution_path}: {found}")
        return 1
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
