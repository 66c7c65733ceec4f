"""Every halt program in one process, one after another on one worker, several times over.

    python tests/suites/all_in_one.py [TIMES] [--strict] [--only NAME ...]

Each has 50 ms.  Printed are the lateness past the deadline (median, 99th percentile, worst), the time from the
deadline to the next right answer, what was condemned, and the resident memory at the start and at the end.
Exit code 1 when a code or a next answer was wrong or a slot was condemned; with --strict also when the median is
over 1 ms or the 99th percentile over 10 ms.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from child import HONEST, MB, code_of, describe, make_enclave, resident
from programs import load_all

TIMEOUT = 0.05
MEDIAN_MS, P99_MS = 1.0, 10.0


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def silent_stdin() -> int:
    """Make standard input a pipe that nobody writes, so that a guest that reads it waits; the end to keep open."""
    r, w = os.pipe()
    os.dup2(r, 0)
    os.close(r)
    return w


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("times", type=int, nargs="?", default=1)
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--verbose", action="store_true", help="one line for each run")
    options = parser.parse_args()
    programs = [p for p in load_all("halt") if not options.only or p.name in options.only]
    silent_stdin()
    late: list[float] = []
    until_next: list[float] = []
    slow: list[tuple[float, str]] = []
    wrong = 0
    with tempfile.TemporaryDirectory() as tmp:
        os.environ["TMPDIR"] = tempfile.tempdir = tmp
        with make_enclave("halt") as enclave:
            for _ in range(3):
                enclave.run(HONEST)
            start_memory, worker = resident(), enclave.run(HONEST).stats.worker_id
            for _ in range(options.times):
                for program in programs:
                    start = time.perf_counter()
                    result = enclave.run(program.code, timeout=TIMEOUT)
                    ended = time.perf_counter()
                    after = enclave.run(HONEST)
                    served = time.perf_counter()
                    code = code_of(result)
                    if code == "TIMEOUT":
                        late.append((ended - start - TIMEOUT) * 1000)
                        until_next.append((served - start - TIMEOUT) * 1000)
                        slow.append((late[-1], program.name))
                    problems = []
                    # a program that is still on its way to what it does at 50 ms may well be timed out instead
                    if code not in program.expect | {"TIMEOUT"}:
                        problems.append(f"{code} {describe(result)}")
                    if after.value != 45:
                        problems.append(f"the next run came to {code_of(after)} {describe(after)}")
                    elif after.stats.worker_id != worker:
                        problems.append(f"worker {after.stats.worker_id} served the next run, not {worker}")
                        worker = after.stats.worker_id
                    wrong += bool(problems)
                    if problems or options.verbose:
                        print(f"{program.name}: {code} {'; '.join(problems)}", flush=True)
            condemned = enclave.stats().condemned_slots
            end_memory = resident()
    print(f"{len(programs)} programs, {options.times} times: {len(late)} timed out")
    if late:
        median, p99 = statistics.median(late), percentile(late, 0.99)
        print(f"lateness ms: median {median:.2f}, p99 {p99:.2f}, worst {max(late):.2f}")
        print(
            f"next answer ms: median {statistics.median(until_next):.2f}, p99 {percentile(until_next, 0.99):.2f}"
        )
        print("slowest: " + ", ".join(f"{name} {ms:.1f}" for ms, name in sorted(slow, reverse=True)[:8]))
        if options.strict and (median > MEDIAN_MS or p99 > P99_MS):
            wrong += 1
    print(
        f"condemned: {condemned}, wrong: {wrong}, resident MB: {start_memory / MB:.1f} -> {end_memory / MB:.1f}"
    )
    return 1 if wrong or condemned else 0


if __name__ == "__main__":
    sys.exit(main())
