#!/usr/bin/env python3
"""expect_failure.py PROGRAM: does a skeleton's test fail, and fail properly?

Properly means that GoogleTest ran to its end and reported a failed test. A
test that passes without the reader's work proves nothing, and a skeleton that
crashes or hangs tells the reader nothing. Exit status 0 when it fails
properly, 1 otherwise.
"""

import sys

from outcome import run_tests


def main(program: str) -> int:
    outcome = run_tests([program], timeout_s=60)
    if outcome.trouble:
        print(f"{program}: {outcome.trouble}")
        return 1
    failed = [test for test in outcome.tests if test.failure]
    if not failed:
        print(f"{program}: all {len(outcome.tests)} tests pass, "
              "although nothing has been filled in")
        return 1
    print(f"{len(failed)} of {len(outcome.tests)} tests fail, as they should")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
