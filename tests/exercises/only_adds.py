#!/usr/bin/env python3
"""only_adds.py SKELETON SOLUTION: does the solution only add to the skeleton?

A reader who has filled in the skeleton must be able to lay the solution beside
it: every line of the skeleton has to appear in the solution, unchanged and in
the same order. The lines that say "your code here" may go; they are what the
reader replaces. Exit status 0 when that holds, 1 when it does not.
"""

import sys

MARKER = "// your code here"


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


def problem(skeleton: str, solution: str):
    """One sentence on what is wrong with the pair, or None."""
    if MARKER not in skeleton:
        return f'no line of the skeleton says "{MARKER}"'
    if skeleton == solution:
        return "the solution is the skeleton"
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
